import { type Dataset, takeTarget } from '../dataset/dataset.js';
import { LearningError } from '../learning-error.js';
import type { TrainingHooks } from '../training-hooks.js';

/** What a family is given to learn. */
export interface FitRequest<H> {
  readonly dataset: Dataset;
  /** Rows to learn from; at least one of each class. */
  readonly rows: Int32Array;
  readonly hyperparameters: H;
  readonly seed: number;
  readonly hooks: TrainingHooks;
}

/**
 * The target of the training rows.
 *
 * @throws LearningError `too-few-rows` when a class is absent: there is nothing to tell apart
 */
export function takeTrainingTarget(dataset: Dataset, rows: Int32Array): Uint8Array {
  const target = takeTarget(dataset, rows);
  const positives = target.reduce((sum, label) => sum + label, 0);
  if (positives === 0 || positives === target.length) {
    throw new LearningError(
      'too-few-rows',
      `Of ${target.length} training rows ${positives} are positive; both classes are needed.`,
    );
  }
  return target;
}

/** Log-odds of the share of positives. Both classes must be present. */
export function priorLogOdds(target: Uint8Array): number {
  const positives = target.reduce((sum, label) => sum + label, 0);
  return Math.log(positives / (target.length - positives));
}
