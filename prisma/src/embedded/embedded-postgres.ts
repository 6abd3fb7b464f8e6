import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, readFile, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { createClusterIfMissing, readOrMakePassword, SUPERUSER } from './create-cluster.js';
import { findFreePort } from './find-free-port.js';
import { isProcessAlive, type Postmaster, readPostmaster, removeForeignPostmasterFile } from './postmaster-file.js';
import { findServerAccount, type ServerAccount } from './server-account.js';
import { findServerFiles, type ServerFiles } from './server-files.js';
import { serverSettings } from './server-settings.js';

/** How an embedded server is started. */
export interface EmbeddedPostgresOptions {
  /** Folder for data, log and password; made when missing. One server per folder. */
  readonly directory: string;
  /** TCP port on 127.0.0.1; 0 (default) takes a free one. Give the former port when the clients of a crashed server wait for it. */
  readonly port?: number;
  /** Connections at most, default 100. */
  readonly maxConnections?: number;
  /** `full` (default) survives a power cut; `none` is for tests whose data may be lost with the machine. */
  readonly durability?: 'full' | 'none';
  /** Milliseconds until a start is given up, default 60 000: recovery after a crash takes its time. */
  readonly startTimeoutMs?: number;
  /** PostgreSQL's own settings that differ from those of an embedded server, such as `wal_level`. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A running server of real PostgreSQL binaries, reachable on loopback only. */
export interface EmbeddedPostgres {
  readonly pid: number;
  readonly port: number;
  /** `adopted`: it was already running, left by a parent that was killed. */
  readonly origin: 'started' | 'adopted';
  /** Where the data is: below the given folder, or in `/var/lib/gimbal` when the server's account may not enter that folder. */
  readonly dataDirectory: string;
  /** The superuser's connection string for a database of the server, default `postgres`. */
  connectionString(database?: string): string;
  /** Resolves when the process is gone, stopped or crashed. */
  readonly exited: Promise<void>;
  /** Fast shutdown: open transactions are rolled back, everything committed is on disk. Safe to repeat. */
  stop(): Promise<void>;
}

const POLL_MS = 20;
const STOP_TIMEOUT_MS = 15_000;
const LOG_BYTES_MAX = 10_000_000;

/**
 * Starts the server of a folder, or adopts it when it already runs there. The server is its own process group: neither Ctrl-C
 * nor the death of this process stops it, so that whoever started it can first let its clients finish, and call `stop()`.
 *
 * @throws Error with the end of the server's log when it does not start.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { directory, startTimeoutMs = 60_000 } = options;
  await mkdir(directory, { recursive: true });
  const password = await readOrMakePassword(directory);
  const account = await findServerAccount();
  const files = await findServerFiles(directory, account);
  await createClusterIfMissing(files, account, password);
  const deadline = Date.now() + startTimeoutMs;
  for (let lastError: unknown; ; ) {
    const adopted = await adopt(files.data, password, deadline);
    if (adopted) return adopted;
    try {
      return await launch(options, { files, account, password, deadline });
    } catch (error) {
      lastError = error;
    }
    // Children of a postmaster that was killed live on for a moment and keep the new one out; a free port may have been taken.
    if (Date.now() > deadline - 1_000 || !isWorthRetrying(lastError)) throw lastError;
    await sleep(250);
  }
}

/** Stops the server of a folder, whoever started it. Returns when it is gone, at once when there is none. */
export async function stopEmbeddedPostgres(directory: string): Promise<void> {
  const { data } = await findServerFiles(directory, await findServerAccount());
  const postmaster = await readPostmaster(data);
  if (postmaster && (await isProcessAlive(postmaster.pid))) {
    await removeForeignPostmasterFile(data, postmaster);
    if (await readPostmaster(data)) await stopProcess(postmaster.pid);
  }
}

interface Launch {
  readonly files: ServerFiles;
  readonly account: ServerAccount;
  readonly password: string;
  readonly deadline: number;
}

async function launch(
  options: EmbeddedPostgresOptions,
  { files, account, password, deadline }: Launch,
): Promise<EmbeddedPostgres> {
  const { directory, maxConnections = 100, durability = 'full' } = options;
  const port = options.port || (await findFreePort());
  const log = join(directory, 'postgres.log');
  const size = await stat(log).then(
    (found) => found.size,
    () => 0,
  );
  if (size > LOG_BYTES_MAX) await truncate(log);
  const output = await open(log, 'a', 0o600);
  // Of two values for one setting, the later one holds.
  const settings = [
    ...serverSettings({ maxConnections, durability }),
    ...Object.entries(options.settings ?? {}),
  ].flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  let child: ChildProcess;
  try {
    child = spawn(files.postgres, ['-D', files.data, '-p', String(port), ...settings], {
      ...account,
      cwd: files.data,
      detached: true,
      stdio: ['ignore', output.fd, output.fd],
      env: { ...process.env, LC_ALL: 'C' },
    });
    await once(child, 'spawn');
  } finally {
    await output.close();
  }
  child.unref();
  while (Date.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) {
      const told = (await readFile(log, 'utf8')).slice(size > LOG_BYTES_MAX ? 0 : size).trim();
      throw new Error(`PostgreSQL did not start (${log}):\n${told.split('\n').slice(-8).join('\n')}`);
    }
    const postmaster = await readPostmaster(files.data);
    if (postmaster?.pid === child.pid && postmaster?.status === 'ready') {
      return handle({ postmaster, password, dataDirectory: files.data, origin: 'started', exited: goneOf(child) });
    }
    await sleep(POLL_MS);
  }
  child.kill('SIGQUIT');
  throw new Error(`PostgreSQL was not ready in time; see ${log}.`);
}

