import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createDatabaseClient, createDatabaseIfMissing } from '@gimbal/db';
import { findFreePort, startEmbeddedPostgres } from '@gimbal/db/embedded';
import { makeHome, removeHome, startInstallation } from '../installation.js';
import { findPython } from '../python.js';
import type { Measurement } from '../result.js';
import { artifacts } from './artifacts.js';
import { asContender, type MlflowPlace, startMlflow } from './contenders.js';
import { CONNECTIONS } from './load.js';
import { searchRuns } from './searches.js';
import type { MeasureRegistry, RegistrySetting } from './setting.js';
import { createRun, logBatch, logMetric, registerVersion } from './writes.js';

const MEASUREMENTS: Readonly<Record<string, MeasureRegistry>> = {
  'create-run': createRun,
  'log-metric': logMetric,
  'log-batch': logBatch,
  'register-version': registerVersion,
  search: searchRuns,
  artifacts,
};

/** The load of one key here is that of a whole team. */
const ENVIRONMENT = { RATE_LIMIT_TRACKING_REQUESTS: '10000000' };

const ROUNDS = 3;
const SECONDS = { full: 10, quick: 1 } as const;

const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** @throws Error for a name that there is not */
function chooseMeasurements(only: string | undefined): readonly [string, MeasureRegistry][] {
  const all = Object.entries(MEASUREMENTS);
  if (only === undefined) return all;
  const names = only.split(',');
  const unknown = names.find((name) => !Object.hasOwn(MEASUREMENTS, name));
  if (unknown !== undefined) {
    throw new Error(`No measurement "${unknown}": one of ${Object.keys(MEASUREMENTS).join(', ')}.`);
  }
  return all.filter(([name]) => names.includes(name));
}

/**
 * The registry, as MLflow's clients call it, beside MLflow's own server: both on one PostgreSQL, each with a database of its own, by turns.
 *
 * `--only search,artifacts` measures these alone; `--rounds 5` asks for more rounds than three; `--quick` shows in a minute that everything works.
 *
 * @param args what follows the benchmark's name on the command line
 * @param results folder of results and of the reference's environment
 * @param report given the lines of each measurement when it ends
 */
export async function benchRegistry(
  args: readonly string[],
  results: string,
  report: (measurements: readonly Measurement[]) => Promise<void>,
): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      rounds: { type: 'string', default: String(ROUNDS) },
      quick: { type: 'boolean', default: false },
    },
  });
  const measurements = chooseMeasurements(values.only);
  const python = await findPython(results, 'mlflow', say);
  const size = values.quick ? 'quick' : 'full';
  const rounds = values.quick ? 1 : Math.max(ROUNDS, Number(values.rounds));
  await withServers(python, async (servers) => {
    for (const [name, measure] of measurements) {
      const begun = performance.now();
      const found = await measure({ ...servers, rounds, seconds: SECONDS[size], size, say });
      // What is promised is promised of real sizes.
      await report(values.quick ? found.map((one) => ({ ...one, goal: null, holds: null })) : found);
      say(`${name}: ${((performance.now() - begun) / 1000).toFixed(0)} s`);
    }
  });
}

type Servers = Pick<RegistrySetting, 'ours' | 'reference' | 'startReferenceWithJobs' | 'tables' | 'folder'>;

/** Starts an installation and, on its PostgreSQL, MLflow; ends both whatever happens. */
async function withServers(python: string | null, work: (servers: Servers) => Promise<void>): Promise<void> {
  const home = await makeHome();
  const folder = await mkdtemp(join(tmpdir(), 'gimbal-bench-registry-'));
  const installation = await startInstallation(home, ENVIRONMENT);
  const ends: (() => Promise<unknown>)[] = [
    () => installation.stop(),
    () => removeHome(home),
    () => rm(folder, { recursive: true, force: true }),
  ];
  try {
    const postgres = await startEmbeddedPostgres({ directory: join(home, 'postgres') }); // the one that runs already
    const database = postgres.connectionString('mlflow_bench');
    await createDatabaseIfMissing(database);
    ends.push(() => rm(postgres.dataDirectory, { recursive: true, force: true })); // not always below the home
    const tablesOf = (connectionString: string) => {
      const client = createDatabaseClient({ connectionString, poolMax: 1, statementTimeoutMs: 0 });
      ends.unshift(() => client.$disconnect());
      return client;
    };
    const tables = { ours: tablesOf(postgres.connectionString('gimbal')), reference: tablesOf(database) };
    const start =
      python === null
        ? null
        : async (jobs: MlflowPlace['jobs']) =>
            startMlflow({ python, database, folder, port: await findFreePort(), connections: CONNECTIONS, jobs });
    const reference = start && (await start('off'));
    if (reference) ends.unshift(() => reference.stop());
    const startReferenceWithJobs = start && (() => start('run'));
    await work({ ours: asContender(installation), reference, startReferenceWithJobs, tables, folder });
  } finally {
    for (const end of ends) await end();
  }
}
