import { startTestDatabase, type TestDatabase } from '@gimbal/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { PostgresQueueBackend } from './postgres-queue.backend.js';

let database: TestDatabase;
let backend: PostgresQueueBackend;
beforeAll(async () => {
  database = await startTestDatabase();
  backend = new PostgresQueueBackend({ connectionString: database.url('gateway') });
});
afterAll(async () => {
  await backend.close();
  await database.dispose();
});

// Guards the process: BullMQ checks clients out for its transactions without listening to them, and pg emits 'error' on a client
// whose server is killed; with no listener Node ends the process.
it('outlives a connection that breaks while it is checked out', async () => {
  const pool = await backend['openPool']();
  const client = await pool.connect();
  const ended = new Promise((resolve) => client.once('end', resolve));
  await expect(client.query('SELECT pg_terminate_backend(pg_backend_pid())')).rejects.toThrow();
  await ended;
  client.release(true);
  await expect(backend.ping()).resolves.toBeUndefined();
});
