import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { PrismaClient } from './generated/client.js';

/** Where and how a service reads and writes its database. */
export interface DatabaseClientOptions {
  /** `postgresql://role:password@host:port/database`; the role decides which tables can be written. */
  readonly connectionString: string;
  /** Connections kept at most, >= 1, default 4. Each costs the server 5-10 MB, so a service takes few. */
  readonly poolMax?: number;
  /** Milliseconds to wait for a connection before the query fails, default 5000. */
  readonly connectTimeoutMs?: number;
  /** Milliseconds after which the server cancels a statement, default 30 000; 0 means never. */
  readonly statementTimeoutMs?: number;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName?: string;
}

/** A small pool of connections. Connects on the first query; idle connections are given back after 10 s. */
export function createPool({
  connectionString,
  poolMax = 4,
  connectTimeoutMs = 5_000,
  statementTimeoutMs = 30_000,
  applicationName = 'gimbal',
}: DatabaseClientOptions): pg.Pool {
  return new pg.Pool({
    connectionString,
    max: poolMax,
    connectionTimeoutMillis: connectTimeoutMs,
    idleTimeoutMillis: 10_000,
    statement_timeout: statementTimeoutMs,
    application_name: applicationName,
  });
}

/** A Prisma client over a pool, which `$disconnect()` ends with it. */
export function createDatabaseClient(
  options: DatabaseClientOptions,
  pool: pg.Pool = createPool(options),
): PrismaClient {
  return new PrismaClient({ adapter: new PrismaPg(pool, { disposeExternalPool: true }) });
}
