import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { eventually } from '../testing/index.js';
import { type EmbeddedPostgres, startEmbeddedPostgres, stopEmbeddedPostgres } from './embedded-postgres.js';
import { isProcessAlive } from './postmaster-file.js';

let directory: string;
const children: ChildProcess[] = [];
/** Starts a server by the same sources, in a process that can be killed: Node strips the types, and finds `.ts` for `.js`. */
const PARENT = `
  import { registerHooks } from 'node:module';
  registerHooks({
    resolve: (name, context, next) => {
      try { return next(name, context); } catch { return next(name.replace(/\\.js$/, '.ts'), context); }
    },
  });
  const [module, directory] = process.argv.slice(2);
  const { startEmbeddedPostgres } = await import(module);
  const server = await startEmbeddedPostgres({ directory });
  console.log(server.pid);
  setInterval(() => {}, 1_000);
`;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gimbal-embedded-'));
  await chmod(directory, 0o755);
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await stopEmbeddedPostgres(directory);
  await rm(directory, { recursive: true, force: true });
});

async function query(server: EmbeddedPostgres, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: server.connectionString() });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('startEmbeddedPostgres', () => {
  it('starts durable, on loopback, with a password, and stops without a trace', async () => {
    const server = await startEmbeddedPostgres({ directory });
    expect(server.origin).toBe('started');
    expect(
      await query(server, `SELECT current_setting('fsync') AS fsync, current_setting('listen_addresses') AS address`),
    ).toEqual([{ fsync: 'on', address: '127.0.0.1' }]);
    const stranger = new pg.Client({ connectionString: server.connectionString().replace(/:[^:@/]+@/, ':guess@') });
    await expect(stranger.connect()).rejects.toMatchObject({ code: '28P01' });
    await server.stop();
    expect(await isProcessAlive(server.pid)).toBe(false);
    await server.exited;
    await server.stop(); // again: nothing to do
  });

  it('outlives a parent that is killed, keeps what was committed, and is adopted by the next start', async () => {
    const script = join(directory, 'parent.mjs');
    await writeFile(script, PARENT);
    const module = join(import.meta.dirname, 'embedded-postgres.ts');
    const parent = spawn(process.execPath, [script, module, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(parent);
    const pid = Number(await once(parent.stdout, 'data'));
    const adopted = await startEmbeddedPostgres({ directory });
    expect([adopted.origin, adopted.pid]).toEqual(['adopted', pid]);
    await query(adopted, 'CREATE TABLE kept (n int)');
    await query(adopted, 'INSERT INTO kept VALUES (1)');
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    const again = await startEmbeddedPostgres({ directory });
    expect([again.origin, again.pid, again.port]).toEqual(['adopted', adopted.pid, adopted.port]);
    expect(await query(again, 'SELECT n FROM kept')).toEqual([{ n: 1 }]);
  });

  it('recovers on the same port after it was killed itself', async () => {
    const server = await startEmbeddedPostgres({ directory });
    await query(server, 'CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n');
    process.kill(server.pid, 'SIGKILL');
    await server.exited;
    const again = await startEmbeddedPostgres({ directory, port: server.port });
    expect([again.origin, again.port]).toEqual(['started', server.port]);
    expect(await query(again, 'SELECT count(*)::int AS n FROM kept')).toEqual([{ n: 1000 }]);
  });

  it('gives two starts at the same moment one server', async () => {
    const [one, other] = await Promise.all([
      startEmbeddedPostgres({ directory }),
      startEmbeddedPostgres({ directory }),
    ]);
    expect(one.pid).toBe(other.pid);
    expect([one.origin, other.origin].sort()).toEqual(['adopted', 'started']);
  });

  it('starts although the number in a left-over postmaster.pid now belongs to another program', async () => {
    const server = await startEmbeddedPostgres({ directory });
    const file = join(server.dataDirectory, 'postmaster.pid');
    const left = await readFile(file, 'utf8');
    await server.stop();
    await writeFile(file, left.replace(/^\d+/, String(process.pid)));
    const again = await startEmbeddedPostgres({ directory });
    expect(again.origin).toBe('started');
    await eventually(() => query(again, 'SELECT 1'));
  });

  it('says what the server said when it does not start', async () => {
    const server = await startEmbeddedPostgres({ directory });
    await server.stop();
    await writeFile(join(server.dataDirectory, 'PG_VERSION'), '9.6\n');
    await expect(startEmbeddedPostgres({ directory })).rejects.toThrow(/not compatible/);
  });

  const isRoot = process.getuid?.() === 0;
  if (!isRoot)
    process.stderr.write('skipped: the server goes to another account, and elsewhere, only when root starts it\n');
  const asRoot = isRoot ? it : it.skip;
  asRoot('started by root below a closed folder, keeps its data where the server may go', async () => {
    const closed = join(directory, 'closed');
    await mkdir(closed, { mode: 0o700 });
    const server = await startEmbeddedPostgres({ directory: join(closed, 'home') });
    expect(server.dataDirectory).toMatch(/^\/var\/lib\/gimbal\//);
    expect(await query(server, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    await server.stop();
    await rm(join(server.dataDirectory, '..'), { recursive: true });
  });
});
