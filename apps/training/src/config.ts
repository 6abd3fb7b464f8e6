import { availableParallelism } from 'node:os';
import { BATCH_CALL_ROWS_MAX } from '@gimbal/contracts';
import {
  breakerConfig,
  type ConfigOf,
  configGroup,
  databaseConfig,
  defineConfig,
  integerText,
  queueConfig,
  setting,
  urlText,
} from '@gimbal/platform';
import { z } from 'zod';

const folderText = z.string().min(1).max(4_096);

const servicesConfig = configGroup('Services', {
  registryUrl: setting('REGISTRY_URL', urlText('http:', 'https:'), {
    description: 'Registry: experiments, artifacts and versions are recorded there.',
  }),
  servingUrl: setting('SERVING_URL', urlText('http:', 'https:'), {
    description: 'Serving: it answers the rows of batch predictions.',
  }),
});

const dataConfig = configGroup('Data', {
  datasetsDir: setting('DATASETS_DIR', folderText, {
    description: 'Folder with the dataset definitions (`*.json`); all are checked at start.',
  }),
  cacheDir: setting('DATA_CACHE_DIR', folderText, {
    description: 'Folder in which resolved datasets are kept, with a manifest that says where they came from.',
  }),
  dataDir: setting('GIMBAL_DATA_DIR', folderText.optional(), {
    description:
      'Folder with the files that the definitions name. Unset: they are downloaded, and without network replaced by a synthetic stand-in.',
  }),
  tableMemoryMib: setting('TRAINING_TABLE_MEMORY', integerText(1, 1_048_576).default(1_024), {
    description:
      'Most memory for the values of an uploaded table, four bytes each. Those of a larger table stay on the disk, in DATA_CACHE_DIR; boosting learns from there, other families refuse.',
    unit: 'MiB',
  }),
});

/** One core stays free for those who answer requests; more workers than units of work would only idle. */
const WORKERS_DEFAULT = Math.max(1, Math.min(16, availableParallelism() - 1));

const trainingConfig = configGroup('Training', {
  modelConfig: setting('MODEL_CONFIG', folderText, {
    description: 'YAML file that says what is trained when a request does not: model, data, families, hyperparameters.',
  }),
  workers: setting('TRAINING_WORKERS', integerText(1, 256).default(WORKERS_DEFAULT), {
    description:
      'Worker threads that learn, and help each other with the last training of a large table. Default: all cores but one, at most 16.',
  }),
  runsMax: setting('TRAINING_RUNS_MAX', integerText(1, 32).default(2), {
    description: 'Training runs that this process works on at once; they share the worker threads.',
  }),
  leaseMs: setting('TRAINING_LEASE', integerText(1_000, 600_000).default(15_000), {
    description:
      'Time without a sign of life after which another process takes a run over. Doubled with each attempt of the run.',
    unit: 'ms',
  }),
  recoverMs: setting('TRAINING_RECOVERY_INTERVAL', integerText(100, 600_000).default(5_000), {
    description: 'How often a process looks for runs that a killed one left behind.',
    unit: 'ms',
  }),
  attemptsMax: setting('TRAINING_ATTEMPTS_MAX', integerText(1, 50).default(7), {
    description: 'Attempts after which a run that keeps dying has failed.',
  }),
  labelledRowsMax: setting('TRAINING_LABELLED_ROWS_MAX', integerText(1, 10_000_000).default(200_000), {
    description: 'Most labelled predictions that join a training; the latest are taken.',
    unit: 'rows',
  }),
  watchersMax: setting('TRAINING_WATCHERS_MAX', integerText(1, 10_000).default(100), {
    description: 'Open event streams at once; one more is refused.',
  }),
});

const batchPredictionsConfig = configGroup('Batch predictions', {
  folder: setting('BATCH_PREDICTION_DIR', folderText, {
    description: 'Folder of the files to be predicted and of the results; processes that share the work share it.',
  }),
  maxBytes: setting('BATCH_PREDICTION_MAX_BYTES', integerText(1_024, 1_099_511_627_776).default(2_147_483_648), {
    description: 'Largest file whose rows are predicted.',
    unit: 'bytes',
  }),
  maxRows: setting('BATCH_PREDICTION_MAX_ROWS', integerText(1, 2_147_483_647).default(10_000_000), {
    description: 'Most rows of such a file.',
    unit: 'rows',
  }),
  perKeyMax: setting('BATCH_PREDICTIONS_PER_KEY', integerText(1, 10_000).default(4), {
    description: 'Batch predictions of one key that wait or are under way; one more is answered 429.',
  }),
  atOnceMax: setting('BATCH_PREDICTIONS_AT_ONCE', integerText(1, 64).default(2), {
    description: 'Batch predictions that this process works on at once; the others wait.',
  }),
  callRows: setting('BATCH_PREDICTION_CALL_ROWS', integerText(1, BATCH_CALL_ROWS_MAX).default(100), {
    description:
      'Rows that serving is asked about at once. Few keep the wait of an online request short that comes behind them.',
    unit: 'rows',
  }),
  callsMax: setting('BATCH_PREDICTION_CALLS', integerText(1, 64).default(2), {
    description: 'Calls to serving of one batch prediction that are under way at once.',
    unit: 'calls',
  }),
  rowsPerSecond: setting('BATCH_PREDICTION_RATE', integerText(1, 10_000_000).default(20_000), {
    description: 'Most rows that this process sends to serving in a second, all batch predictions together.',
    unit: 'rows/s',
  }),
  retentionDays: setting('BATCH_PREDICTION_RETENTION', integerText(1, 3_650).default(7), {
    description: 'Time after its end for which a batch prediction and its result are kept.',
    unit: 'days',
  }),
});

export const trainingServiceConfig = defineConfig({
  database: databaseConfig,
  queue: queueConfig,
  breaker: breakerConfig,
  services: servicesConfig,
  data: dataConfig,
  training: trainingConfig,
  batchPredictions: batchPredictionsConfig,
});
export type TrainingConfig = ConfigOf<typeof trainingServiceConfig>;
