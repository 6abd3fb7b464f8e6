import { Actor, Algorithm, Search, TrainingData } from '@gimbal/contracts';
import type { TrainingRun as TrainingRunRow } from '@gimbal/db';
import { z } from 'zod';
import { StoredSearch } from '../search/stored-search.js';

/** All that was asked beside the data, as the column `request` keeps it: another attempt does the same. */
export const StoredRequest = z.object({
  algorithms: z.array(Algorithm).min(1).nullable(),
  testSize: z.number().min(0.1).max(0.5).nullable(),
  seed: z.int().min(0).nullable(),
  /** Absent from rows of a program that knew of no searches. */
  search: Search.nullable().default(null),
  promote: z.enum(['when-admitted', 'by-decision', 'never']),
  requestedBy: Actor,
});
export type StoredRequest = z.output<typeof StoredRequest>;

/** `data` as its column keeps it: the names used in code. */
export const StoredData = z.object({
  dataset: z.string(),
  parts: z.array(z.string()).optional(),
  version: z.int().min(1).optional(),
  labelledUntil: z.iso.datetime().optional(),
  recentFrom: z.iso.datetime().optional(),
}) satisfies z.ZodType<TrainingData>;

/** A run that this attempt holds until another one takes it over. */
export interface ClaimedRun {
  readonly id: string;
  readonly modelName: string;
  readonly data: TrainingData;
  readonly request: StoredRequest;
  /** How far an attempt before came. */
  readonly search: StoredSearch | null;
  readonly reason: string;
  readonly decisionId: string | null;
  readonly attempt: number;
  /** Writes that carry an older token change nothing. */
  readonly fencingToken: number;
}

/** @throws ZodError when the row was not written by this program */
export function readClaimedRun(row: TrainingRunRow): ClaimedRun {
  const { id, modelName, reason, decisionId, attempt, fencingToken } = row;
  return {
    id,
    modelName,
    reason,
    decisionId,
    attempt,
    fencingToken,
    data: StoredData.parse(row.data),
    request: StoredRequest.parse(row.request),
    // What a program of another form stored is begun anew.
    search: StoredSearch.nullable().catch(null).parse(row.search),
  };
}
