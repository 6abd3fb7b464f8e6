import type { TrainingRun } from '@gimbal/contracts';
import type { TrainingRun as TrainingRunRow } from '@gimbal/db';
import { StoredData } from '../execution/claimed-run.js';
import type { TrainingOutcome } from '../pipeline/run-watch.js';
import { ShownSearch } from '../search/stored-search.js';

type Shown = TrainingRun;

/** A row as the routes show it. Its JSON columns were written by this program in the very forms of the contract. */
export function showRun(row: TrainingRunRow): Shown {
  const { id, modelName, state, progress, attempt, reason, requestedBy, decisionId, dataOrigin, datasetDigest } = row;
  return {
    id,
    modelName,
    state,
    stage: row.stage as Shown['stage'], // written from the list of stages only
    progress,
    attempt,
    reason,
    requestedBy,
    decisionId,
    data: StoredData.parse(row.data),
    dataOrigin,
    datasetDigest,
    rows: row.rows as Shown['rows'], // as the docblock says, and for the five below
    expectations: row.expectations as Shown['expectations'],
    warnings: row.warnings as Shown['warnings'],
    candidates: row.candidates as unknown as Shown['candidates'],
    search: ShownSearch.nullable().catch(null).parse(row.search)?.progress ?? null,
    outcome: row.outcome as unknown as TrainingOutcome | null,
    error: row.error as Shown['error'],
    createdAt: row.createdAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    endedAt: row.endedAt?.toISOString() ?? null,
  };
}

/** Nothing changes in a run after these. */
export const isOver = ({ state }: Pick<TrainingRunRow, 'state'>): boolean =>
  state === 'succeeded' || state === 'failed' || state === 'cancelled';
