import type { Command } from 'commander';
import type { CallInput } from '../gimbal-client.js';
import type { Act } from './command-io.js';
import { type ListOptions, readList, withPaging } from './read-list.js';

const COMMENT = '--comment <text>';

/** Adds the commands about what the agent saw, proposes and did. */
export function addAgentCommands(program: Command, act: Act): void {
  withPaging(program.command('incidents'))
    .description('what the agent saw and concluded')
    .action(
      act('viewer', (client, options: ListOptions) => readList(client, 'listIncidents', {}, options), {
        columns: ['id', 'modelName', 'state', 'conclusion', 'createdAt'],
      }),
    );
  type Query = NonNullable<CallInput<'listActions'>['query']>;
  const columns = ['id', 'actionType', 'modelName', 'state', 'riskLevel', 'reason', 'createdAt'];
  const actions = withPaging(program.command('actions'))
    .description('what the agent proposed and did')
    .option('--state <state>', 'such as proposed')
    .option('--model <name>')
    .action(
      act(
        'viewer',
        (client, { limit, all, ...query }: ListOptions & Omit<Query, 'limit'>) =>
          readList(client, 'listActions', { query }, { limit, all }),
        { columns },
      ),
    );
  const show = (client: Parameters<Parameters<typeof act>[1]>[0], id: string) =>
    client.call('getAction', { params: { id } });
  actions.command('show <action>').description('one action with its evidence').action(act('viewer', show));
  for (const [parent, words] of [
    [actions, 'a proposal'],
    [program, 'a proposal (the same as `actions ...`)'],
  ] as const) {
    parent
      .command('approve <action>')
      .description(`approve ${words}`)
      .requiredOption(COMMENT)
      .action(
        act('approver', (client, id: string, body: { comment: string }) =>
          client.call('approveAction', { params: { id }, body }),
        ),
      );
    parent
      .command('reject <action>')
      .description(`reject ${words}`)
      .requiredOption(COMMENT)
      .action(
        act('approver', (client, id: string, body: { comment: string }) =>
          client.call('rejectAction', { params: { id }, body }),
        ),
      );
  }
}
