import { DomainError } from '@gimbal/domain';
import type { Queue, Worker } from 'bullmq';
import type { Redis, RedisOptions } from 'ioredis';
import {
  type JobProcessor,
  type QueueBackend,
  RETENTION,
  WORKER_TIMING,
  type WorkerSettings,
} from './queue-backend.js';
import { traceJobs } from './trace-jobs.js';

export type RedisQueueOptions =
  | { readonly url: string }
  | { readonly host: string; readonly port: number; readonly password: string | undefined; readonly database: number };

const FIRST_CONNECT_MS = 2_000;
const reconnectDelay = (times: number): number => Math.min(100 * 2 ** Math.min(times, 5), 2_000);

const unavailable = (cause?: unknown): DomainError =>
  new DomainError('queue-unavailable', 'The Redis that carries the jobs cannot be reached.', { cause });

interface Producer {
  readonly client: Redis;
  readonly queues: Map<string, Queue>;
  /** The first connect gets time; after that "not ready" means down. */
  readonly firstConnect: Promise<void>;
}

/**
 * BullMQ on Redis. Producers fail at once when Redis is down (no offline queue, and a look at the connection's state before each
 * use); workers wait and reconnect. Redis must run with `appendonly yes` and `maxmemory-policy noeviction`.
 */
export class RedisQueueBackend implements QueueBackend {
  readonly kind = 'redis';
  private readonly options: RedisQueueOptions;
  private producer: Promise<Producer> | undefined;
  private readonly workerClients = new Set<Redis>();
  private closing = false;

  constructor(options: RedisQueueOptions) {
    this.options = options;
  }

  async queue(name: string): Promise<Queue> {
    const { client, queues, firstConnect } = await this.openProducer();
    await firstConnect;
    if (client.status !== 'ready') throw unavailable();
    const opened = queues.get(name);
    if (opened) return opened;
    const { Queue } = await import('bullmq');
    const queue = new Queue(name, { connection: client, defaultJobOptions: RETENTION, ...traceJobs() });
    queue.on('error', () => undefined); // every operation reports its own failure
    queues.set(name, queue);
    return queue;
  }

  async worker(
    name: string,
    processor: JobProcessor,
    { concurrency, onLost, onError }: WorkerSettings,
  ): Promise<Worker> {
    const [{ Worker }, client] = await Promise.all([import('bullmq'), this.connect({ maxRetriesPerRequest: null })]);
    this.workerClients.add(client);
    const worker = new Worker<unknown, void, string>(name, processor, {
      connection: client,
      concurrency,
      runRetryDelay: 1_000,
      ...WORKER_TIMING,
      ...RETENTION,
      ...traceJobs(),
    });
    worker.on('error', onError);
    client.once('end', () => {
      this.workerClients.delete(client);
      if (!this.closing) onLost();
    });
    return worker;
  }

  async ping(): Promise<void> {
    const { client, firstConnect } = await this.openProducer();
    await firstConnect;
    if (client.status !== 'ready') throw unavailable();
    await client.ping();
  }

  async close(): Promise<void> {
    this.closing = true;
    const producer = await this.producer;
    if (producer) await closeProducer(producer);
    for (const client of this.workerClients) client.disconnect();
  }

  private openProducer(): Promise<Producer> {
    this.producer ??= this.createProducer();
    return this.producer;
  }

  private async createProducer(): Promise<Producer> {
    const client = await this.connect({ enableOfflineQueue: false, maxRetriesPerRequest: null });
    const firstConnect = new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, FIRST_CONNECT_MS);
      const done = (): void => {
        clearTimeout(timer);
        resolve();
      };
      client.once('ready', done).once('close', done);
    });
    const producer: Producer = { client, queues: new Map(), firstConnect };
    // ioredis can end in a state from which it does not come back; then everything is built anew on the next use.
    client.once('end', () => {
      if (!this.closing) this.producer = undefined;
    });
    return producer;
  }

  private async connect(more: RedisOptions): Promise<Redis> {
    const { Redis } = await import('ioredis');
    const settings: RedisOptions = { connectTimeout: 2_000, retryStrategy: reconnectDelay, keepAlive: 10_000, ...more };
    const { options } = this;
    const client =
      'url' in options
        ? new Redis(options.url, settings)
        : new Redis({
            ...settings,
            host: options.host,
            port: options.port,
            db: options.database,
            ...(options.password !== undefined && { password: options.password }),
          });
    return client.on('error', () => undefined); // the state of the connection says the same to whoever asks
  }
}

const closeProducer = async ({ client, queues }: Producer): Promise<void> => {
  for (const queue of queues.values()) await queue.close();
  client.disconnect();
};
