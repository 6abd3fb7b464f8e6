import type { PerformanceBaseline } from '../performance/performance-baseline.js';
import { countDuplicateRows } from './count-duplicate-rows.js';
import type { FeatureColumn } from './feature-column.js';
import { type FeatureProfile, type NumericProfile, profileFeature, profileNumeric } from './feature-profile.js';

/** What a model answered: the probability of the positive class, and at which threshold that became a decision. */
export interface PredictionProfile {
  /** Probabilities; what was NaN counts as missing, infinities as infinite. */
  readonly probability: NumericProfile;
  readonly threshold: number;
  /** Rows with a probability >= threshold. */
  readonly positives: number;
}

/**
 * What a model version was trained on and judged by: everything that later windows are compared with. Plain data that survives
 * JSON (a few kilobytes per feature at most).
 */
export interface ReferenceProfile {
  readonly schemaVersion: 1;
  readonly rows: number;
  readonly duplicateRows: number;
  readonly features: readonly FeatureProfile[];
  readonly prediction: PredictionProfile | null;
  readonly performance: PerformanceBaseline | null;
}

/** `probabilities` should come from rows the model did not learn from (out-of-fold or held out), or every window looks drifted. */
export interface ReferenceInput {
  readonly columns: readonly FeatureColumn[];
  readonly predictions?: { readonly probabilities: ArrayLike<number>; readonly threshold: number } | null;
  readonly performance?: PerformanceBaseline | null;
}

/** Profiles the training rows of a version. */
export function buildReferenceProfile(input: ReferenceInput): ReferenceProfile {
  return {
    schemaVersion: 1,
    rows: input.columns[0]?.values.length ?? 0,
    duplicateRows: countDuplicateRows(input.columns),
    features: input.columns.map((column) => profileFeature(column)),
    prediction: input.predictions ? profilePredictions(input.predictions) : null,
    performance: input.performance ?? null,
  };
}

/** Profiles the answers of a model over one window. */
export function profilePredictions(predictions: {
  readonly probabilities: ArrayLike<number>;
  readonly threshold: number;
}): PredictionProfile {
  const values = Float32Array.from(predictions.probabilities);
  const probability = profileNumeric({ name: 'probability', type: 'numeric', values, malformed: 0 });
  let positives = 0;
  // Compared before rounding to float32, as the model itself compared.
  for (let i = 0; i < values.length; i++) if (predictions.probabilities[i]! >= predictions.threshold) positives++;
  return { probability, threshold: predictions.threshold, positives };
}
