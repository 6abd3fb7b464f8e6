import { createWriteStream } from 'node:fs';
import { stderr } from 'node:process';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { BatchPrediction } from '@gimbal/contracts';
import type { Command } from 'commander';
import type { GimbalClient } from '../gimbal-client.js';
import type { Act } from './command-io.js';
import { UsageError } from './exit-code.js';
import { fileForm } from './file-form.js';
import { type ListOptions, readList, withPaging } from './read-list.js';

interface BatchOptions {
  readonly dataset?: string;
  readonly version?: string;
  readonly include?: string;
  readonly format?: 'csv' | 'ndjson';
  readonly out?: string;
  readonly wait?: true;
}

const POLL_MS = 1_000;

/** Adds `gimbal batch-predict` and the commands that look after it. */
export function addBatchCommands(program: Command, act: Act): void {
  program
    .command('batch-predict <model> [file]')
    .description('predict every row of a CSV or Parquet file, or of a dataset')
    .option('--dataset <name>', 'instead of a file: name or name@version')
    .option('--version <number>', 'default: the live one when the work begins')
    .option('--include <columns>', 'comma-separated columns that are passed on into the result')
    .option('--format <name>', 'of the result: csv (default) or ndjson')
    .option('--wait', 'until it is over; fails when it failed')
    .option('--out <file>', 'wait, and write the result there')
    .action(
      act('predictor', async (client, model: string, file: string | undefined, options: BatchOptions) => {
        const accepted = await begin(client, model, file, options);
        if (!options.wait && options.out === undefined) return accepted;
        const batch = await waitFor(client, accepted.batchPredictionId);
        if (options.out !== undefined) await save(client, batch.id, options.out);
        return batch;
      }),
    );
  withPaging(program.command('batches'))
    .description('batch predictions, newest first')
    .action(act('predictor', (client, options: ListOptions) => readList(client, 'listBatchPredictions', {}, options)));
  program
    .command('batch <id>')
    .description('one batch prediction')
    .option('--out <file>', 'write its result there')
    .action(
      act('predictor', async (client, id: string, { out }: { out?: string }) => {
        if (out !== undefined) await save(client, id, out);
        return await client.call('getBatchPrediction', { params: { id } });
      }),
    );
  program
    .command('batch-cancel <id>')
    .description('stop a batch prediction')
    .action(act('predictor', (client, id: string) => client.call('cancelBatchPrediction', { params: { id } })));
  program
    .command('batch-delete <id>')
    .description('remove a batch prediction that is over, with its result')
    .action(act('predictor', (client, id: string) => client.call('deleteBatchPrediction', { params: { id } })));
}

async function begin(client: GimbalClient, model: string, file: string | undefined, options: BatchOptions) {
  const { dataset, version, include, format } = options;
  const asked = {
    model,
    ...(version !== undefined && { version: Number(version) }),
    ...(include !== undefined && { include: include.split(',') }),
    ...(format !== undefined && { format }),
  };
  if (dataset !== undefined && file === undefined)
    return await client.call('createBatchPrediction', { body: { ...asked, dataset } });
  if (file === undefined || dataset !== undefined) throw new UsageError('give a file or --dataset');
  return await client.upload('createBatchPrediction', {}, await fileForm(asked, file));
}

/** Shows on a terminal how far it is until it is over. @throws Error when it failed or was cancelled */
async function waitFor(client: GimbalClient, id: string): Promise<BatchPrediction> {
  for (; ; await pause(POLL_MS)) {
    const batch = await client.call('getBatchPrediction', { params: { id } });
    if (batch.state !== 'queued' && batch.state !== 'running') {
      if (stderr.isTTY) stderr.write('\r\u001b[K');
      if (batch.state === 'succeeded') return batch;
      throw new Error(
        `the batch prediction ${batch.state}: ${batch.error?.code ?? ''} ${batch.error?.message ?? ''}`.trim(),
      );
    }
    if (stderr.isTTY) stderr.write(`\r\u001b[K${describe(batch)}`);
  }
}

const describe = ({ state, progress, rowsDone, rowsTotal, waitingFor }: BatchPrediction): string =>
  `${state} ${Math.round(progress * 100)} %, ${rowsDone} of ${rowsTotal ?? '?'} rows${waitingFor === null ? '' : `, waits for ${waitingFor}`}`;

async function save(client: GimbalClient, id: string, file: string): Promise<void> {
  const content = await client.download('getBatchPredictionResult', { id });
  await pipeline(Readable.fromWeb(content), createWriteStream(file));
}
