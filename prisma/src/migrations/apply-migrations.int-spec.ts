import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { startTestDatabase, type TestDatabase } from '../testing/index.js';
import { applyMigrations } from './apply-migrations.js';
import { createDatabaseIfMissing } from './create-database.js';

let database: TestDatabase;
let url: string;
let folder: string;

beforeEach(async () => {
  database = await startTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'migrations-'));
  const empty = new URL(database.ownerUrl);
  empty.pathname += '_empty';
  url = empty.href;
  await createDatabaseIfMissing(url);
});
afterEach(async () => {
  await query(`DROP DATABASE ${new URL(url).pathname.slice(1)} WITH (FORCE)`, database.ownerUrl);
  await database.dispose();
  await rm(folder, { recursive: true, force: true });
});

async function query(sql: string, connectionString = url): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

async function write(name: string, sql: string): Promise<void> {
  await mkdir(join(folder, name), { recursive: true });
  await writeFile(join(folder, name, 'migration.sql'), sql);
}

describe('applyMigrations', () => {
  it('builds the whole schema in an empty database, and does nothing the second time', async () => {
    expect((await applyMigrations(url)).applied.length).toBeGreaterThan(0);
    expect((await applyMigrations(url)).applied).toEqual([]);
    expect(await query('SELECT count(*)::int AS n FROM predictions')).toEqual([{ n: 0 }]);
  });

  it('applies each migration once when many start at the same time', async () => {
    await write('1_counter', 'CREATE TABLE counter (n int); INSERT INTO counter VALUES (0)');
    await write('2_count', 'UPDATE counter SET n = n + 1');
    const all = await Promise.all(Array.from({ length: 5 }, () => applyMigrations(url, folder)));
    expect(all.flatMap(({ applied }) => applied)).toEqual(['1_counter', '2_count']);
    expect(await query('SELECT n FROM counter')).toEqual([{ n: 1 }]);
  });

  it('leaves nothing of a broken migration behind and stops every later start until it is resolved', async () => {
    await write('1_good', 'CREATE TABLE good (id int)');
    await write('2_broken', 'CREATE TABLE half (id int); SELECT no_such_function();');
    await expect(applyMigrations(url, folder)).rejects.toMatchObject({ code: 'failed', migration: '2_broken' });
    expect(await query(`SELECT to_regclass('good') IS NOT NULL AS good, to_regclass('half') AS half`)).toEqual([
      { good: true, half: null },
    ]);
    await write('2_broken', 'CREATE TABLE whole (id int)');
    await expect(applyMigrations(url, folder)).rejects.toMatchObject({ code: 'failed', migration: '2_broken' });
    await query('UPDATE _prisma_migrations SET rolled_back_at = now() WHERE finished_at IS NULL');
    expect((await applyMigrations(url, folder)).applied).toEqual(['2_broken']);
  });

  it('refuses a migration that was edited after it had been applied', async () => {
    await write('1_first', 'CREATE TABLE first (id int)');
    await applyMigrations(url, folder);
    await write('1_first', 'CREATE TABLE first (id bigint)');
    await expect(applyMigrations(url, folder)).rejects.toMatchObject({ code: 'edited', migration: '1_first' });
  });

  it('refuses a database that a newer release has migrated', async () => {
    await write('1_first', 'SELECT 1');
    await write('2_newer', 'SELECT 1');
    await applyMigrations(url, folder);
    await rm(join(folder, '2_newer'), { recursive: true });
    await expect(applyMigrations(url, folder)).rejects.toMatchObject({ code: 'unknown', migration: '2_newer' });
  });

  it('creates a missing database once when many ask', async () => {
    const fresh = `${url}_fresh`;
    await Promise.all(Array.from({ length: 4 }, () => createDatabaseIfMissing(fresh)));
    expect(await query('SELECT current_database() AS name', fresh)).toEqual([
      { name: new URL(fresh).pathname.slice(1) },
    ]);
    await query(`DROP DATABASE ${new URL(fresh).pathname.slice(1)} WITH (FORCE)`);
  });
});
