import { readFileSync } from 'node:fs';
import { stderr } from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from 'commander';
import { parse } from 'yaml';
import type { CallInput, GimbalClient } from '../gimbal-client.js';
import type { Act } from './command-io.js';
import { describeRun } from './describe-run.js';

interface TrainOptions {
  readonly model?: string;
  readonly dataset?: string;
  readonly datasetVersion?: string;
  readonly algorithms?: string;
  readonly testSize?: string;
  readonly seed?: string;
  readonly search?: string;
  readonly reason?: string;
  readonly wait?: true;
}

type Body = NonNullable<CallInput<'retrain'>['body']>;

const POLL_MS = 1_000;

/** JSON is YAML, too. */
const readSearch = (file: string) =>
  parse(readFileSync(file === '-' ? 0 : file, 'utf8')) as NonNullable<Body['search']>; // training checks it

function bodyOf(options: TrainOptions): Body {
  const { algorithms, seed, datasetVersion, search, testSize, wait: _, ...rest } = options;
  return {
    ...rest,
    ...(algorithms ? { algorithms: algorithms.split(',') } : {}),
    ...(seed ? { seed: Number(seed) } : {}),
    ...(search ? { search: readSearch(search) } : {}),
    ...(testSize ? { test_size: Number(testSize) } : {}),
    ...(datasetVersion ? { dataset_version: Number(datasetVersion) } : {}),
  };
}

/** Shows on a terminal how far a run is until it is over. @throws Error when it failed or was cancelled */
async function waitFor(client: GimbalClient, id: string): Promise<unknown> {
  for (let told = ''; ; await pause(POLL_MS)) {
    const run = await client.call('getTrainingRun', { params: { id } });
    const line = describeRun(run);
    if (stderr.isTTY && line !== told) stderr.write(`\r\u001b[K${line}`);
    told = line;
    if (run.state === 'queued' || run.state === 'running') continue;
    if (stderr.isTTY) stderr.write('\r\u001b[K');
    for (const { code, column, message } of run.warnings)
      stderr.write(`warning ${code}${column === null ? '' : ` (${column})`}: ${message}\n`);
    if (run.state === 'succeeded') return run;
    throw new Error(`the training ${run.state}: ${run.error?.code ?? ''} ${run.error?.message ?? ''}`.trim());
  }
}

export function addTrainCommand(program: Command, act: Act): void {
  program
    .command('train')
    .description('train a model now')
    .option('--model <name>', 'default: the configured one, or the name of the uploaded dataset')
    .option('--dataset <name>', 'a definition, or a dataset that was uploaded')
    .option('--dataset-version <number>', 'of an uploaded dataset (default: the latest)')
    .option('--algorithms <names>', 'comma-separated')
    .option('--test-size <share>', 'share of rows held out, 0.1 to 0.5')
    .option('--seed <number>')
    .option('--search <file>', 'YAML or JSON of the section `search` of model_config.yml; - is standard input')
    .option('--reason <text>')
    .option('--wait', 'until the run is over; prints the run, and fails when it failed')
    .action(
      act('operator', async (client, options: TrainOptions) => {
        const accepted = await client.call('retrain', { body: bodyOf(options) });
        return options.wait ? await waitFor(client, accepted.trainingRunId) : accepted;
      }),
    );
}
