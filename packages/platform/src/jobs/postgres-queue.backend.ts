import { DomainError } from '@gimbal/domain';
import type { Queue, Worker } from 'bullmq';
import type { Pool } from 'pg';
import {
  type JobProcessor,
  type QueueBackend,
  RETENTION,
  WORKER_TIMING,
  type WorkerSettings,
} from './queue-backend.js';
import { traceJobs } from './trace-jobs.js';

export interface PostgresQueueOptions {
  readonly connectionString: string;
  /** Most connections of this process for all its queues, >= 2 (a worker holds one for LISTEN); default 4. Idle ones are closed. */
  readonly poolMax?: number;
}

const unavailable = (cause: unknown): DomainError =>
  new DomainError('queue-unavailable', 'The database that carries the jobs cannot be reached.', { cause });

/**
 * BullMQ on PostgreSQL: schema `bullmq`, which the database migrations create. One pool for all queues and workers of the process.
 * A worker sleeps on LISTEN and costs nothing while idle.
 */
export class PostgresQueueBackend implements QueueBackend {
  readonly kind = 'postgres';
  private readonly options: PostgresQueueOptions;
  private readonly queues = new Map<string, Promise<Queue>>();
  private pool: Promise<Pool> | undefined;

  constructor(options: PostgresQueueOptions) {
    this.options = options;
  }

  async queue(name: string): Promise<Queue> {
    const opened = this.queues.get(name);
    if (opened) return opened;
    const opening = this.open(name);
    this.queues.set(name, opening);
    // BullMQ remembers a failed connect for ever, so a queue that could not be opened is forgotten and opened anew next time.
    opening.catch(() => this.queues.delete(name));
    return opening;
  }

  async worker(name: string, processor: JobProcessor, { concurrency, onError }: WorkerSettings): Promise<Worker> {
    const { createPostgresBackend, Worker } = await import('bullmq');
    await this.ping();
    const connection = await this.openPool();
    const worker = new Worker<unknown, void, string>(
      name,
      processor,
      // A notification that is lost with its connection costs a worker `drainDelay` seconds at most; looking that often costs next to nothing.
      {
        connection,
        concurrency,
        drainDelay: 5,
        runRetryDelay: 1_000,
        ...WORKER_TIMING,
        ...RETENTION,
        ...traceJobs(),
      } as never,
      createPostgresBackend as never,
    ); // BullMQ types a worker's connection as Redis's whatever the backend
    worker.on('error', onError);
    await worker.waitUntilReady().catch(async (error: unknown) => {
      await worker.close(true).catch(onError);
      throw unavailable(error);
    });
    return worker;
  }

  async ping(): Promise<void> {
    const pool = await this.openPool();
    await pool.query('SELECT 1').catch((error: unknown) => {
      throw unavailable(error);
    });
  }

  async close(): Promise<void> {
    const queues = await Promise.allSettled(this.queues.values());
    for (const opened of queues) if (opened.status === 'fulfilled') await opened.value.close();
    await (await this.pool)?.end();
  }

  private async open(name: string): Promise<Queue> {
    const { createPostgresBackend, Queue } = await import('bullmq');
    const connection = await this.openPool();
    const queue = new Queue(
      name,
      { connection, defaultJobOptions: RETENTION, ...traceJobs() } as never,
      createPostgresBackend as never,
    ); // as above
    queue.on('error', () => undefined); // every operation reports its own failure; the pool's idle errors are logged by nobody's need
    try {
      await queue.waitUntilReady();
    } catch (error) {
      await queue.close().catch(() => undefined);
      throw unavailable(error);
    }
    return queue;
  }

  private openPool(): Promise<Pool> {
    this.pool ??= import('pg').then(({ default: pg }) => {
      const pool = new pg.Pool({
        connectionString: this.options.connectionString,
        options: '-c search_path=bullmq',
        max: this.options.poolMax ?? 4,
        idleTimeoutMillis: 10_000,
        connectionTimeoutMillis: 3_000,
        keepAlive: true,
      });
      pool.setMaxListeners(50); // each queue and worker of the process listens
      // BullMQ holds clients without listening to them: one whose connection broke in its hands would end the process.
      pool.on('connect', (client) => void client.on('error', () => undefined));
      return pool.on('error', () => undefined); // an idle connection broke; the next query opens another
    });
    return this.pool;
  }
}
