import type { Command } from 'commander';
import type { CallOutput, GimbalClient } from '../gimbal-client.js';
import type { Act } from './command-io.js';
import { type ListOptions, readList, withPaging } from './read-list.js';

type Part = CallOutput<'reconcileMlflow'>;

/** Adds `gimbal mlflow ...`, about the outside MLflow server that is told what is written here. */
export function addMlflowCommands(program: Command, act: Act): void {
  const mlflow = program.command('mlflow').description('the MLflow server that is told what is written here');
  mlflow
    .command('health')
    .description('whether it answers, and what waits')
    .action(act('viewer', (client) => client.call('getMlflowHealth', {})));
  mlflow
    .command('reconcile')
    .description('compare both sides, all of them, and list what is missing or differs there')
    .option('--repair', 'tell again what is missing or differs there')
    .action(
      act('operator', (client, { repair = false }: { repair?: boolean }) => reconcile(client, repair), {
        columns: ['finding', 'kind', 'name', 'detail'],
      }),
    );
  withPaging(mlflow.command('refusals'))
    .description('what it is not told of, because it refused it or somebody else owns it there')
    .action(
      act('viewer', (client, options: ListOptions) => readList(client, 'listMlflowRefusals', {}, options), {
        columns: ['kind', 'name', 'state', 'reason', 'id'],
      }),
    );
  mlflow
    .command('retry [id]')
    .description('try again to tell what was refused, one thing or all')
    .action(
      act('operator', (client, id?: string) =>
        client.call('retryMlflow', { body: { ...(id !== undefined && { id }) } }),
      ),
    );
}

const FINDINGS = ['missing', 'differing', 'unknown', 'conflicts'] as const satisfies readonly (keyof Part)[];

/** Every part of the comparison, one after the other. */
async function reconcile(client: GimbalClient, repair: boolean): Promise<readonly object[]> {
  const found: object[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const part: Part = await client.call('reconcileMlflow', {
      body: { repair, ...(cursor !== undefined && { cursor }) },
    });
    for (const finding of FINDINGS) found.push(...part[finding].map((item) => ({ finding, ...item })));
    cursor = part.nextCursor;
  }
  return found;
}
