import { CLASSES_LOGGED_MAX, type LoggedRow } from '../prediction-log/spool-record.js';
import type { Decision } from './decide-answers.js';
import { createPredictionId, followPredictionId } from './prediction-id.js';
import type { ReadRows } from './row-reader.js';

const NO_CLASSES = new Float32Array(0);

interface RowsToLog {
  readonly read: ReadRows;
  readonly decisions: readonly Decision[];
  readonly latencyMs: number;
  readonly requestId: string;
}

/** Rows and decisions as the prediction log takes them; each gets its id here. */
export function toLoggedRows({ read, decisions, latencyMs, requestId }: RowsToLog): readonly LoggedRow[] {
  const createdAtMs = Date.now();
  const firstId = createPredictionId(createdAtMs);
  const width = read.values.length / read.count;
  return decisions.map(
    ({ prediction, probability, classes }, row): LoggedRow => ({
      id: followPredictionId(firstId, row),
      createdAtMs,
      prediction,
      probability,
      latencyMs,
      requestId,
      values: read.values.subarray(row * width, (row + 1) * width),
      warnings: read.warnings[row] ?? [],
      texts: read.texts[row] ?? [],
      classes: classes && classes.length <= CLASSES_LOGGED_MAX ? classes : NO_CLASSES,
    }),
  );
}
