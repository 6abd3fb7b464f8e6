import { type JobDefinition, wire } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import { eventually, startTestDatabase, type TestDatabase } from '@gimbal/testing';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import pg from 'pg';
import { pino } from 'pino';
import { z } from 'zod';
import type { EncodedJob } from '../jobs/join-batched.js';
import { OutboxRelay, type OutboxTarget, SAFETY_POLL_MS } from './outbox-relay.js';
import { OutboxWriter } from './outbox-writer.js';

const JOBS = {
  'window.closed': {
    consumer: 'agent',
    attempts: 1,
    backoff: { type: 'fixed', delayMs: 10 },
    schema: wire({ v: z.literal(1), windowId: z.string() }),
  },
} as const satisfies Record<string, JobDefinition>;

/** A queue that keeps what it was given, takes an id once, and can be away. */
class MemoryQueue implements OutboxTarget {
  readonly jobs = new Map<string, EncodedJob>();
  away = false;
  calls = 0;

  async publishEncoded(jobs: readonly EncodedJob[]) {
    this.calls += 1;
    if (this.away) throw new DomainError('queue-unavailable', 'away');
    const refused = jobs
      .filter(({ name }) => name !== 'window.closed')
      .map((job) => ({ job, reason: `There is no job ${job.name}.` }));
    for (const job of jobs) if (job.name === 'window.closed') this.jobs.set(job.jobId, job);
    return refused;
  }
}

let database: TestDatabase;
let pool: pg.Pool;
let queue: MemoryQueue;
const writer = new OutboxWriter({ catalogue: JOBS, owner: 'monitoring' });
const relays: OutboxRelay[] = [];

const startRelay = (connectionString = database.url('monitoring')): OutboxRelay => {
  const relay = new OutboxRelay({ connectionString, owner: 'monitoring', queue, logger: pino({ level: 'silent' }) });
  relays.push(relay);
  relay.start();
  return relay;
};

/** Runs `work` in a transaction and ends it as told. */
const inTransaction = async (
  end: 'COMMIT' | 'ROLLBACK',
  work: (client: pg.PoolClient) => Promise<void>,
): Promise<void> => {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await work(client);
    await client.query(end);
  } finally {
    client.release();
  }
};

const unpublished = async (): Promise<number> =>
  Number((await pool.query('SELECT count(*) FROM outbox WHERE published_at IS NULL')).rows[0].count);

beforeAll(async () => {
  database = await startTestDatabase();
  pool = new pg.Pool({ connectionString: database.url('monitoring'), max: 4 });
});
beforeEach(async () => {
  for (const relay of relays.splice(0)) await relay.close();
  await pool.query('DELETE FROM outbox');
  queue = new MemoryQueue();
});
afterAll(async () => {
  for (const relay of relays) await relay.close();
  await pool?.end();
  await database?.dispose();
});

it('publishes what was committed, within moments, and nothing of what was rolled back', async () => {
  startRelay();
  let id = '';
  await inTransaction('COMMIT', async (client) => {
    id = await writer.enqueue(client, 'window.closed', { v: 1, windowId: 'kept' });
  });
  await inTransaction('ROLLBACK', async (client) => {
    await writer.enqueue(client, 'window.closed', { v: 1, windowId: 'never' });
  });
  const committedAt = Date.now();
  await eventually(() =>
    expect([...queue.jobs.values()]).toEqual([
      { name: 'window.closed', jobId: id, payload: { v: 1, window_id: 'kept' } },
    ]),
  );
  expect(Date.now() - committedAt).toBeLessThan(SAFETY_POLL_MS);
  await eventually(async () => expect(await unpublished()).toBe(0));
});

it('writes through a Prisma transaction, too', async () => {
  const prisma = database.client('monitoring');
  const id = await prisma.$transaction((tx) => writer.enqueue(tx, 'window.closed', { v: 1, windowId: 'prisma' }));
  startRelay();
  await eventually(() => expect(queue.jobs.get(id)?.payload).toEqual({ v: 1, window_id: 'prisma' }));
});

it('refuses a payload that breaks its contract before anything is written', async () => {
  const payload: { v: 1; windowId: string } = JSON.parse('{"v": 1, "windowId": 7}');
  await expect(writer.enqueue(pool, 'window.closed', payload)).rejects.toMatchObject({
    issues: [{ path: ['window_id'] }],
  });
  expect(await unpublished()).toBe(0);
});

it('keeps everything while the queue is away and publishes it when it is back', async () => {
  queue.away = true;
  for (let row = 0; row < 250; row++) await writer.enqueue(pool, 'window.closed', { v: 1, windowId: `w${row}` });
  startRelay();
  await eventually(() => expect(queue.calls).toBeGreaterThan(1));
  expect(await unpublished()).toBe(250);
  queue.away = false;
  await eventually(() => expect(queue.jobs.size).toBe(250));
  await eventually(async () => expect(await unpublished()).toBe(0));
});

it('shares the rows between relays, so that each is published by one', async () => {
  for (let row = 0; row < 300; row++) await writer.enqueue(pool, 'window.closed', { v: 1, windowId: `w${row}` });
  let published = 0;
  const counting = {
    publishEncoded: async (jobs: readonly EncodedJob[]) => {
      published += jobs.length;
      return queue.publishEncoded(jobs);
    },
  };
  for (let relay = 0; relay < 3; relay++) {
    const one = new OutboxRelay({
      connectionString: database.url('monitoring'),
      owner: 'monitoring',
      queue: counting,
      logger: pino({ level: 'silent' }),
    });
    relays.push(one);
    one.start();
  }
  await eventually(async () => expect(await unpublished()).toBe(0));
  expect([queue.jobs.size, published]).toEqual([300, 300]);
});

it('goes on after its connection was cut', async () => {
  startRelay();
  await writer.enqueue(pool, 'window.closed', { v: 1, windowId: 'before' });
  await eventually(() => expect(queue.jobs.size).toBe(1));
  const owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  await owner.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'outbox-relay' AND datname = current_database()",
  );
  await owner.end();
  await writer.enqueue(pool, 'window.closed', { v: 1, windowId: 'after' });
  await eventually(() => expect(queue.jobs.size).toBe(2));
});

it('sets a row aside that can never be published, with the reason, and publishes the others', async () => {
  await pool.query("INSERT INTO outbox (owner, name, payload) VALUES ('monitoring', 'no.such', '{}')");
  await writer.enqueue(pool, 'window.closed', { v: 1, windowId: 'fine' });
  startRelay();
  await eventually(() => expect(queue.jobs.size).toBe(1));
  await writer.enqueue(pool, 'window.closed', { v: 1, windowId: 'fine-too' });
  await eventually(() => expect(queue.jobs.size).toBe(2));
  const { rows } = await pool.query('SELECT last_error, attempts FROM outbox WHERE published_at IS NULL');
  expect(rows).toEqual([{ last_error: 'There is no job no.such.', attempts: expect.any(Number) }]);
});

it('prunes what was published more than a day ago', async () => {
  await pool.query(
    "INSERT INTO outbox (owner, name, payload, published_at) VALUES ('monitoring', 'window.closed', '{}', now() - interval '25 hours'), ('monitoring', 'window.closed', '{}', now())",
  );
  startRelay();
  await eventually(async () => expect((await pool.query('SELECT id FROM outbox')).rowCount).toBe(1));
});
