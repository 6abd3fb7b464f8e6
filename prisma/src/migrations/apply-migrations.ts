import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import pg from 'pg';
import { type Migration, readMigrations } from './read-migrations.js';

/** The advisory lock that Prisma's own `migrate deploy` takes: neither runs while the other does. */
const PRISMA_MIGRATE_LOCK = 72_707_369;

const LEDGER = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id VARCHAR(36) PRIMARY KEY NOT NULL,
  checksum VARCHAR(64) NOT NULL,
  finished_at TIMESTAMPTZ,
  migration_name VARCHAR(255) NOT NULL,
  logs TEXT,
  rolled_back_at TIMESTAMPTZ,
  started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  applied_steps_count INTEGER NOT NULL DEFAULT 0
)`;

/** The migrations of this package, from `src` and from `dist` alike. */
const MIGRATIONS_DIRECTORY = join(import.meta.dirname, '..', '..', 'migrations');

/** Why the migrations of a database stopped. */
export class MigrationError extends Error {
  constructor(
    /**
     * `failed`: the SQL of the migration was refused, now or at an earlier start; mend it, then mark the row in
     * `_prisma_migrations` as rolled back (`prisma migrate resolve`). `edited`: the file is not what was applied.
     * `unknown`: the database has a migration that this release lacks, so the release is too old for it.
     */
    readonly code: 'failed' | 'edited' | 'unknown',
    readonly migration: string,
    detail: string,
    options?: ErrorOptions,
  ) {
    super(`Migration ${migration}: ${detail}`, options);
    this.name = 'MigrationError';
  }
}

/** Which migrations one call applied, by name and in order; empty when the database was up to date. */
export interface AppliedMigrations {
  readonly applied: readonly string[];
}

/**
 * Brings a database up to date, recording it as `prisma migrate deploy` does, but with `pg` alone: no native engine. Each
 * migration is one transaction. Any number of callers may start at once; one applies, the others wait and find it done.
 *
 * @param connectionString of the role that owns the tables; the database must exist.
 * @throws MigrationError when a migration fails or failed before, was edited, or is newer than this release.
 */
export async function applyMigrations(
  connectionString: string,
  directory = MIGRATIONS_DIRECTORY,
): Promise<AppliedMigrations> {
  const migrations = await readMigrations(directory);
  const client = new pg.Client({
    connectionString,
    connectionTimeoutMillis: 10_000,
    application_name: 'gimbal-migrations',
  });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [PRISMA_MIGRATE_LOCK]);
    await client.query('SET client_min_messages = warning');
    await client.query(LEDGER);
    const done = await readLedger(client, migrations);
    const pending = migrations.filter(({ name }) => !done.has(name));
    for (const migration of pending) await apply(client, migration);
    return { applied: pending.map(({ name }) => name) };
  } finally {
    await client.end(); // releases the lock
  }
}

async function readLedger(client: pg.Client, migrations: readonly Migration[]): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ name: string; checksum: string; finished: boolean; logs: string | null }>(
    `SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS finished, logs
     FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at`,
  );
  const checksums = new Map(migrations.map(({ name, checksum }) => [name, checksum]));
  for (const { name, checksum, finished, logs } of rows) {
    const known = checksums.get(name);
    if (!finished) throw new MigrationError('failed', name, `failed at an earlier start. ${logs ?? ''}`.trim());
    if (known === undefined) throw new MigrationError('unknown', name, 'was applied by a newer release.');
    if (known !== checksum) throw new MigrationError('edited', name, 'was changed after it had been applied.');
  }
  return new Set(rows.map(({ name }) => name));
}

async function apply(client: pg.Client, { name, sql, checksum }: Migration): Promise<void> {
  const id = randomUUID();
  await client.query('INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ($1, $2, $3)', [
    id,
    checksum,
    name,
  ]);
  try {
    await client.query('BEGIN');
    await client.query(sql);
    await client.query('UPDATE _prisma_migrations SET finished_at = now(), applied_steps_count = 1 WHERE id = $1', [
      id,
    ]);
    await client.query('COMMIT');
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    await client.query('ROLLBACK');
    await client.query('UPDATE _prisma_migrations SET logs = $2 WHERE id = $1', [id, detail]);
    throw new MigrationError('failed', name, detail, { cause });
  }
}
