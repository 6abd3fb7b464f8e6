import { LearningError } from '../learning-error.js';
import { countPoints, type SearchSpace } from './search-space.js';

/** What trials are given more of as they prove themselves. */
export interface HalvingOptions {
  /** A hyperparameter (whole number) such as `n_estimators`, or `row_share`: the share of the training rows, `max` 1. */
  readonly resource: string;
  /** The least that is worth judging, and the whole; 0 < min < max. */
  readonly min: number;
  readonly max: number;
  /** One of so many trials goes on, with so many times the resource; > 1, default 3. */
  readonly factor?: number;
}

/** One round of a successive halving. */
export interface Rung {
  /** Trials that run in it. */
  readonly trials: number;
  /** What each is given. */
  readonly amount: number;
}

/** The resource that is a share of the training rows. */
export const ROW_SHARE = 'row_share';

/**
 * Rounds of a successive halving (Jamieson and Talwalkar, 2016), the resource growing by the factor up to `max` as in a bracket of
 * Hyperband (Li et al., 2018). Rounds that would have fewer than one trial are left out from the front, so that the last one has the
 * whole resource.
 *
 * @param trials in the first round, integer >= 1
 * @throws LearningError `invalid-argument`
 */
export function planRungs(trials: number, { resource, min, max, factor = 3 }: HalvingOptions): Rung[] {
  if (!(min > 0 && min < max && max < Number.POSITIVE_INFINITY)) {
    throw new LearningError('invalid-argument', `halving by ${resource} needs 0 < min < max, got ${min} and ${max}.`);
  }
  if (resource === ROW_SHARE && max !== 1) {
    throw new LearningError('invalid-argument', `halving by ${resource} needs max 1, got ${max}.`);
  }
  if (!(factor > 1 && factor <= 100)) {
    throw new LearningError('invalid-argument', `factor must be in (1, 100], got ${factor}.`);
  }
  // The slack makes 9 to 81 two steps of 3, in spite of rounding.
  const byResource = Math.floor(Math.log(max / min) / Math.log(factor) + 1e-9);
  const byTrials = Math.floor(Math.log(trials) / Math.log(factor) + 1e-9);
  const steps = Math.min(byResource, byTrials);
  return Array.from({ length: steps + 1 }, (_, i) => {
    const amount = max * factor ** (i - steps);
    return {
      trials: Math.max(1, Math.floor(trials * factor ** -i + 1e-9)),
      amount: resource === ROW_SHARE ? amount : Math.round(amount),
    };
  });
}

/** The rounds of a search: one without a halving. A finite space is tried at most once. */
export function planRounds(search: {
  readonly trials: number;
  readonly space: SearchSpace;
  readonly halving?: HalvingOptions | null;
}): Rung[] {
  const { trials, space, halving } = search;
  const settings = Math.min(trials, countPoints(space));
  return halving ? planRungs(settings, halving) : [{ trials: settings, amount: 1 }];
}
