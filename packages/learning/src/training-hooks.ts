import { LearningError } from './learning-error.js';

/** Ways to watch and stop a training; both are called between steps of a few milliseconds up to one tree. */
export interface TrainingHooks {
  /** Share of the work done, in [0, 1], never falling. */
  readonly onProgress?: (done: number) => void;
  /** True stops the training with `training-cancelled`. In a worker, read an Atomics flag here. */
  readonly shouldStop?: () => boolean;
}

/**
 * Reports progress and obeys a stop.
 *
 * @throws LearningError `training-cancelled`
 */
export function checkpoint(hooks: TrainingHooks, done: number): void {
  if (hooks.shouldStop?.()) throw new LearningError('training-cancelled', 'The training was stopped from outside.');
  hooks.onProgress?.(done);
}
