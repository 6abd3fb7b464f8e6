import type { FeatureTable } from '../dataset/dataset.js';
import { LearningError } from '../learning-error.js';
import { countOutputs, type Model } from './model.js';
import { predict } from './predict.js';

/**
 * Predicts the probability of the positive class of a binary model, or the score of an anomaly model: {@link predict} for models that
 * answer one number in [0, 1].
 *
 * @param rows rows to predict, by default all
 * @returns one number in [0, 1] per row, in the order of `rows`
 * @throws LearningError `feature-mismatch` unless the table has the model's columns in the model's order; `invalid-argument` for a
 *   model of another task
 */
export function predictProbability(model: Model, table: FeatureTable, rows?: Int32Array): Float64Array {
  if (countOutputs(model) > 1 || model.task === 'regression') {
    throw new LearningError('invalid-argument', `A model for ${model.task} has no single probability.`);
  }
  return predict(model, table, rows);
}

/**
 * Turns probabilities or anomaly scores into labels the way the exported graph does: both sides in float32, positive when
 * probability >= threshold.
 */
export function decideLabels(probabilities: ArrayLike<number>, threshold: number): Uint8Array {
  const limit = Math.fround(threshold);
  return Uint8Array.from(probabilities, (probability) => Number(Math.fround(probability) >= limit));
}
