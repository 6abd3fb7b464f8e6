import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { type JobDefinition, wire } from '@gimbal/contracts';
import { eventually, startTestDatabase, startTestRedis, type TestDatabase } from '@gimbal/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Worker } from 'bullmq';
import { pino } from 'pino';
import { z } from 'zod';
import { JobQueue, queueName } from './job-queue.js';
import { PostgresQueueBackend } from './postgres-queue.backend.js';
import type { QueueBackend } from './queue-backend.js';
import { RedisQueueBackend } from './redis-queue.backend.js';

const JOBS = {
  'window.due': {
    consumer: 'monitoring',
    attempts: 1,
    backoff: { type: 'fixed', delayMs: 50 },
    schema: wire({ v: z.literal(1) }),
  },
} as const satisfies Record<string, JobDefinition>;

/** The queue gives up after 2 s; a busy machine may be late to say so. Without that limit it would wait until the server is back. */
const FAILS_WITHIN_MS = 15_000;

/** A server that can be away: refuses and cuts every connection while it is shut. */
class Gate {
  private readonly sockets = new Set<Socket>();
  private server: Server | undefined;
  private port = 0;

  constructor(private readonly target: URL) {}

  async open(): Promise<void> {
    this.server = createServer((socket) => {
      const onward = connect(Number(this.target.port), this.target.hostname);
      for (const end of [socket, onward]) {
        this.sockets.add(end);
        end
          .on('error', () => undefined)
          .on('close', () => {
            socket.destroy();
            onward.destroy();
          });
      }
      socket.pipe(onward).pipe(socket);
    }).listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    const address = this.server.address();
    if (typeof address === 'object' && address) this.port = address.port;
  }

  async shut(): Promise<void> {
    if (!this.server?.listening) return;
    const closed = once(this.server, 'close');
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  url(): string {
    const url = new URL(this.target);
    url.hostname = '127.0.0.1';
    url.port = String(this.port);
    return url.href;
  }
}

let database: TestDatabase;
const redis = await startTestRedis();
const cleanups: Array<() => Promise<void>> = [];

beforeAll(async () => {
  database = await startTestDatabase();
});
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});
afterAll(async () => {
  await database.dispose();
  await redis?.dispose();
});

const servers = [
  {
    name: 'PostgreSQL',
    isHere: true,
    target: () => database.url('monitoring'),
    open: (url: string): QueueBackend => new PostgresQueueBackend({ connectionString: url }),
  },
  {
    name: 'Redis',
    isHere: redis !== null,
    target: () => redis?.url ?? '',
    open: (url: string): QueueBackend => new RedisQueueBackend({ url }),
  },
].filter(({ isHere }) => isHere);

describe.each(servers)('with $name', ({ target, open }) => {
  const queueAt = (url: string): JobQueue<typeof JOBS> => {
    const queue = new JobQueue({ catalogue: JOBS, backend: open(url), logger: pino({ level: 'silent' }) });
    cleanups.push(() => queue.close());
    return queue;
  };
  const gateTo = async (): Promise<Gate> => {
    const gate = new Gate(new URL(target()));
    await gate.open();
    cleanups.push(() => gate.shut());
    return gate;
  };
  const publish = (queue: JobQueue<typeof JOBS>, jobId: string) => queue.publish('window.due', { v: 1 }, { jobId });

  it('away, publishing fails soon as queue-unavailable, and works again when it is back', async () => {
    const gate = await gateTo();
    const queue = queueAt(gate.url());
    await publish(queue, 'before');
    await gate.shut();
    for (let round = 0; round < 2; round++) {
      const started = Date.now();
      await expect(publish(queue, 'while-away')).rejects.toMatchObject({ code: 'queue-unavailable' });
      expect(Date.now() - started).toBeLessThan(FAILS_WITHIN_MS);
      await expect(queue.ping()).rejects.toMatchObject({ code: 'queue-unavailable' });
    }
    await gate.open();
    await eventually(() => publish(queue, 'while-away'));
    await queue.ping();
  });

  it('away at the start, consumers begin and publishing works as soon as it comes', async () => {
    const gate = await gateTo();
    await gate.shut();
    const queue = queueAt(gate.url());
    const seen: string[] = [];
    queue.consume('monitoring', { 'window.due': async (_payload, { jobId }) => void seen.push(jobId) });
    const started = Date.now();
    await expect(publish(queue, 'too-early')).rejects.toMatchObject({ code: 'queue-unavailable' });
    expect(Date.now() - started).toBeLessThan(FAILS_WITHIN_MS);
    await gate.open();
    await eventually(() => publish(queue, 'in-time'));
    await eventually(() => expect(seen).toContain('in-time'));
  });

  it('away for a while, a consumer goes on by itself', async () => {
    const gate = await gateTo();
    const queue = queueAt(gate.url());
    const direct = queueAt(target());
    const seen: string[] = [];
    const consumer = queue.consume('monitoring', {
      'window.due': async (_payload, { jobId }) => void seen.push(jobId),
    });
    await consumer.ready;
    await publish(direct, 'first-job');
    await eventually(() => expect(seen).toContain('first-job'));
    await gate.shut();
    await publish(direct, 'second-job');
    await gate.open();
    await eventually(() => expect(seen).toContain('second-job'));
  });

  it('a job whose worker was killed is done by another', async () => {
    const queue = queueAt(target());
    await publish(queue, 'orphan');
    const backend = open(target());
    cleanups.push(() => backend.close());
    // A worker that dies is one that never answers and no longer renews its lock.
    let taken = false;
    const doomed = await backend.worker(
      queueName('monitoring'),
      () =>
        new Promise<void>(() => {
          taken = true;
        }),
      { concurrency: 1, onLost: () => undefined, onError: () => undefined },
    );
    await eventually(() => expect(taken).toBe(true));
    expect(doomed).toBeInstanceOf(Worker);
    await doomed.close(true);
    const seen: string[] = [];
    queue.consume('monitoring', { 'window.due': async (_payload, { jobId }) => void seen.push(jobId) });
    await eventually(() => expect(seen).toContain('orphan'));
  });
});
