import type { Features } from '../http/fields.js';
import type { JobPayload } from '../jobs.js';
import { decodeRecords } from './decode-log-record.js';
import type { Checksum } from './log-record.js';
import { CLASSES_LOGGED_MAX, type LogDefinition, type LoggedRow, messageOf } from './logged-rows.js';
import { nameFeatures } from './name-features.js';

type NamedRow = JobPayload<'prediction.logged'>['rows'][number];

/** The longest text that is kept of a feature; what is longer is kept by its beginning. */
export const FEATURE_TEXT_MAX = 1_000;
const REQUEST_ID_MAX = 100;
const TIME_MAX_MS = 8.64e15;

/**
 * The rows of a job `predictions.spooled`, by the names of their features.
 * @throws RangeError, SyntaxError or ZodError when the bytes are damaged, or hold what no prediction is
 */
export function readLoggedPredictions(
  { rows: count, records }: Pick<JobPayload<'predictions.spooled'>, 'rows' | 'records'>,
  checksum: Checksum,
): NamedRow[] {
  const decoded = decodeRecords(Buffer.from(records, 'base64'), checksum);
  const rows = decoded.flatMap(({ definition, rows: own }) => own.map((row) => nameRow(definition, row)));
  if (rows.length !== count) throw new RangeError(`There are ${rows.length} rows where ${count} are said to be.`);
  return rows;
}

function nameRow(definition: LogDefinition, row: LoggedRow): NamedRow {
  if (!isPrediction(row, definition)) throw new RangeError('A row holds what no prediction is.');
  return {
    id: row.id,
    modelVersionId: definition.modelVersionId,
    modelName: definition.modelName,
    modelVersion: definition.modelVersion,
    features: cutTexts(nameFeatures(definition, row)),
    prediction: row.prediction,
    probability: Number.isNaN(row.probability) ? null : row.probability,
    ...(row.classes.length > 0 && { classProbabilities: Array.from(row.classes) }),
    threshold: definition.threshold,
    latencyMs: row.latencyMs,
    warnings: row.warnings.flatMap(({ input, code }) => {
      const warned = definition.inputs[input];
      if (!warned) return [];
      return [{ field: warned.name, code, message: messageOf(code, warned) }];
    }),
    requestId: row.requestId,
    createdAt: new Date(row.createdAtMs).toISOString(),
  };
}

/** Texts are cut to what is kept of them. */
function cutTexts(features: Features): Features {
  for (const [name, value] of Object.entries(features))
    if (typeof value === 'string' && value.length > FEATURE_TEXT_MAX) features[name] = value.slice(0, FEATURE_TEXT_MAX);
  return features;
}

/** NaN stands for "none" among values and as a probability, and for nothing elsewhere. */
const isPrediction = (row: LoggedRow, { inputs }: LogDefinition): boolean =>
  Number.isFinite(row.prediction) &&
  isNumberOrNone(row.probability) &&
  row.latencyMs >= 0 &&
  Number.isFinite(row.latencyMs) &&
  Math.abs(row.createdAtMs) <= TIME_MAX_MS &&
  row.requestId.length <= REQUEST_ID_MAX &&
  row.values.length <= inputs.length &&
  row.values.every(isNumberOrNone) &&
  row.classes.length <= CLASSES_LOGGED_MAX &&
  row.classes.every((share) => share >= 0 && share <= 1);

const isNumberOrNone = (value: number): boolean => value - value === 0 || Number.isNaN(value);
