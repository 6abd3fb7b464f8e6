import type { Direction } from '../validation/rank-candidates.js';
import type { TrialRecord } from './search-state.js';

/** What is to be made small. A failure counts like the worst. */
export function lossOf({ score }: TrialRecord, direction: Direction): number {
  if (score === null) return Number.MAX_VALUE; // infinite ones would differ by NaN
  return direction === 'lower' ? score : -score;
}

/** Best first; failed ones last, and of equals the earlier. */
export function rankTrials(trials: readonly TrialRecord[], direction: Direction): TrialRecord[] {
  return trials.toSorted((a, b) => lossOf(a, direction) - lossOf(b, direction) || a.id - b.id);
}
