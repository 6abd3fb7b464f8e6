import type { Measurement } from '../result.js';
import { type Estimate, estimate, type Judgement, joinJudgements } from './judge-answers.js';

/** Above so many rows the score may not differ by more than {@link SCORE_DIFFERENCE_MAX}, in either direction. */
const MANY_ROWS = 10_000;
const SCORE_DIFFERENCE_MAX = 0.01;

/** Most that our loss may be of theirs. */
export const LOSS_RATIO_MAX = 1.01;

/** How far our score may lie from theirs: below by the standard error over the folds of one deal, on many rows also above. */
function scoreLimits(rowCount: number, reference: Estimate): { readonly below: number; readonly above: number } {
  if (rowCount <= MANY_ROWS) return { below: reference.error, above: Number.POSITIVE_INFINITY };
  return { below: Math.min(reference.error, SCORE_DIFFERENCE_MAX), above: SCORE_DIFFERENCE_MAX };
}

/** What the ratio of the scores should be. */
export function scoreGoal(rowCount: number, reference: Estimate): Measurement['goal'] {
  const { below, above } = scoreLimits(rowCount, reference);
  const at_least = 1 - below / reference.value;
  return above === Number.POSITIVE_INFINITY ? { at_least } : { at_least, at_most: 1 + above / reference.value };
}

/** What both sides made of the same deals. */
export interface JudgedDeals {
  readonly ours: readonly Judgement[];
  readonly theirs: readonly Judgement[];
}

/** Whether more deals would hardly change a verdict: the mean lies two of its standard errors or more away from the limit. */
function isClear(differences: readonly number[], limit: number): boolean {
  const { value, error } = estimate(differences);
  return Math.abs(value - limit) >= 2 * error;
}

/** Whether it is clear of score and loss that they hold, or that they don't. Paired: both sides met the same folds. */
export function areVerdictsClear({ ours, theirs }: JudgedDeals, rowCount: number): boolean {
  const pair = (differenceOf: (ours: Judgement, theirs: Judgement) => number): number[] =>
    ours.map((one, deal) => differenceOf(one, theirs[deal]!));
  const scores = pair((one, other) => one.score.value - other.score.value);
  const losses = pair((one, other) => one.loss.value - LOSS_RATIO_MAX * other.loss.value);
  const { below, above } = scoreLimits(rowCount, joinJudgements(theirs).score);
  return isClear(scores, -below) && isClear(scores, above) && isClear(losses, 0);
}
