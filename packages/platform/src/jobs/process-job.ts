import type { JobDefinition } from '@gimbal/contracts';
import type { Job } from 'bullmq';
import { z } from 'zod';
import { serializeError } from '../start-service/create-logger.js';
import { type JobCatalogue, type JobContext, JobRejectedError } from './job-catalogue.js';

export type AnyHandler = (payload: never, context: JobContext) => Promise<void>;

/** How a try ended. `rejected` jobs are not tried again; `returned` ones did not use up a try. */
export type JobOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed' | 'rejected' | 'returned'; readonly reason: Error };

export interface ProcessOptions {
  readonly catalogue: JobCatalogue;
  readonly service: string;
  readonly handlers: Readonly<Record<string, AnyHandler>>;
  readonly signal: AbortSignal;
}

/** The failure as the queue may keep it: without what a database library quotes of its arguments. */
const storable = (error: unknown): Error => {
  const safe = serializeError(error);
  const reason = new Error(safe ? safe.message : 'The handler failed without an error.');
  reason.name = safe?.type ?? 'Error';
  reason.stack = `${reason.name}: ${reason.message}\n${safe?.stack ?? ''}`;
  return reason;
};

/** A batched job that was published by itself has its payload in no list. */
function schemaOf({ schema, batched }: JobDefinition): z.ZodType {
  const list = (data: unknown): unknown => (Array.isArray(data) ? data : [data]);
  return batched ? z.preprocess(list, z.array(schema)) : schema;
}

/** Runs one try of a job: parses the payload again at this end, then calls its handler. Never throws. */
export async function processJob(
  job: Pick<Job<unknown>, 'id' | 'name' | 'data' | 'attemptsMade' | 'opts' | 'timestamp'>,
  options: ProcessOptions,
): Promise<JobOutcome> {
  const definition = Object.hasOwn(options.catalogue, job.name) ? options.catalogue[job.name] : undefined;
  const handler = Object.hasOwn(options.handlers, job.name) ? options.handlers[job.name] : undefined;
  if (!definition || !handler)
    return { kind: 'rejected', reason: new Error(`${options.service} has no handler for ${job.name}.`) };
  const parsed = schemaOf(definition).safeParse(job.data);
  if (!parsed.success) {
    const faults = parsed.error.issues.slice(0, 5).map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    return {
      kind: 'rejected',
      reason: new Error(`The payload breaks the contract of ${job.name}: ${faults.join('; ').slice(0, 1_000)}`),
    };
  }
  const context: JobContext = {
    jobId: job.id ?? '',
    attempt: job.attemptsMade + 1,
    attemptsMax: job.opts.attempts ?? 1,
    publishedAt: new Date(job.timestamp),
    signal: options.signal,
  };
  try {
    await handler(parsed.data as never, context); // parsed by the very schema that types this handler
    return { kind: 'done' };
  } catch (error) {
    if (error instanceof JobRejectedError) return { kind: 'rejected', reason: storable(error) };
    return { kind: options.signal.aborted ? 'returned' : 'failed', reason: storable(error) };
  }
}
