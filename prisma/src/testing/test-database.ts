import { randomUUID } from 'node:crypto';
import { createDatabaseClient, type DatabaseUser, type PrismaClient } from '../index.js';
import { administer, findTestServer, testConnectionString, withDatabase } from './test-server.js';

/** A database of its own for one test file: migrated, empty, with the roles of all services. */
export interface TestDatabase {
  /** Of the superuser, who may write everything: for arranging and for looking. */
  readonly ownerUrl: string;
  /** Of a service's role, as the service gets it in DATABASE_URL. */
  url(user: DatabaseUser): string;
  /** A client as the superuser, or as a service; closed by `dispose`. */
  client(user?: DatabaseUser): PrismaClient;
  /** Closes the clients it gave and drops the database, whoever is still connected. Safe to repeat. */
  dispose(): Promise<void>;
}

/**
 * Makes a database from the run's template (about 0.1 s; the first file of a run starts the server, about 2 s).
 * Call it in `beforeAll` and `dispose` in `afterAll`.
 */
export async function startTestDatabase(): Promise<TestDatabase> {
  const server = await findTestServer();
  const name = `gimbal_test_${randomUUID().replaceAll('-', '')}`;
  await administer(server, `CREATE DATABASE ${name} TEMPLATE ${server.template}`);
  const ownerUrl = withDatabase(server.adminUrl, name);
  const url = (user: DatabaseUser) => testConnectionString(ownerUrl, user);
  const clients: PrismaClient[] = [];
  return {
    ownerUrl,
    url,
    client: (user) => {
      const client = createDatabaseClient({ connectionString: user ? url(user) : ownerUrl });
      clients.push(client);
      return client;
    },
    dispose: async () => {
      await Promise.all(clients.splice(0).map((client) => client.$disconnect()));
      // A pool that was ended a moment ago may still be saying goodbye, and a forced end would be an error in the next test. PostgreSQL
      // itself waits 5 s for such sessions; only who stays longer is thrown out.
      await administer(server, `DROP DATABASE IF EXISTS ${name}`).catch(() =>
        administer(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
      );
    },
  };
}
