import type { Worker } from 'bullmq';
import type { Logger } from 'pino';
import { type ProcessOptions, processJob } from './process-job.js';
import type { JobProcessor, QueueBackend } from './queue-backend.js';

const RETRY_MS = { first: 250, most: 10_000 } as const;

/** All that is written about jobs. */
export type JobLogger = Pick<Logger, 'warn' | 'error'>;

export interface JobConsumerOptions extends Omit<ProcessOptions, 'signal'> {
  readonly backend: QueueBackend;
  readonly queueName: string;
  readonly logger: JobLogger;
  /** Jobs at once, >= 1. */
  readonly concurrency: number;
}

/** Takes the jobs of one service until it is closed; keeps trying while the queue's server is away. */
export class JobConsumer {
  private readonly options: JobConsumerOptions;
  private readonly stop = new AbortController();
  private worker: Worker | undefined;
  private opening: Promise<void>;
  private wake: (() => void) | undefined;

  constructor(options: JobConsumerOptions) {
    this.options = options;
    this.opening = this.open();
  }

  /** Resolves when the consumer has taken up its work, or was closed before. */
  get ready(): Promise<void> {
    return this.opening;
  }

  get isRunning(): boolean {
    return this.worker?.isRunning() ?? false;
  }

  /** Takes no more jobs, asks those under way to stop (their signal aborts), and waits for them. */
  async close(): Promise<void> {
    this.stop.abort(new Error('The service shuts down.'));
    this.wake?.();
    await this.opening;
    await this.worker?.close();
  }

  private async open(): Promise<void> {
    const { backend, queueName, logger, concurrency } = this.options;
    for (
      let delayMs: number = RETRY_MS.first;
      !this.stop.signal.aborted;
      delayMs = Math.min(delayMs * 2, RETRY_MS.most)
    ) {
      try {
        this.worker = await backend.worker(queueName, await this.processor(), {
          concurrency,
          onLost: () => this.reopen(),
          onError: (error) => logger.warn({ err: error, queue: queueName }, 'queue connection failed'),
        });
        return;
      } catch (error) {
        logger.warn({ err: error, queue: queueName, retry_ms: delayMs }, 'queue not reachable, jobs wait');
        await this.pause(delayMs);
      }
    }
  }

  private reopen(): void {
    if (this.stop.signal.aborted) return;
    const lost = this.worker;
    this.worker = undefined;
    void lost?.close(true).catch(() => undefined);
    this.opening = this.open();
  }

  private pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, delayMs);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private async processor(): Promise<JobProcessor> {
    const { UnrecoverableError, WaitingError } = await import('bullmq');
    const { logger } = this.options;
    return async (job, token) => {
      const outcome = await processJob(job, { ...this.options, signal: this.stop.signal });
      if (outcome.kind === 'done') return;
      const about = { err: outcome.reason, job: job.name, job_id: job.id, attempt: job.attemptsMade + 1 };
      if (outcome.kind === 'returned') {
        await job.moveToWait(token);
        throw new WaitingError();
      }
      if (outcome.kind === 'rejected') {
        logger.error(about, 'job rejected');
        throw Object.assign(new UnrecoverableError(outcome.reason.message), { stack: outcome.reason.stack });
      }
      logger.warn(about, 'job failed');
      throw outcome.reason;
    };
  }
}
