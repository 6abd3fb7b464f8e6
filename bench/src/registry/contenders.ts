import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Installation } from '../installation.js';
import { withChildren } from '../processes.js';

/** A server that speaks MLflow's protocol. */
export interface Contender {
  readonly name: string;
  /** Without a path. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Its processes, without the database. */
  readonly pids: () => Promise<readonly number[]>;
  stop(): Promise<void>;
}

/** Gateway and registry as an installation has them: keys, limits, audit and metrics on. */
export function asContender({ url, keys, runtime }: Installation): Contender {
  const pids = ['gateway', 'registry'].map((name) => runtime.services[name]?.pid ?? 0);
  return {
    name: 'Gimbal, gateway and registry',
    url,
    headers: { 'x-api-key': keys['operator'] ?? '' },
    pids: async () => pids,
    stop: async () => {},
  };
}

const START_SECONDS = 180; // its first start makes the tables by some hundred migrations

export interface MlflowPlace {
  readonly python: string;
  /** `postgresql://…` of a database of its own. */
  readonly database: string;
  readonly folder: string;
  readonly port: number;
  /** Callers at once: with fewer connections to its database than these it fails calls that wait. */
  readonly connections: number;
  /** Its own default is to run them: processes that only stand beside what is measured, but are part of the server as it comes. */
  readonly jobs: 'run' | 'off';
}

/** MLflow's own server as its documentation starts it, with one worker, PostgreSQL, and files on this disk. */
export async function startMlflow(place: MlflowPlace): Promise<Contender> {
  const { python, database, folder, port, connections, jobs } = place;
  const options = {
    '--backend-store-uri': database.replace(/^postgresql:/, 'postgresql+psycopg2:'),
    '--artifacts-destination': join(folder, 'artifacts'),
    '--host': '127.0.0.1',
    '--port': String(port),
    '--workers': '1',
  };
  const server = spawn(python, ['-m', 'mlflow', 'server', '--serve-artifacts', ...Object.entries(options).flat()], {
    cwd: folder,
    detached: true, // a group of its own: workers go with the server
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      MLFLOW_SERVER_ENABLE_JOB_EXECUTION: String(jobs === 'run'),
      MLFLOW_SQLALCHEMYSTORE_POOL_SIZE: String(connections),
    },
  });
  const log = join(folder, `mlflow-${port}.log`);
  const lines = createWriteStream(log);
  server.stdout.pipe(lines);
  server.stderr.pipe(lines);
  const url = `http://127.0.0.1:${port}`;
  try {
    const version = await awaitVersion(server, url);
    return {
      name: `MLflow ${version}, PostgreSQL, one worker${jobs === 'run' ? ', jobs on as by default' : ''}`,
      url,
      headers: {},
      pids: () => familyOf(server.pid ?? 0),
      stop: () => endGroup(server),
    };
  } catch (cause) {
    await endGroup(server);
    throw new Error(`MLflow did not start:\n${(await readFile(log, 'utf8')).slice(-2000)}`, { cause });
  }
}

async function awaitVersion(server: ChildProcess, url: string): Promise<string> {
  for (let seconds = 0; seconds < START_SECONDS && server.exitCode === null; seconds += 0.5) {
    const answer = await fetch(`${url}/version`).catch(() => null); // not yet
    if (answer?.ok) return await answer.text();
    await sleep(500);
  }
  throw new Error(server.exitCode === null ? 'It does not answer.' : `It ended with ${server.exitCode}.`);
}

async function familyOf(pid: number): Promise<readonly number[]> {
  const family = await withChildren(pid);
  const grandchildren = await Promise.all(family.slice(1).map(withChildren));
  return [...new Set([...family, ...grandchildren.flat()])];
}

async function endGroup(server: ChildProcess): Promise<void> {
  if (server.pid === undefined || server.exitCode !== null || server.signalCode !== null) return;
  const gone = once(server, 'exit');
  process.kill(-server.pid, 'SIGTERM');
  const killing = setTimeout(() => process.kill(-(server.pid ?? 0), 'SIGKILL'), 10_000);
  await gone;
  clearTimeout(killing);
}
