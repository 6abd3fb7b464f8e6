import { encodeWire } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import type { Job, JobsOptions, Queue } from 'bullmq';
import { isError } from '../start-service/error-facts.js';
import {
  assertHandlersComplete,
  assertJobId,
  type ConsumerOf,
  type DefaultCatalogue,
  type HandlersFor,
  type JobCatalogue,
  type JobNameOf,
  type PayloadOf,
} from './job-catalogue.js';
import { JobConsumer, type JobLogger } from './job-consumer.js';
import { type EncodedJob, joinBatched } from './join-batched.js';
import type { AnyHandler } from './process-job.js';
import type { QueueBackend } from './queue-backend.js';
import { within } from './within.js';

/** After this long an `add` counts as "outcome unknown"; publishing again with the same id is safe. */
const ADD_TIMEOUT_MS = 2_000;
const READ_TIMEOUT_MS = 5_000;

/** A job that ran out of tries, or that could never succeed. Kept for a week. */
export interface DeadLetter {
  readonly jobId: string;
  readonly name: string;
  /** As it travelled: snake_case JSON. */
  readonly payload: unknown;
  readonly reason: string;
  readonly attempts: number;
  readonly failedAt: Date | null;
}

export interface JobCounts {
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
  readonly dead: number;
}

export interface Schedule<C extends JobCatalogue, N extends JobNameOf<C>> {
  /** Stable name; setting a schedule again under it replaces it. */
  readonly id: string;
  readonly name: N;
  readonly payload: PayloadOf<C, N>;
  /** Cron expression in UTC, or a period. */
  readonly when: { readonly cron: string } | { readonly everyMs: number };
}

/**
 * The jobs of the system on either backend: one queue per consuming service, named after it. Typed by the catalogue, parsed at both ends.
 */
export class JobQueue<C extends JobCatalogue = DefaultCatalogue> {
  private readonly catalogue: C;
  private readonly backend: QueueBackend;
  private readonly logger: JobLogger;
  private readonly consumers = new Map<string, JobConsumer>();

  constructor(parts: { readonly catalogue: C; readonly backend: QueueBackend; readonly logger: JobLogger }) {
    this.catalogue = parts.catalogue;
    this.backend = parts.backend;
    this.logger = parts.logger;
  }

  get kind(): QueueBackend['kind'] {
    return this.backend.kind;
  }

  /** The wire form of a payload, checked. Throws a ZodError when it breaks its contract: that is a bug of the producer. */
  encode<N extends JobNameOf<C>>(name: N, payload: PayloadOf<C, N>): unknown {
    return encodeWire(this.definition(name).schema, payload);
  }

  /**
   * Publishes one job. A job whose id is known already (for an hour after its end) is not added again.
   * @throws DomainError `queue-unavailable`; the job may or may not have arrived: publish again with the same id
   */
  async publish<N extends JobNameOf<C>>(
    name: N,
    payload: PayloadOf<C, N>,
    options: { readonly jobId: string; readonly delayMs?: number },
  ): Promise<void> {
    assertJobId(options.jobId);
    const { consumer } = this.definition(name);
    const data = this.encode(name, payload);
    const queue = await this.queueOf(consumer);
    await within(
      ADD_TIMEOUT_MS,
      queue.add(name, data, {
        ...this.optionsOf(name, options.jobId),
        ...(options.delayMs !== undefined && { delay: options.delayMs }),
      }),
    );
  }

  /**
   * Publishes jobs that are in wire form already, one round trip per queue; batched ones travel together.
   * @returns the jobs that can never be published, with the reason; all others were
   * @throws DomainError `queue-unavailable`; publish all again
   */
  async publishEncoded(
    jobs: readonly EncodedJob[],
  ): Promise<ReadonlyArray<{ readonly job: EncodedJob; readonly reason: string }>> {
    const refused = jobs.flatMap((job) => {
      const reason = this.refusal(job);
      return reason === undefined ? [] : [{ job, reason }];
    });
    const sound = refused.length === 0 ? jobs : jobs.filter((job) => !refused.some((one) => one.job === job));
    const byConsumer = new Map<string, Array<{ name: string; data: unknown; opts: JobsOptions }>>();
    for (const { name, payload, jobId } of joinBatched(this.catalogue, sound)) {
      const { consumer } = this.definition(name);
      const added = byConsumer.get(consumer) ?? [];
      byConsumer.set(consumer, added);
      added.push({ name, data: payload, opts: this.optionsOf(name, jobId) });
    }
    for (const [consumer, added] of byConsumer)
      await within(READ_TIMEOUT_MS, (await this.queueOf(consumer)).addBulk(added));
    return refused;
  }

  /**
   * Starts to take the jobs of `service`.
   * @throws Error when a job has no handler, or the service is consumed already in this process
   */
  consume<S extends ConsumerOf<C>>(
    service: S,
    handlers: HandlersFor<S, C>,
    options: { readonly concurrency?: number } = {},
  ): JobConsumer {
    assertHandlersComplete(this.catalogue, service, handlers);
    if (this.consumers.has(service)) throw new Error(`The jobs of ${service} have two sets of handlers.`);
    const consumer = new JobConsumer({
      catalogue: this.catalogue,
      service,
      handlers: handlers as unknown as Readonly<Record<string, AnyHandler>>, // complete, as was just checked
      backend: this.backend,
      queueName: queueName(service),
      logger: this.logger,
      concurrency: options.concurrency ?? 1,
    });
    this.consumers.set(service, consumer);
    return consumer;
  }

