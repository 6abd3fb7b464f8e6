import { LearningError } from '../learning-error.js';

/**
 * Refuses scores that would make a metric silently wrong.
 *
 * @throws LearningError `invalid-score` for no rows, unequal lengths, NaN scores, or labels other than 0 and 1
 */
export function checkScores(target: ArrayLike<number>, scores: ArrayLike<number>): void {
  if (target.length === 0) throw new LearningError('invalid-score', 'There is no row to score.');
  if (target.length !== scores.length) {
    throw new LearningError('invalid-score', `${scores.length} scores for ${target.length} labels.`);
  }
  for (let i = 0; i < target.length; i++) {
    if (Number.isNaN(scores[i]!)) throw new LearningError('invalid-score', `The score of row ${i} is not a number.`);
    if (target[i] !== 0 && target[i] !== 1)
      throw new LearningError('invalid-score', `The label of row ${i} is neither 0 nor 1.`);
  }
}

/**
 * As {@link checkScores}, and each score must be in [0, 1].
 *
 * @throws LearningError `invalid-score`
 */
export function checkProbabilities(target: ArrayLike<number>, probabilities: ArrayLike<number>): void {
  checkScores(target, probabilities);
  for (let i = 0; i < probabilities.length; i++) {
    const value = probabilities[i]!;
    if (!(value >= 0 && value <= 1))
      throw new LearningError('invalid-score', `The probability of row ${i} is outside [0, 1].`);
  }
}
