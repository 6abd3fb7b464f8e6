import { CLASSES_LOGGED_MAX, type LogDefinition, type LoggedRows } from '@gimbal/contracts';
import { drawIdSeed } from '@gimbal/platform';
import type { Decisions } from './decide-answers.js';
import { predictionIdOf, timeOfSeed } from './prediction-id.js';
import type { ReadRows } from './row-reader.js';

const NO_CLASSES = new Float32Array(0);

interface RowsToLog {
  readonly read: ReadRows;
  readonly decisions: Decisions;
  readonly latencyMs: number;
  readonly asker: { readonly requestId: string; readonly idSeed?: Uint8Array | undefined };
  readonly definition: LogDefinition;
}

/** Rows and decisions as the prediction log takes them; they get their ids here. */
export function toLoggedRows(rows: RowsToLog): LoggedRows {
  const { read, decisions, latencyMs, asker, definition } = rows;
  const { requestId, idSeed = drawIdSeed(Date.now()) } = asker;
  const { count, values, warnings, texts } = read;
  const { predictions, probabilities, classes } = decisions;
  const createdAtMs = timeOfSeed(idSeed);
  const isLogged = classes !== null && classes.length <= CLASSES_LOGGED_MAX * count;
  return {
    ...{ count, values, warnings, texts, predictions, probabilities, latencyMs, requestId, createdAtMs },
    firstId: predictionIdOf(idSeed, definition),
    classes: isLogged ? classes : NO_CLASSES,
  };
}