  /**
   * Publishes a job again and again. Survives restarts; however many replicas set it, it runs once per turn.
   * @returns when it runs next
   * @throws DomainError `invalid-schedule` when the cron expression is not one
   */
  async schedule<N extends JobNameOf<C>>({ id, name, payload, when }: Schedule<C, N>): Promise<Date> {
    assertJobId(id);
    const { consumer, attempts, backoff } = this.definition(name);
    const queue = await this.queueOf(consumer);
    const repeat = 'cron' in when ? { pattern: when.cron, tz: 'UTC' } : { every: when.everyMs };
    const opts = { attempts, backoff: { type: backoff.type, delay: backoff.delayMs, jitter: 0.2 } };
    const template = { name, data: this.encode(name, payload), opts };
    const next = await within(READ_TIMEOUT_MS, queue.upsertJobScheduler(id, repeat, template)).catch(
      (error: unknown) => {
        if ('cron' in when && !(error instanceof DomainError))
          throw new DomainError('invalid-schedule', 'The cron expression cannot be read.', { cause: error });
        throw error;
      },
    );
    return 'cron' in when
      ? wholeSecond(next.timestamp + (next.opts.delay ?? 0))
      : new Date(next.timestamp + (next.opts.delay ?? 0));
  }

  /** Ends a schedule; true when there was one. */
  async unschedule(service: ConsumerOf<C>, id: string): Promise<boolean> {
    return within(READ_TIMEOUT_MS, (await this.queueOf(service)).removeJobScheduler(id));
  }

  /** Ids of the schedules whose jobs go to `service`, with the time of their next job. */
  async listSchedules(
    service: ConsumerOf<C>,
  ): Promise<ReadonlyArray<{ readonly id: string; readonly next: Date | null }>> {
    const schedulers = await within(READ_TIMEOUT_MS, (await this.queueOf(service)).getJobSchedulers(0, 999, true));
    return schedulers.map(({ key, next, pattern }) => ({
      id: key,
      next: next === undefined ? null : pattern === undefined ? new Date(Number(next)) : wholeSecond(Number(next)),
    }));
  }

  /** The dead letters of a service, newest first. */
  async listDeadLetters(
    service: ConsumerOf<C>,
    page: { readonly offset?: number; readonly limit?: number } = {},
  ): Promise<readonly DeadLetter[]> {
    const { offset = 0, limit = 50 } = page;
    const jobs = await within(
      READ_TIMEOUT_MS,
      (await this.queueOf(service)).getJobs(['failed'], offset, offset + limit - 1),
    );
    return jobs.filter((job) => job !== undefined).map(toDeadLetter);
  }

  /**
   * Gives a dead letter all its tries again.
   * @throws DomainError `job-not-found` when there is no such dead letter
   */
  async retryDeadLetter(service: ConsumerOf<C>, jobId: string): Promise<void> {
    const job = await within(READ_TIMEOUT_MS, (await this.queueOf(service)).getJob(jobId));
    if (!job || !(await within(READ_TIMEOUT_MS, job.isFailed())))
      throw new DomainError('job-not-found', `There is no dead letter ${jobId} of ${service}.`);
    await within(READ_TIMEOUT_MS, job.retry('failed', { resetAttemptsMade: true }));
  }

  async counts(service: ConsumerOf<C>): Promise<JobCounts> {
    const counts = await within(
      READ_TIMEOUT_MS,
      (await this.queueOf(service)).getJobCounts('waiting', 'prioritized', 'active', 'delayed', 'failed'),
    );
    const { waiting = 0, prioritized = 0, active = 0, delayed = 0, failed = 0 } = counts;
    return { waiting: waiting + prioritized, active, delayed, dead: failed };
  }

  /** @throws DomainError `queue-unavailable` */
  async ping(): Promise<void> {
    await within(ADD_TIMEOUT_MS, this.backend.ping());
  }

  /** Stops taking jobs; publishing still works. */
  async stopConsuming(): Promise<void> {
    await Promise.all([...this.consumers.values()].map((consumer) => consumer.close()));
  }

  async close(): Promise<void> {
    await this.stopConsuming();
    await this.backend.close();
  }

  private definition(name: string) {
    const definition = Object.hasOwn(this.catalogue, name) ? this.catalogue[name] : undefined;
    if (!definition) throw new TypeError(`There is no job ${name}.`);
    return definition;
  }

  private optionsOf(name: string, jobId: string): JobsOptions {
    const { attempts, backoff } = this.definition(name);
    return {
      jobId,
      attempts,
      backoff: { type: backoff.type, delay: backoff.delayMs, jitter: 0.2 },
      stackTraceLimit: 3,
    };
  }

  private refusal({ name, payload, jobId }: EncodedJob): string | undefined {
    try {
      assertJobId(jobId);
      const parsed = this.definition(name).schema.safeParse(payload);
      return parsed.success ? undefined : `The payload breaks the contract of ${name}.`;
    } catch (error) {
      return isError(error) ? error.message : 'The job cannot be published.';
    }
  }

  private queueOf(service: string): Promise<Queue> {
    return within(READ_TIMEOUT_MS, this.backend.queue(queueName(service)));
  }
}

/** BullMQ adds a creation time and a delay that were read from the clock one after the other: the sum may miss the turn by a millisecond. */
const wholeSecond = (milliseconds: number): Date => new Date(Math.round(milliseconds / 1_000) * 1_000);

/** Name of a service's queue: also the `queue` label of the metrics. */
export const queueName = (service: string): string => `gimbal-${service}`;

const toDeadLetter = (job: Job): DeadLetter => ({
  jobId: job.id ?? '',
  name: job.name,
  payload: job.data,
  reason: job.failedReason ?? '',
  attempts: job.attemptsMade,
  failedAt: job.finishedOn === undefined ? null : new Date(job.finishedOn),
});
