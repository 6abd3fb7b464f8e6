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

/** @throws LearningError `too-few-rows` when all training rows have the same target: there is nothing to tell apart */
export function refuseConstantTarget({ target, classes }: Dataset, rows: Int32Array): void {
  const first = target[rows[0]!];
  if (rows.some((row) => target[row] !== first)) return;
  const what = classes[first ?? 0] ?? first ?? 'none';
  throw new LearningError(
    'too-few-rows',
    `All ${rows.length} training rows have the same target (${what}); at least two different ones are needed.`,
  );
}

/** The target of the training rows. Throws as {@link refuseConstantTarget}. */
export function takeTrainingTarget(dataset: Dataset, rows: Int32Array): Float64Array {
  refuseConstantTarget(dataset, rows);
  return takeTarget(dataset, rows);
}
