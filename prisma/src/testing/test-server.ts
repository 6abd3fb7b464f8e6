import { mkdir, rmdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { startEmbeddedPostgres } from '../embedded/index.js';
import {
  applyMigrations,
  connectionStringFor,
  createDatabaseIfMissing,
  DATABASE_USERS,
  type DatabaseUser,
  ensureRoles,
  migrateQueue,
} from '../index.js';

/** The server that the tests of one run share, with a migrated template database. */
export interface TestServer {
  /** Of the superuser, for the template's server; replace the path to reach another database. */
  readonly adminUrl: string;
  readonly template: string;
}

/** The same for every run, so that runs which share a given server do not change it under each other's feet. */
const ROLE_PASSWORD = 'gimbal-test-only';
const TEMPLATE_TIMEOUT_MS = 120_000;

/** The connection string of a service's role for a test database. */
export function testConnectionString(ownerUrl: string, user: DatabaseUser): string {
  return connectionStringFor(ownerUrl, user, ROLE_PASSWORD);
}

/** The same server, another database. */
export function withDatabase(connectionString: string, database: string): string {
  const url = new URL(connectionString);
  url.pathname = `/${encodeURIComponent(database)}`;
  return url.href;
}

let found: Promise<TestServer> | undefined;

/**
 * The run's server: the one of TEST_DATABASE_URL, or an embedded one that the first test file in need of it starts and the
 * run's end stops (see `jest/global-teardown.mjs`). The files of a run are processes of their own, so they take turns by a lock
 * in the run's folder.
 */
export function findTestServer(): Promise<TestServer> {
  found ??= prepare();
  return found;
}

async function prepare(): Promise<TestServer> {
  const run = process.env['GIMBAL_TEST_RUN'];
  if (!run) throw new Error('GIMBAL_TEST_RUN is not set: start the tests with the jest.config.mjs of the repository.');
  return takingTurns(join(run, 'lock'), async () => {
    const adminUrl = await startServer(run);
    const template = `gimbal_template_${run
      .replaceAll(/[^a-zA-Z0-9]/g, '')
      .slice(-24)
      .toLowerCase()}`;
    const ready = join(run, 'template-ready');
    if (!(await stat(ready).catch(() => null))) {
      await makeTemplate(withDatabase(adminUrl, template));
      await writeFile(ready, template);
    }
    return { adminUrl, template };
  });
}

async function startServer(run: string): Promise<string> {
  const given = process.env['TEST_DATABASE_URL'];
  if (given) {
    // The end of the run drops the template there.
    await writeFile(join(run, 'given-server'), given, { mode: 0o600 });
    return given;
  }
  const server = await startEmbeddedPostgres({
    directory: join(run, 'postgres'),
    durability: 'none',
    maxConnections: 200,
  });
  const note = { pid: server.pid, dataDirectory: server.dataDirectory };
  await writeFile(join(run, 'server.json'), JSON.stringify(note));
  return server.connectionString();
}

async function makeTemplate(url: string): Promise<void> {
  await createDatabaseIfMissing(url);
  await applyMigrations(url);
  const passwords = Object.fromEntries(DATABASE_USERS.map((user) => [user, ROLE_PASSWORD]));
  await ensureRoles(url, passwords as Record<DatabaseUser, string>); // fromEntries forgets which keys it was given
  const { runMigrations } = await import('bullmq');
  await migrateQueue(url, (client) => runMigrations(client));
}

async function takingTurns<T>(lock: string, work: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + TEMPLATE_TIMEOUT_MS;
  for (;;) {
    try {
      await mkdir(lock);
      break;
    } catch (error) {
      // Not by class: Jest gives tests classes of their own.
      const isHeld = typeof error === 'object' && error !== null && 'code' in error && error.code === 'EEXIST';
      if (!isHeld || Date.now() > deadline) throw error;
      await sleep(25);
    }
  }
  try {
    return await work();
  } finally {
    await rmdir(lock);
  }
}

/** Runs one statement as the superuser, in the maintenance database. */
export async function administer({ adminUrl }: TestServer, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: withDatabase(adminUrl, 'postgres') });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
