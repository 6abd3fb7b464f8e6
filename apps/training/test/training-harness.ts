import { type ChildProcess, fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PrismaClient } from '@gimbal/db';
import { generateCohort } from '@gimbal/domain';
import { ACTOR_HEADER, encodeActor } from '@gimbal/platform';
import { eventually, startTestDatabase, type TestDatabase } from '@gimbal/testing';

const ROOT = join(import.meta.dirname, '../../..');
const sha256 = (content: string): string => createHash('sha256').update(content).digest('hex');
const CALLERS = ['gateway', 'agent', 'training', 'serving', 'monitoring'] as const;
const keyOf = (caller: string): string => `test-key-of-${caller}`;
const START_MS = 120_000;

interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers freely; what matters is asserted
  readonly body: any;
}

interface Call {
  readonly method?: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A service as a process of its own, from its build. */
export interface RunningService {
  readonly process: ChildProcess;
  readonly url: string;
  call(call: Call): Promise<Answer>;
  /** Ends it as the machine would: without a word. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

/** Training and the real registry on one database, with a dataset of their own. */
export interface TrainingHarness {
  readonly database: TestDatabase;
  /** As the superuser, for looking. */
  readonly rows: PrismaClient;
  readonly registry: RunningService;
  readonly dataFolder: string;
  readonly cacheFolder: string;
  /** The registry again, at its address, after it was killed or stopped. */
  restartRegistry(): Promise<RunningService>;
  startTraining(env?: Readonly<Record<string, string>>): Promise<RunningService>;
  dispose(): Promise<void>;
}

const writeModelConfig = (trees: number): string => `
model: heart-disease
dataset: heart-disease
parts: [cleveland]
seed: 20
test_size: 0.3
folds: 5
experiment: heart-disease
algorithms:
  logistic-regression: {}
  random-forest: { n_estimators: ${trees}, min_samples_leaf: 3 }
  xgboost: { n_estimators: 40, max_depth: 3, learning_rate: 0.1 }
  lightgbm: { n_estimators: 40, num_leaves: 8, learning_rate: 0.1 }
`;

/** How the harness differs from an everyday one. */
interface HarnessOptions {
  /** Of the forest; many make a training long. Default 60. */
  readonly trees?: number;
  /** `none`: the definition's addresses refuse every connection. */
  readonly network?: 'none';
  /** Further environment of the registry. */
  readonly registryEnv?: Readonly<Record<string, string>>;
}

export async function startHarness({
  trees = 60,
  network,
  registryEnv,
}: HarnessOptions = {}): Promise<TrainingHarness> {
  const place = await mkdtemp(join(tmpdir(), 'training-test-'));
  const database = await startTestDatabase();
  const dataFolder = join(place, 'data');
  const cacheFolder = join(place, 'cache');
  const modelConfig = join(place, 'model_config.yml');
  await writeData(place, dataFolder, network);
  await writeFile(modelConfig, writeModelConfig(trees));
  const running: RunningService[] = [];
  const start = async (name: 'registry' | 'training', env: Readonly<Record<string, string>>) => {
    const service = await startProcess(name, { DATABASE_URL: database.url(name), ...env });
    running.push(service);
    return service;
  };
  const artifacts = { ARTIFACT_DIR: join(place, 'artifacts') };
  const registry = await start('registry', { ...artifacts, ...registryEnv });
  return {
    database,
    rows: database.client(),
    registry,
    dataFolder,
    cacheFolder,
    restartRegistry: () => start('registry', { ...artifacts, PORT: new URL(registry.url).port }),
    startTraining: (env = {}) =>
      start('training', {
        REGISTRY_URL: registry.url,
        DATASETS_DIR: join(place, 'datasets'),
        DATA_CACHE_DIR: cacheFolder,
        SERVING_URL: 'http://127.0.0.1:1',
        BATCH_PREDICTION_DIR: join(place, 'batch-predictions'),
        GIMBAL_DATA_DIR: dataFolder,
        MODEL_CONFIG: modelConfig,
        TRAINING_RECOVERY_INTERVAL: '200',
        ...env,
      }),
    dispose: async () => {
      await Promise.all(running.map((service) => service.stop()));
      await database.dispose();
      await rm(place, { recursive: true, force: true });
    },
  };
}

/** The heart-disease definition over made-up patients, whose hashes it names. */
async function writeData(place: string, dataFolder: string, network: 'none' | undefined): Promise<void> {
  await Promise.all([mkdir(dataFolder), mkdir(join(place, 'datasets'))]);
  const definition = JSON.parse(await readFile(join(ROOT, 'examples/datasets/heart-disease.json'), 'utf8'));
  const names: string[] = definition.columns.map((column: { name: string }) => column.name);
  for (const part of definition.parts) {
    const patients = generateCohort({ hospital: part.name, rows: part.rows, seed: 21 });
    const lines = patients.map((patient) => names.map((name) => patient[name] ?? '?').join(','));
    const content = `${[names.join(','), ...lines].join('\n')}\n`;
    part.file_sha256 = sha256(content);
    if (network === 'none') part.url = 'http://127.0.0.1:9/';
    await writeFile(join(dataFolder, part.file), content);
  }
  await writeFile(join(place, 'datasets/heart-disease.json'), JSON.stringify(definition));
}

async function startProcess(name: string, env: Readonly<Record<string, string>>): Promise<RunningService> {
  const child = fork(join(ROOT, 'apps', name, 'dist/main.js'), {
    env: {
      PATH: process.env['PATH'] ?? '',
      NODE_ENV: 'production',
      LOG_LEVEL: process.env['TEST_LOG_LEVEL'] ?? 'error',
      HOST: '127.0.0.1',
      PORT: '0',
      GIMBAL_SUPERVISED: '1',
      GIMBAL_SERVICE_KEY: keyOf(name),
      GIMBAL_TRUSTED_CALLERS: CALLERS.map((caller) => `${caller}:${sha256(keyOf(caller))}`).join(','),
      ...env,
    },
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${name} did not start in time`)), START_MS);
    child.once('exit', (code) => reject(new Error(`${name} ended with ${code}`)));
    child.on('message', (message: { type?: string; url?: string }) => {
      if (message.type !== 'ready' || !message.url) return;
      clearTimeout(timer);
      resolve(message.url);
    });
  });
  const end = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await ended;
  };
  return {
    process: child,
    url,
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
    call: async ({ method = 'GET', path, body, headers }) => {
      const actor = { id: 'key-1', name: 'grace', roles: ['operator'] };
      const answer = await fetch(url + path, {
        method,
        headers: {
          authorization: `Bearer ${keyOf('gateway')}`,
          [ACTOR_HEADER]: encodeActor(actor),
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const isJson = answer.headers.get('content-type')?.includes('json') ?? false;
      return { status: answer.status, body: isJson ? await answer.json() : await answer.text() };
    },
  };
}

const OVER = ['succeeded', 'failed', 'cancelled'];

/** Asks for a training; answers its id. */
export async function requestRun(
  training: RunningService,
  body: object = {},
  headers: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { status, body: answer } = await training.call({ method: 'POST', path: '/retrain', body, headers });
  if (status !== 202) throw new Error(`POST /retrain answered ${status}: ${JSON.stringify(answer)}`);
  return answer.training_run_id;
}

/** The run once it has ended. */
export function endedRun(training: RunningService, id: string, timeoutMs = 240_000) {
  return eventually(
    async () => {
      const { body } = await training.call({ path: `/api/v1/training-runs/${id}` });
      if (!OVER.includes(body.state)) throw new Error(`The run is ${body.state}: ${body.stage} ${body.progress}`);
      return body;
    },
    { timeoutMs, intervalMs: 50 },
  );
}
