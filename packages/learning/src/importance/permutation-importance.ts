import { allRows, type Dataset, takeTarget } from '../dataset/dataset.js';
import { meanLogLoss } from '../evaluation/evaluate-binary.js';
import type { Model } from '../families/model.js';
import { predictProbability } from '../families/predict-probability.js';
import { LearningError } from '../learning-error.js';
import { createRandom, deriveSeed, shuffle } from '../random/random.js';
import { checkpoint, type TrainingHooks } from '../training-hooks.js';

/** How much worse a model gets when a feature's values are shuffled. */
export interface PermutationImportance {
  readonly feature: string;
  /** Mean rise of the log loss, in nats; about 0 for a feature the model does not need, may be slightly negative. */
  readonly logLossRise: number;
  /** Sample standard deviation over repeats. */
  readonly deviation: number;
}

/** What to measure. */
export interface PermutationRequest {
  readonly model: Model;
  readonly dataset: Dataset;
  /** Rows to judge on, best ones the model did not learn from; all by default. */
  readonly rows?: Int32Array;
  /** Shuffles per feature, integer >= 2; default 5. */
  readonly repeats?: number;
  readonly seed: number;
  readonly hooks?: TrainingHooks;
}

/**
 * Permutation importance (Breiman, 2001; Fisher, Rudin and Dominici, 2019) in log loss, in the order of the features.
 * Correlated features share their importance: shuffling one leaves the other to the model.
 *
 * @throws LearningError `invalid-argument`, `feature-mismatch`, `training-cancelled`
 */
export function permutationImportance(request: PermutationRequest): PermutationImportance[] {
  const { model, dataset, rows = allRows(dataset), repeats = 5, seed, hooks = {} } = request;
  if (!Number.isInteger(repeats) || repeats < 2) {
    throw new LearningError('invalid-argument', `repeats must be an integer of at least 2, got ${repeats}.`);
  }
  const target = takeTarget(dataset, rows);
  const baseline = meanLogLoss(target, predictProbability(model, dataset, rows));
  return dataset.features.map(({ name }, j) => {
    const rises = Array.from({ length: repeats }, (_, repeat) => {
      checkpoint(hooks, (j + repeat / repeats) / dataset.features.length);
      const column = Float32Array.from(dataset.columns[j]!);
      const shuffled = shuffle(Int32Array.from(rows), createRandom(deriveSeed(seed, 'permutation', j, repeat)));
      rows.forEach((row, i) => {
        column[row] = dataset.columns[j]![shuffled[i]!]!;
      });
      const table = { ...dataset, columns: dataset.columns.with(j, column) };
      return meanLogLoss(target, predictProbability(model, table, rows)) - baseline;
    });
    const mean = rises.reduce((sum, rise) => sum + rise, 0) / repeats;
    const squares = rises.reduce((sum, rise) => sum + (rise - mean) ** 2, 0);
    return { feature: name, logLossRise: mean, deviation: Math.sqrt(squares / (repeats - 1)) };
  });
}
