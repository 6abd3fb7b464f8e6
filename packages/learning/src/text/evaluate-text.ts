import { evaluateMulticlass, type MulticlassEvaluation } from '../evaluation/evaluate-multiclass.js';
import { LearningError } from '../learning-error.js';
import { indexOfLargest } from './softmax/softmax.js';

/** How well texts are told apart, and what abstaining makes of it. */
export interface TextEvaluation extends Omit<MulticlassEvaluation, 'task'> {
  readonly task: 'text-classification';
  /** Share of the texts that are answered. */
  readonly coverage: number;
  /** Share of right answers among the answered; null when none is. */
  readonly answeredAccuracy: number | null;
}

/** Answers to texts whose classes are known. */
export interface JudgedTexts {
  readonly target: ArrayLike<number>;
  /** Texts x classes. */
  readonly probabilities: Float32Array | Float64Array;
  readonly classes: readonly string[];
  /** Confidence below which nothing is answered. */
  readonly threshold: number;
}

/**
 * Judges the answers of a text model. All metrics but the last two are of the most probable class, answered or not.
 *
 * @throws LearningError `invalid-argument` for unequal lengths, `invalid-score`, `too-few-rows`
 */
export function evaluateText({ target, probabilities, classes, threshold }: JudgedTexts): TextEvaluation {
  if (probabilities.length !== target.length * classes.length) {
    const shape = `${target.length} x ${classes.length}`;
    throw new LearningError('invalid-argument', `Needs ${shape} probabilities, got ${probabilities.length}.`);
  }
  const limit = Math.fround(threshold);
  let answered = 0;
  let right = 0;
  for (let row = 0; row < target.length; row++) {
    const own = probabilities.subarray(row * classes.length, (row + 1) * classes.length);
    const best = indexOfLargest(own);
    if (Math.fround(own[best]!) < limit) continue;
    answered++;
    if (best === target[row]) right++;
  }
  return {
    ...evaluateMulticlass(target, probabilities, classes),
    task: 'text-classification',
    coverage: answered / target.length,
    answeredAccuracy: answered === 0 ? null : right / answered,
  };
}
