import { availableParallelism } from 'node:os';
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

export const trainingServiceConfig = defineConfig({
  database: databaseConfig,
  queue: queueConfig,
  breaker: breakerConfig,
  services: servicesConfig,
  data: dataConfig,
  training: trainingConfig,
});
export type TrainingConfig = ConfigOf<typeof trainingServiceConfig>;
