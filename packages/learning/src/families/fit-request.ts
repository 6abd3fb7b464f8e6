import { type Dataset, takeTarget } from '../dataset/dataset.js';
import { LearningError } from '../learning-error.js';
import type { ThreadTeam } from '../parallel/thread-team.js';
import type { TrainingHooks } from '../training-hooks.js';

/** What a family is given to learn. */
export interface FitRequest<H> {
  readonly dataset: Dataset;
  /** Rows to learn from; at least two different targets among them, unless nothing is to be told apart (anomaly detection). */
  readonly rows: Int32Array;
  readonly hyperparameters: H;
  readonly seed: number;
  readonly hooks: TrainingHooks;
  /** Threads that help within this one training; null for none. Only boosting makes use of them. */
  readonly team?: ThreadTeam | null;
}

/**
 * The target of the training rows.
 *
 * @throws LearningError `too-few-rows` when all have the same target: there is nothing to tell apart
 */
export function takeTrainingTarget(dataset: Dataset, rows: Int32Array): Float64Array {
  const target = takeTarget(dataset, rows);
  if (target.some((value) => value !== target[0])) return target;
  const what = dataset.classes[target[0] ?? 0] ?? target[0] ?? 'none';
  throw new LearningError(
    'too-few-rows',
    `All ${target.length} training rows have the same target (${what}); at least two different ones are needed.`,
  );
}
