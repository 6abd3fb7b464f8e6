import type { RouteName } from '@gimbal/contracts';
import { type Command, Option } from 'commander';
import type { CallInput, CallOutput, GimbalClient } from '../gimbal-client.js';
import { readNumber } from './read-number.js';

/** Most items of one answer. */
const PAGE_MAX = 1_000;
/** They are held in memory and printed together. */
const ALL_MAX = 100_000;

/** How much of a list is wanted; without either the first page, as long as the gateway makes it. */
export interface ListOptions {
  readonly limit?: string | undefined;
  readonly all?: true | undefined;
}

type ListRoute = {
  [N in RouteName]: CallOutput<N> extends { items: unknown[]; nextCursor: string | null } ? N : never;
}[RouteName];

/** Adds `--limit` and `--all` to a command that lists. Those of a list below another one are read by the upper one, and handed down. */
export const withPaging = (command: Command): Command =>
  command
    .option('--limit <number>', 'how many (default 50)')
    .addOption(new Option('--all', `all of them, at most ${ALL_MAX}`).conflicts('limit'))
    .hook('preSubcommand', (above, below) => {
      const { limit, all } = above.opts<ListOptions>();
      below.setOptionValue('limit', limit).setOptionValue('all', all);
    });

/** What every list answers. */
interface Page {
  readonly items: readonly unknown[];
  readonly nextCursor: string | null;
}

/** A list as far as it is wanted, page by page; `nextCursor` is null when there is no more. */
export async function readList<N extends ListRoute>(
  client: GimbalClient,
  name: N,
  input: CallInput<N>,
  { limit, all }: ListOptions,
): Promise<Page> {
  const ask = async (paging: object): Promise<Page> => {
    const asked = { ...input, query: { ...input.query, ...paging } } as CallInput<N>; // every list takes limit and cursor
    return (await client.call(name, asked)) as unknown as Page; // as its route says
  };
  if (limit === undefined && !all) return await ask({});
  const wanted = limit === undefined ? ALL_MAX : readNumber('--limit', limit);
  const items: unknown[] = [];
  let nextCursor: string | null = null;
  do {
    const cursor = nextCursor === null ? {} : { cursor: nextCursor };
    const page = await ask({ limit: Math.min(PAGE_MAX, wanted - items.length), ...cursor });
    items.push(...page.items);
    nextCursor = page.nextCursor;
  } while (nextCursor !== null && items.length < wanted);
  return { items, nextCursor };
}
