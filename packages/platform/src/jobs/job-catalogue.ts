import type { JOBS, JobDefinition } from '@gimbal/contracts';
import type { z } from 'zod';

/** A catalogue of jobs: name -> definition. The system's own is `JOBS`. */
export type JobCatalogue = Readonly<Record<string, JobDefinition>>;
export type DefaultCatalogue = typeof JOBS;

export type JobNameOf<C extends JobCatalogue> = keyof C & string;
export type PayloadOf<C extends JobCatalogue, N extends JobNameOf<C>> = z.output<C[N]['schema']>;
export type ConsumerOf<C extends JobCatalogue> = C[JobNameOf<C>]['consumer'];
/** Names of all jobs addressed to one service. */
type JobsAddressedTo<C extends JobCatalogue, S> = {
  [N in JobNameOf<C>]: C[N]['consumer'] extends S ? N : never;
}[JobNameOf<C>];

/** What a handler learns besides the payload. */
export interface JobContext {
  readonly jobId: string;
  /** 1 on the first try. */
  readonly attempt: number;
  readonly attemptsMax: number;
  /** When the job was published. */
  readonly publishedAt: Date;
  /** Aborts when the service shuts down: stop soon. A handler that then throws gives the job back without using up a try. */
  readonly signal: AbortSignal;
}

/** What a handler is given: of batched jobs, the payloads that travelled together. */
type HandledOf<C extends JobCatalogue, N extends JobNameOf<C>> = C[N] extends { readonly batched: true }
  ? readonly PayloadOf<C, N>[]
  : PayloadOf<C, N>;

type JobHandler<C extends JobCatalogue, N extends JobNameOf<C>> = (
  handled: HandledOf<C, N>,
  context: JobContext,
) => Promise<void>;

/** A handler for every job addressed to `S`: a missing one does not compile. */
export type HandlersFor<S extends ConsumerOf<C>, C extends JobCatalogue = DefaultCatalogue> = {
  readonly [N in JobsAddressedTo<C, S>]: JobHandler<C, N>;
};

/**
 * Holds a handler map against the catalogue at boot, where TypeScript no longer watches.
 * @throws Error naming every job without a handler and every handler without a job
 */
export function assertHandlersComplete(
  catalogue: JobCatalogue,
  service: string,
  handlers: Readonly<Record<string, unknown>>,
): void {
  const addressed = Object.entries(catalogue).flatMap(([name, { consumer }]) => (consumer === service ? [name] : []));
  const missing = addressed.filter((name) => typeof handlers[name] !== 'function');
  const foreign = Object.keys(handlers).filter((name) => !addressed.includes(name));
  const faults = [
    ...missing.map((name) => `${name} has no handler`),
    ...foreign.map((name) => `${name} is not addressed to it`),
  ];
  if (faults.length > 0) throw new Error(`The jobs of ${service}: ${faults.join('; ')}.`);
}

/** Thrown by a handler whose job can never succeed: it goes to the dead letters without another try. */
export class JobRejectedError extends Error {
  constructor(reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.name = 'JobRejectedError';
  }
}

const JOB_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/;

/** On Redis a job lies beside these keys of its queue, under its own id: the same word would overwrite them. */
const RESERVED = new Set(
  'active wait waiting-children paused id delayed prioritized stalled-check completed failed stalled repeat limiter meta events pc marker de'.split(
    ' ',
  ),
);

/** A job id both backends accept; throws on another. A bare number would collide with the ids that BullMQ gives itself. */
export function assertJobId(jobId: string): void {
  if (!JOB_ID.test(jobId) || /^\d+$/.test(jobId) || RESERVED.has(jobId)) {
    throw new TypeError(
      'A job id has 1 to 200 letters, digits, dots, dashes or underscores and is no bare number and no word of BullMQ.',
    );
  }
}
