import { Actor, DeclaredForm } from '@gimbal/contracts';
import type { BatchPrediction as BatchPredictionRow } from '@gimbal/db';
import { z } from 'zod';

/** A dataset in one version. */
const StoredDataset = z.object({ name: z.string(), version: z.int().min(1) });

/** All that was asked beside model and version, as the column `request` keeps it. */
export const StoredBatchRequest = z.object({
  /** Null: the file was sent along. */
  dataset: StoredDataset.nullable(),
  form: z.record(z.string(), z.string()).transform((form) => DeclaredForm.parse(form)),
  include: z.array(z.string()),
  format: z.enum(['csv', 'ndjson']),
  requestedBy: Actor,
  /** Of the version when the work began; null before. */
  threshold: z.number().nullable(),
});
export type StoredBatchRequest = z.output<typeof StoredBatchRequest>;

/** A batch prediction that this attempt holds until another one takes it over. */
export interface ClaimedBatch extends BatchPredictionRow {
  readonly asked: StoredBatchRequest;
}

/** @throws ZodError when the row was not written by this program */
export const readClaimed = (row: BatchPredictionRow): ClaimedBatch => ({
  ...row,
  asked: StoredBatchRequest.parse(row.request),
});

/** Nothing changes after these. */
export const isOver = ({ state }: Pick<BatchPredictionRow, 'state'>): boolean =>
  state === 'succeeded' || state === 'failed' || state === 'cancelled';