async function adopt(data: string, password: string, deadline: number): Promise<EmbeddedPostgres | null> {
  for (;;) {
    const postmaster = await readPostmaster(data);
    if (!postmaster) return null;
    await removeForeignPostmasterFile(data, postmaster);
    if (!(await isProcessAlive(postmaster.pid))) return null;
    if (postmaster.status === 'ready' && (await holds(data, connectionString(postmaster.port, password, 'postgres')))) {
      return handle({ postmaster, password, dataDirectory: data, origin: 'adopted', exited: goneOf(postmaster.pid) });
    }
    if (Date.now() > deadline) {
      throw new Error(
        `Process ${postmaster.pid} holds ${data} but does not answer as its server on port ${postmaster.port}.`,
      );
    }
    await sleep(POLL_MS * 5);
  }
}

/** Whether the server that answers there is the one of this data directory. */
async function holds(data: string, url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => {}); // reported by the query below
  try {
    await client.connect();
    const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
    return rows[0]?.data_directory === data;
  } catch {
    return false; // not ours, or not up to answering yet
  } finally {
    await client.end().catch(() => {});
  }
}

function handle(server: {
  readonly postmaster: Postmaster;
  readonly password: string;
  readonly dataDirectory: string;
  readonly origin: EmbeddedPostgres['origin'];
  readonly exited: Promise<void>;
}): EmbeddedPostgres {
  const { pid, port } = server.postmaster;
  return {
    pid,
    port,
    origin: server.origin,
    exited: server.exited,
    dataDirectory: server.dataDirectory,
    connectionString: (database = 'postgres') => connectionString(port, server.password, database),
    stop: () => stopProcess(pid),
  };
}

function connectionString(port: number, password: string, database: string): string {
  return `postgresql://${SUPERUSER}:${encodeURIComponent(password)}@127.0.0.1:${port}/${encodeURIComponent(database)}`;
}

function goneOf(server: ChildProcess | number): Promise<void> {
  if (typeof server !== 'number') return new Promise((resolve) => server.once('exit', () => resolve()));
  return new Promise((resolve) => {
    const timer = setInterval(async () => {
      if (await isProcessAlive(server)) return;
      clearInterval(timer);
      resolve();
    }, 500);
    timer.unref();
  });
}

async function stopProcess(pid: number): Promise<void> {
  // SIGINT is PostgreSQL's fast shutdown, SIGQUIT its immediate one (recovery at the next start).
  for (const [signal, waitMs] of [
    ['SIGINT', STOP_TIMEOUT_MS],
    ['SIGQUIT', 5_000],
    ['SIGKILL', 5_000],
  ] as const) {
    const until = Date.now() + waitMs;
    try {
      process.kill(pid, signal);
    } catch {
      return; // gone already
    }
    while (Date.now() < until) {
      if (!(await isProcessAlive(pid))) return;
      await sleep(POLL_MS);
    }
  }
}

function isWorthRetrying(error: unknown): boolean {
  return (
    error instanceof Error &&
    /shared memory block|could not bind|could not create any TCP|Address already in use|lock file/.test(error.message)
  );
}
