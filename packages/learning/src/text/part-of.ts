import type { TrainingHooks } from '../training-hooks.js';

/** Hooks of a part of the work, which goes from one share of the whole to another. */
export function partOf(hooks: TrainingHooks, from: number, to: number): TrainingHooks {
  const { shouldStop, onProgress } = hooks;
  return {
    ...(shouldStop && { shouldStop }),
    ...(onProgress && { onProgress: (done: number) => onProgress(from + (to - from) * done) }),
  };
}
