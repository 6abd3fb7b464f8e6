import { type BatchPrediction, RowFailures } from '@gimbal/contracts';
import type { BatchPrediction as BatchPredictionRow } from '@gimbal/db';
import { z } from 'zod';
import { StoredBatchRequest } from './batch-request.js';

const Failures = z.array(RowFailures);

/** How long a result is kept. */
export interface Retention {
  readonly retentionDays: number;
}

const DAY_MS = 86_400_000;

/** When what is left of it is removed. */
const expiryOf = (endedAt: Date, { retentionDays }: Retention): Date =>
  new Date(endedAt.getTime() + retentionDays * DAY_MS);

/** A row as the routes show it. Its JSON columns were written by this program. */
export function showBatchPrediction(row: BatchPredictionRow, retention: Retention): BatchPrediction {
  const { id, modelName, modelVersion, fileName, state, rowsTotal, rowsDone, rowsFailed, requestedBy, attempt } = row;
  const { dataset, include, format } = StoredBatchRequest.parse(row.request);
  return {
    ...{ id, modelName, modelVersion, fileName, state, rowsTotal, rowsDone, rowsFailed, requestedBy, attempt },
    ...{ include, format },
    dataset: dataset && `${dataset.name}@${dataset.version}`,
    progress: state === 'succeeded' ? 1 : rowsTotal ? Math.min(1, rowsDone / rowsTotal) : 0,
    failures: Failures.parse(row.failures),
    waitingFor: row.waitingFor,
    error: row.error as BatchPrediction['error'], // as the docblock says
    createdAt: row.createdAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    endedAt: row.endedAt?.toISOString() ?? null,
    expiresAt: row.endedAt ? expiryOf(row.endedAt, retention).toISOString() : null,
  };
}
