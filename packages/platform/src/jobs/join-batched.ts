import { createHash } from 'node:crypto';
import type { JobCatalogue } from './job-catalogue.js';

/** A job in its wire form, as the outbox keeps it. */
export interface EncodedJob {
  readonly name: string;
  readonly payload: unknown;
  readonly jobId: string;
}

/** The same jobs, those of each batched kind joined to one where the first of them stood. */
export function joinBatched(catalogue: JobCatalogue, jobs: readonly EncodedJob[]): readonly EncodedJob[] {
  const units = Map.groupBy(jobs, (job) => (catalogue[job.name]?.batched ? job.name : job));
  return [...units].flatMap(([kind, unit]) => (typeof kind === 'string' ? [joinAs(kind, unit)] : unit));
}

/** The same jobs again have the same id. Any others have another, also when they begin or end alike: none may pass for a repetition. */
function joinAs(name: string, jobs: readonly EncodedJob[]): EncodedJob {
  const ids = createHash('sha256').update(jobs.map(({ jobId }) => jobId).join(' '));
  return { name, payload: jobs.map(({ payload }) => payload), jobId: `batch-${ids.digest('hex')}` };
}
