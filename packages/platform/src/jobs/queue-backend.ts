import type { Processor, Queue, Worker } from 'bullmq';

export type JobProcessor = Processor<unknown, void, string>;

/** Where queues live. Two adapters: PostgreSQL and Redis; one conformance suite. */
export interface QueueBackend {
  readonly kind: 'postgres' | 'redis';
  /**
   * The queue of a name, opened once.
   * @throws DomainError `queue-unavailable` at once (at most after 3 s) when the server can't be reached
   */
  queue(name: string): Promise<Queue>;
  /** A worker that takes jobs until it is closed; rejects when the server can't be reached. `onLost` is called when it can't recover by itself. */
  worker(name: string, processor: JobProcessor, options: WorkerSettings): Promise<Worker>;
  /** Resolves when the server answers. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface WorkerSettings {
  /** Jobs at once, >= 1. */
  readonly concurrency: number;
  /** Called once when the worker's connection has ended for good. */
  readonly onLost: () => void;
  readonly onError: (error: Error) => void;
}

/**
 * Timing that all workers of a queue must share: a job whose worker was killed starts again after at most lock + interval.
 * Three lost workers are allowed before the job counts as the killer (BullMQ's default of one fails a job after two kills).
 */
export const WORKER_TIMING = { lockDuration: 15_000, stalledInterval: 7_500, maxStalledCount: 3 } as const;

/** Finished jobs stay an hour, so that publishing one again with the same id does nothing; dead letters stay a week. */
export const RETENTION = {
  removeOnComplete: { age: 3_600, count: 1_000 },
  removeOnFail: { age: 604_800, count: 5_000 },
} as const;
