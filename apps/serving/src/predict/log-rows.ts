import { CLASSES_LOGGED_MAX, type LoggedRows } from '@gimbal/contracts';
import type { Decisions } from './decide-answers.js';
import { createPredictionId } from './prediction-id.js';
import type { ReadRows } from './row-reader.js';

const NO_CLASSES = new Float32Array(0);

interface RowsToLog {
  readonly read: ReadRows;
  readonly decisions: Decisions;
  readonly latencyMs: number;
  readonly requestId: string;
}

/** Rows and decisions as the prediction log takes them; they get their ids here. */
export function toLoggedRows({ read, decisions, latencyMs, requestId }: RowsToLog): LoggedRows {
  const { count, values, warnings, texts } = read;
  const { predictions, probabilities, classes } = decisions;
  const createdAtMs = Date.now();
  const isLogged = classes !== null && classes.length <= CLASSES_LOGGED_MAX * count;
  return {
    ...{ count, values, warnings, texts, predictions, probabilities, latencyMs, requestId, createdAtMs },
    firstId: createPredictionId(createdAtMs),
    classes: isLogged ? classes : NO_CLASSES,
  };
}
