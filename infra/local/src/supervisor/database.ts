import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceName } from '@gimbal/contracts';
import { applyMigrations, connectionStringFor, createDatabaseIfMissing, ensureRoles, migrateQueue } from '@gimbal/db';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@gimbal/db/embedded';
import pg from 'pg';
import { StartError } from './home.js';
import type { Secrets } from './secrets.js';
import type { Settings } from './settings.js';

/** The PostgreSQL of an installation, ready for its services. */
export interface Database {
  /** Of the embedded server; null when one was given. */
  readonly pid: number | null;
  readonly port: number;
  /** Connection string of a service's own role. */
  urlOf(service: ServiceName): string;
  stop(): Promise<void>;
}

export interface DatabaseEvents {
  readonly onNotice: (text: string) => void;
  /** The server was started again and has another process id. */
  readonly onMoved: () => Promise<void>;
}

/** Connections at most: six services with small pools, the queue's, and room for a person with psql. */
const MAX_CONNECTIONS = 120;
const BACKOFF_FIRST_MS = 200;
const BACKOFF_MAX_MS = 10_000;

/** Starts (or reaches) PostgreSQL, creates the database, applies migrations, sets roles. */
export async function startDatabase(settings: Settings, secrets: Secrets, events: DatabaseEvents): Promise<Database> {
  const server = settings.databaseUrl === undefined ? await EmbeddedServer.start(settings, events) : undefined;
  const ownerUrl = databaseAddress(settings, server);
  try {
    if (settings.fresh) await dropDatabase(ownerUrl);
    await createDatabaseIfMissing(ownerUrl);
    await applyMigrations(ownerUrl);
    await ensureRoles(ownerUrl, secrets.databasePasswords);
    await migrateQueue(ownerUrl, async (client) => (await import('bullmq')).runMigrations(client));
  } catch (error) {
    await server?.stop();
    if (server) throw error;
    throw new StartError(
      `the PostgreSQL of DATABASE_URL can't be used: ${error instanceof Error ? error.message : error}`,
    );
  }
  return {
    get pid() {
      return server?.pid ?? null;
    },
    port: Number(new URL(ownerUrl).port || 5432),
    urlOf: (service) => connectionStringFor(ownerUrl, service, secrets.databasePasswords[service]),
    stop: async () => server?.stop(),
  };
}

/** A given server keeps its own database's name, except that the demo always has one of its own. */
function databaseAddress({ databaseUrl, database }: Settings, server: EmbeddedServer | undefined): string {
  if (server) return server.connectionString(database);
  const url = new URL(databaseUrl ?? '');
  if (database === 'gimbal_demo' || url.pathname.length <= 1) url.pathname = `/${database}`;
  return url.href;
}

async function dropDatabase(address: string): Promise<void> {
  const url = new URL(address);
  const name = decodeURIComponent(url.pathname.slice(1));
  url.pathname = '/postgres';
  const admin = new pg.Client({ connectionString: url.href, connectionTimeoutMillis: 10_000 });
  await admin.connect();
  try {
    await admin.query(`DROP DATABASE IF EXISTS ${admin.escapeIdentifier(name)} WITH (FORCE)`);
  } finally {
    await admin.end();
  }
}

/** The embedded server, started again on the same port when it dies: the services' pools find it there. */
class EmbeddedServer {
  private stopping = false;
  private backoffMs = BACKOFF_FIRST_MS;

  private constructor(
    private server: EmbeddedPostgres,
    private readonly folder: string,
    private readonly events: DatabaseEvents,
  ) {
    this.watch();
  }

  static async start({ home }: Settings, events: DatabaseEvents): Promise<EmbeddedServer> {
    const folder = join(home, 'postgres');
    return new EmbeddedServer(
      await startEmbeddedPostgres({ directory: folder, maxConnections: MAX_CONNECTIONS }),
      folder,
      events,
    );
  }

  get pid(): number {
    return this.server.pid;
  }

  connectionString(database: string): string {
    return this.server.connectionString(database);
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.server.stop();
  }

  private watch(): void {
    void this.server.exited.then(() => (this.stopping ? undefined : this.revive()));
  }

  private async revive(): Promise<void> {
    const { port } = this.server;
    this.events.onNotice(`PostgreSQL ended; starting it again in ${this.backoffMs / 1000} s`);
    await sleep(this.backoffMs);
    if (this.stopping) return;
    this.backoffMs = Math.min(this.backoffMs * 2, BACKOFF_MAX_MS);
    try {
      this.server = await startEmbeddedPostgres({ directory: this.folder, port, maxConnections: MAX_CONNECTIONS });
    } catch (error) {
      this.events.onNotice(`PostgreSQL did not start: ${error instanceof Error ? error.message : error}`);
      return this.revive();
    }
    if (this.stopping) return this.server.stop();
    this.backoffMs = BACKOFF_FIRST_MS;
    this.events.onNotice('PostgreSQL is back');
    this.watch();
    await this.events.onMoved();
  }
}
