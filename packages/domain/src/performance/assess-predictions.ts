import type { NumericProfile } from '../profile/feature-profile.js';
import type { PredictionProfile } from '../profile/reference-profile.js';
import { compareProportions, type Proportion } from '../statistics/compare-proportions.js';
import { type Interval, wilsonInterval } from '../statistics/wilson-interval.js';
import { type Answers, confidenceOf, isPossible, numbersOf } from './answers.js';

/** Limits of a label-free look at a model's answers. */
export interface PredictionOptions {
  /** An answer whose likeliest class has less than this probability is unsure. 0.6: of two classes, within a tenth of a coin toss. */
  readonly confidenceMin: number;
  /** Level of each comparison of two shares. */
  readonly significance: number;
  /** Rise of a share that is not worth an alarm, absolute. */
  readonly shareRiseMin: number;
  /** Answers below which only impossible values are reported. */
  readonly rowsMin: number;
}

/** Level .01 because windows are assessed again and again. */
export const DEFAULT_PREDICTION_OPTIONS: PredictionOptions = {
  confidenceMin: 0.6,
  significance: 0.01,
  shareRiseMin: 0.1,
  rowsMin: 30,
};

/** A share of the window beside the reference's. `raised` when it rose beyond doubt (p) and beyond `threshold` (absolute rise). */
export interface ShareComparison {
  readonly share: number;
  readonly interval: Interval;
  readonly reference: number | null;
  readonly rise: number | null;
  readonly pValue: number | null;
  readonly threshold: number;
  readonly direction: 'higher-is-worse';
  readonly raised: boolean;
}

/** What looks wrong with the answers themselves. `share` in [0, 1] of all answers. */
export interface PredictionAnomaly {
  readonly kind: 'invalid-probability' | 'invalid-value' | 'constant-output' | 'error-spike';
  readonly rows: number;
  readonly share: number;
  readonly detail: string;
}

/** `low-confidence` when only the unsure share rose; `anomalous` when an anomaly was found, whatever the confidence. */
export interface PredictionAssessment {
  readonly verdict: 'normal' | 'low-confidence' | 'anomalous' | 'insufficient';
  readonly rows: number;
  /** Null where answers say nothing of how sure they are: values, scores of anomalies. */
  readonly lowConfidence: ShareComparison | null;
  readonly errors: ShareComparison;
  readonly anomalies: readonly PredictionAnomaly[];
  readonly options: PredictionOptions;
}

/**
 * `answers` are those of the window; `failures` the requests that got none. The reference is null when nothing is known;
 * `referenceFailures` are those of an earlier healthy window and default to none in as many requests as the window has.
 */
export interface PredictionInput {
  readonly answers: Answers;
  readonly failures: number;
  readonly reference: PredictionProfile | null;
  readonly referenceFailures?: Proportion;
  readonly options?: Partial<PredictionOptions>;
}

/** Looks at a model's answers without labels: how many are unsure, impossible, all the same, or missing. */
export function assessPredictions(input: PredictionInput): PredictionAssessment {
  const options = { ...DEFAULT_PREDICTION_OPTIONS, ...input.options };
  const { task } = input.answers;
  const values = Array.from(numbersOf(input.answers));
  const valid = values.filter((value) => isPossible(task, value));
  const rows = values.length + input.failures;
  const reference = referenceNumbers(input.reference);
  const lowConfidence = compareConfidence({ task, valid, reference }, options);
  const errors = compareShare({ hits: input.failures, rows }, input.referenceFailures ?? { hits: 0, rows }, options);
  const anomalies = findAnomalies({
    task,
    valid,
    invalid: values.length - valid.length,
    errors,
    failures: input.failures,
    options,
    reference,
  });
  const verdict =
    anomalies.length > 0
      ? 'anomalous'
      : rows < options.rowsMin
        ? 'insufficient'
        : lowConfidence?.raised
          ? 'low-confidence'
          : 'normal';
  return { verdict, rows, lowConfidence, errors, anomalies, options };
}

/** The numbers that rows were answered with in the reference, as its kept distribution has them. */
const referenceNumbers = (reference: PredictionProfile | null): NumericProfile | null =>
  reference?.outputs.find((output): output is NumericProfile => output.type === 'numeric') ?? null;

function compareConfidence(
  given: { task: Answers['task']; valid: readonly number[]; reference: NumericProfile | null },
  options: PredictionOptions,
): ShareComparison | null {
  const { task, valid, reference } = given;
  if (confidenceOf(task, 1) === null) return null;
  const isUnsure = (value: number): boolean => (confidenceOf(task, value) ?? 1) < options.confidenceMin;
  const unsure = { hits: valid.filter(isUnsure).length, rows: valid.length };
  if (reference === null || reference.distribution.count === 0) return compareShare(unsure, null, options);
  const { values, cumulative, count } = reference.distribution;
  const hits = values.reduce(
    (sum, value, i) => sum + (isUnsure(value) ? cumulative[i]! - (cumulative[i - 1] ?? 0) : 0),
    0,
  );
  return compareShare(unsure, { hits, rows: count }, options);
}

function compareShare(current: Proportion, reference: Proportion | null, options: PredictionOptions): ShareComparison {
  const share = current.rows === 0 ? 0 : current.hits / current.rows;
  const comparison = reference && compareProportions(reference, current);
  const raised =
    comparison !== null &&
    current.rows >= options.rowsMin &&
    comparison.pValue <= options.significance &&
    comparison.difference >= options.shareRiseMin;
  return {
    share,
    interval: wilsonInterval(current.hits, current.rows),
    reference: reference && reference.rows > 0 ? reference.hits / reference.rows : null,
    rise: comparison?.difference ?? null,
    pValue: comparison?.pValue ?? null,
    threshold: options.shareRiseMin,
    direction: 'higher-is-worse',
    raised,
  };
}

function findAnomalies(found: {
  task: Answers['task'];
  valid: readonly number[];
  invalid: number;
  errors: ShareComparison;
  failures: number;
  options: PredictionOptions;
  reference: NumericProfile | null;
}): PredictionAnomaly[] {
  const { task, valid, invalid, errors, failures, options, reference } = found;
  const anomalies: PredictionAnomaly[] = [];
  if (invalid > 0)
    anomalies.push({
      kind: task === 'regression' ? 'invalid-value' : 'invalid-probability',
      rows: invalid,
      share: invalid / (valid.length + invalid),
      detail: task === 'regression' ? 'a value is not a number' : 'a probability is outside [0, 1] or not a number',
    });
  const variedBefore = reference === null || reference.distribution.values.length > 1;
  if (valid.length >= options.rowsMin && variedBefore && valid.every((p) => p === valid[0]))
    anomalies.push({ kind: 'constant-output', rows: valid.length, share: 1, detail: `every answer is ${valid[0]}` });
  if (errors.raised)
    anomalies.push({
      kind: 'error-spike',
      rows: failures,
      share: errors.share,
      detail: 'requests without an answer rose',
    });
  return anomalies;
}
