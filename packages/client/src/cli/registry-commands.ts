import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import type { GimbalClient } from '../gimbal-client.js';
import type { Act } from './command-io.js';
import { NotFoundError } from './exit-code.js';
import { type ListOptions, readList, withPaging } from './read-list.js';
import { readNumber } from './read-number.js';

/** Adds the commands about models, their versions, aliases and what is live. */
export function addRegistryCommands(program: Command, act: Act): void {
  addModelCommands(program, act);
  addMoveCommands(program, act);
  addAliasCommands(program, act);
}

function addModelCommands(program: Command, act: Act): void {
  const columns = ['name', 'liveVersion', 'latestVersion', 'aliases', 'createdAt'];
  const models = withPaging(program.command('models'))
    .description('models, newest first')
    .option('--text <text>', 'in the name or the description')
    .option('--tag <tag>', 'key or key=value')
    .action(
      act(
        'viewer',
        (client, { limit, all, ...query }: ListOptions & { text?: string; tag?: string }) =>
          readList(client, 'listModels', { query }, { limit, all }),
        { columns },
      ),
    );
  models
    .command('show <model>')
    .description('one model')
    .action(act('viewer', (client, model: string) => client.call('getModel', { params: { model } })));
  models
    .command('statistics')
    .description('how many models and versions there are, and what they take')
    .action(act('viewer', (client) => client.call('registryStatistics', {})));
}

interface PromoteOptions {
  readonly stage: 'staging' | 'production' | 'archived';
  readonly reason: string;
  readonly expect?: string;
  readonly force?: true;
}

/** What is live is looked up when it is not named: who names it is told when somebody else was faster. */
async function readLive(client: GimbalClient, model: string, expected: string | undefined): Promise<number | null> {
  if (expected === 'none') return null;
  if (expected !== undefined) return readNumber('--expect', expected);
  return (await client.call('getModel', { params: { model } })).liveVersion;
}

function addMoveCommands(program: Command, act: Act): void {
  program
    .command('promote <model> <version>')
    .description('move a version to a stage; production makes it live when the gate admits it')
    .requiredOption('--reason <text>')
    .option('--stage <stage>', 'staging, production or archived', 'production')
    .option('--expect <version>', 'what is believed to be live now, or none (default: what is)')
    .option('--force', 'past the gate; needs the admin role')
    .action(
      act('operator', async (client, model: string, version: string, options: PromoteOptions) => {
        const { stage, reason, expect, force = false } = options;
        const params = { model, version: readNumber('version', version) };
        const expected = await readLive(client, model, expect);
        const body = { stage, reason, force, expected_live_version: expected, decision_id: randomUUID() };
        return await client.call('promoteVersion', { params, body });
      }),
    );
  program
    .command('rollback <model>')
    .description('back to the version that was live before')
    .requiredOption('--reason <text>')
    .option('--to <version>', 'another one that was live once')
    .option('--expect <version>', 'what is believed to be live now (default: what is)')
    .action(
      act(
        'operator',
        async (client, model: string, { reason, to, expect }: { reason: string; to?: string; expect?: string }) => {
          const live = await readLive(client, model, expect);
          if (live === null) throw new NotFoundError(`${model} has no live version: there is nothing to go back from`);
          const body = {
            ...{ reason, decision_id: randomUUID(), expected_live_version: live },
            ...(to !== undefined && { to_version: readNumber('--to', to) }),
          };
          return await client.call('rollbackModel', { params: { model }, body });
        },
      ),
    );
}

function addAliasCommands(program: Command, act: Act): void {
  const aliases = program.command('aliases').description('names of versions, such as champion');
  aliases
    .command('list <model>')
    .description('aliases of a model, and where they point')
    .action(
      act('viewer', async (client, model: string) => {
        const { aliases: all } = await client.call('getModel', { params: { model } });
        return Object.entries(all).map(([alias, version]) => ({ alias, version }));
      }),
    );
  aliases
    .command('show <model> <alias>')
    .description('where an alias points, or pointed')
    .option('--at <time>', 'ISO 8601, such as 2026-11-22T08:00:00Z')
    .action(
      act('viewer', (client, model: string, alias: string, query: { at?: string }) =>
        client.call('getAlias', { params: { model, alias }, query }),
      ),
    );
  aliases
    .command('set <model> <alias> <version>')
    .description('point an alias at a version (`live` moves only by promote and rollback)')
    .requiredOption('--reason <text>')
    .action(
      act('operator', (client, model: string, alias: string, version: string, { reason }: { reason: string }) => {
        const body = { version: readNumber('version', version), reason };
        return client.call('putAlias', { params: { model, alias }, body });
      }),
    );
  withPaging(aliases.command('history <model> <alias>'))
    .description('who moved an alias, when and why')
    .action(
      act(
        'viewer',
        (client, model: string, alias: string, options: ListOptions) =>
          readList(client, 'aliasHistory', { params: { model, alias } }, options),
        { columns: ['at', 'fromVersion', 'toVersion', 'actor', 'reason'] },
      ),
    );
}
