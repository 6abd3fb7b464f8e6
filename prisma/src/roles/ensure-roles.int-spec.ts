import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { startTestDatabase, type TestDatabase } from '../testing/index.js';
import { DATABASE_USERS, type DatabaseUser, OWNERS, OWNERSHIP, type Owner, TABLES_OF_ALL } from './ownership.js';

const DENIED = '42501';

let database: TestDatabase;
const clients = new Map<DatabaseUser, pg.Client>();

beforeAll(async () => {
  database = await startTestDatabase();
  for (const user of DATABASE_USERS) {
    const client = new pg.Client({ connectionString: database.url(user) });
    await client.connect();
    clients.set(user, client);
  }
});
afterAll(async () => {
  await Promise.all([...clients.values()].map((client) => client.end()));
  await database?.dispose();
});

/** The SQLSTATE a statement ends with, or null when it is carried out. Nothing it changed stays. */
async function outcome(user: DatabaseUser, sql: string): Promise<string | null> {
  const client = clients.get(user)!;
  await client.query('BEGIN');
  try {
    await client.query(sql);
    return null;
  } catch (error) {
    return error instanceof pg.DatabaseError ? (error.code ?? 'unknown') : 'unknown';
  } finally {
    await client.query('ROLLBACK');
  }
}

async function tablesInDatabase(): Promise<string[]> {
  const { rows } = await clients.get('agent')!.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace
     AND relkind IN ('r', 'p') AND NOT relispartition AND relname <> '_prisma_migrations' ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
}

describe('the wall between the tables of services', () => {
  it('knows an owner for every table, and only one', async () => {
    const owned = OWNERS.flatMap((owner) => Object.keys(OWNERSHIP[owner]));
    expect([...owned, ...TABLES_OF_ALL].sort()).toEqual(await tablesInDatabase());
  });

  it.each(OWNERS)('refuses every foreign write of %s', async (owner: Owner) => {
    const foreign = OWNERS.filter((other) => other !== owner).flatMap((other) => Object.keys(OWNERSHIP[other]));
    for (const table of foreign) {
      const attempts = [
        `INSERT INTO ${table} DEFAULT VALUES`,
        `DELETE FROM ${table}`,
        `TRUNCATE ${table}`,
        `SELECT * FROM ${table} FOR UPDATE`,
      ];
      for (const sql of attempts) expect({ sql, outcome: await outcome(owner, sql) }).toEqual({ sql, outcome: DENIED });
      expect(await outcome(owner, `ALTER TABLE ${table} ADD COLUMN intruder int`)).toBe(DENIED);
    }
  });

  it.each(OWNERS)('lets %s read every table and delete from its own unless they are history', async (owner: Owner) => {
    for (const table of await tablesInDatabase())
      expect(await outcome(owner, `SELECT * FROM ${table} LIMIT 1`)).toBeNull();
    for (const [table, writing] of Object.entries(OWNERSHIP[owner])) {
      expect({ table, outcome: await outcome(owner, `DELETE FROM ${table}`) }).toEqual({
        table,
        outcome: writing === 'append' ? DENIED : null,
      });
    }
  });

  it('keeps what a version has learned and the audit log from being rewritten, even by their owners', async () => {
    expect(await outcome('registry', `UPDATE model_versions SET is_active = true, status = 'production'`)).toBeNull();
    expect(await outcome('registry', `UPDATE model_versions SET artifact_digest = 'other'`)).toBe(DENIED);
    expect(await outcome('registry', `UPDATE promotions SET reason = 'other'`)).toBe(DENIED);
    expect(await outcome('gateway', `UPDATE audit_log SET payload = '{}'`)).toBe(DENIED);
    expect(await outcome('gateway', 'DELETE FROM audit_log')).toBe(DENIED);
  });

  it('lets a service write only its own outbox rows', async () => {
    const insert = (owner: string) => `INSERT INTO outbox (owner, name, payload) VALUES ('${owner}', 'job', '{}')`;
    expect(await outcome('registry', insert('registry'))).toBeNull();
    expect(await outcome('registry', insert('agent'))).toBe(DENIED);
    await clients.get('agent')!.query(insert('agent'));
    const { rowCount: changed } = await clients.get('registry')!.query('UPDATE outbox SET attempts = 9');
    const { rowCount: deleted } = await clients.get('registry')!.query('DELETE FROM outbox');
    expect([changed, deleted]).toEqual([0, 0]);
    const { rowCount: own } = await clients.get('agent')!.query('DELETE FROM outbox');
    expect(own).toBe(1);
  });

  it('shows serving the queue and nothing else', async () => {
    for (const table of await tablesInDatabase()) expect(await outcome('serving', `SELECT FROM ${table}`)).toBe(DENIED);
    expect(await outcome('serving', 'SELECT * FROM bullmq.job')).toBeNull();
    expect(await outcome('serving', 'CREATE SCHEMA mine')).toBe(DENIED);
    expect(await outcome('serving', 'CREATE TABLE public.mine (id int)')).toBe(DENIED);
  });

  it('shares the sequence that one service makes for a queue with all others', async () => {
    await clients.get('serving')!.query('CREATE SEQUENCE bullmq.shared_by_all');
    for (const user of DATABASE_USERS) expect(await outcome(user, `SELECT nextval('bullmq.shared_by_all')`)).toBeNull();
  });

  it('lets only monitoring call the partition functions', async () => {
    for (const user of DATABASE_USERS) {
      const call = await outcome(user, `SELECT public.ensure_prediction_partitions('2026-01-01', 1)`);
      expect({ user, call }).toEqual({ user, call: user === 'monitoring' ? null : DENIED });
    }
  });

  it('lets only the registry say which MLflow server is told', async () => {
    for (const user of DATABASE_USERS) {
      const call = await outcome(user, 'SELECT public.mirror_to_mlflow(NULL)');
      expect({ user, call }).toEqual({ user, call: user === 'registry' ? null : DENIED });
    }
  });
});
