import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from '@gimbal/db/embedded';
import { eventually } from '@gimbal/db/testing';

/** What a test needs of its Redis. */
export interface TestRedisOptions {
  /** `aof`: an append-only file, synced every second, as in production; `none` (default) keeps nothing. */
  readonly durability?: 'none' | 'aof';
}

/** A Redis server of its own for one test file. */
export interface TestRedis {
  readonly host: string;
  readonly port: number;
  /** `redis://127.0.0.1:port/0`. */
  readonly url: string;
  /** kill -9; the address stays, see `restart`. */
  kill(): Promise<void>;
  /** Starts it again on the same port and data. */
  restart(): Promise<void>;
  /** Stops it and removes its data. Safe to repeat. */
  dispose(): Promise<void>;
}

let isMissing: boolean | undefined;

/** Starts a `redis-server`, or says on standard error why it can't and answers null: the test is then skipped. */
export async function startTestRedis({ durability = 'none' }: TestRedisOptions = {}): Promise<TestRedis | null> {
  if (isMissing === undefined) {
    isMissing = spawnSync('redis-server', ['--version']).status !== 0;
    if (isMissing) process.stderr.write('Tests on Redis are skipped: there is no redis-server on the PATH.\n');
  }
  if (isMissing) return null;
  // Below the run's folder, so that it goes with it even when a test is killed.
  const folder = await mkdtemp(join(process.env['GIMBAL_TEST_RUN'] ?? tmpdir(), 'gimbal-redis-'));
  const port = await findFreePort();
  let server = await launch({ port, folder, durability });
  const kill = async () => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    server.kill('SIGKILL');
    await once(server, 'exit');
  };
  return {
    host: '127.0.0.1',
    port,
    url: `redis://127.0.0.1:${port}/0`,
    kill,
    restart: async () => {
      await kill();
      server = await launch({ port, folder, durability });
    },
    dispose: async () => {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

interface Launch {
  readonly port: number;
  readonly folder: string;
  readonly durability: 'none' | 'aof';
}

async function launch({ port, folder, durability }: Launch): Promise<ChildProcess> {
  const settings = [
    ['--bind', '127.0.0.1'],
    ['--port', String(port)],
    ['--dir', folder],
    ['--save', ''],
    ['--maxmemory-policy', 'noeviction'],
    ['--appendonly', durability === 'aof' ? 'yes' : 'no'],
    ['--appendfsync', 'everysec'],
  ];
  const server = spawn('redis-server', settings.flat(), { stdio: 'ignore' });
  // A test process that ends without dispose takes its server with it.
  const end = () => server.kill('SIGKILL');
  process.once('exit', end);
  server.once('exit', () => process.off('exit', end));
  await eventually(() => answersPing(port));
  return server;
}

/** Speaks RESP by hand: one word asked, one expected. While it loads its file, Redis answers `-LOADING`. */
async function answersPing(port: number): Promise<void> {
  const socket = connect({ host: '127.0.0.1', port });
  try {
    await once(socket, 'connect');
    socket.write('PING\r\n');
    const [answer] = await once(socket, 'data');
    if (!String(answer).startsWith('+PONG')) throw new Error(`Redis answered ${String(answer)}`);
  } finally {
    socket.destroy();
  }
}
