import type { Interval } from '@gimbal/contracts';
import { bootstrapIntervals, createSeededRng } from '@gimbal/domain';
import { checkpoint, type TrainingHooks } from '@gimbal/learning';

const LEVEL = 0.95;
const REPLICATES_MAX = 2_000;
const REPLICATES_MIN = 200;
/** Rows drawn in all: of many rows intervals are narrow, and each resample takes long. */
const DRAWN_ROWS_MAX = 50_000_000;

/** One for each value; null where all rows together do not define it. */
type Intervals<V extends readonly (number | null)[]> = {
  readonly [K in keyof V]: null extends V[K] ? Interval | null : Interval;
};

/**
 * Values over all rows with their 95 % intervals by the percentile bootstrap (Efron and Tibshirani 1993, chapter 13). A resample takes the same
 * rows for all values, so that in a difference of two models what is hard for both cancels out. The seed fixes the draw.
 * @param rows > 0
 * @param statistics under counts of how often each row was drawn; without them, of every row once
 * @throws LearningError `training-cancelled`
 */
export function resampleRows<V extends readonly (number | null)[]>(
  rows: number,
  statistics: (draws?: ArrayLike<number>) => V,
  { seed, hooks }: { readonly seed: number; readonly hooks: TrainingHooks },
): Intervals<V> {
  const replicates = Math.max(REPLICATES_MIN, Math.min(REPLICATES_MAX, Math.floor(DRAWN_ROWS_MAX / rows)));
  let drawn = 0;
  const measure = (draws: ArrayLike<number>): V => {
    checkpoint(hooks, drawn++ / replicates);
    return statistics(draws);
  };
  const options = { replicates, level: LEVEL, rng: createSeededRng(seed) };
  const intervals = bootstrapIntervals(rows, measure, options);
  const found = statistics().map((estimate, index) => {
    if (estimate === null) return null;
    const { lower, upper } = intervals[index] ?? { lower: estimate, upper: estimate };
    return { estimate, low: lower, high: upper, level: LEVEL };
  });
  return found as Intervals<V>; // null exactly where a value is
}

/** Mean over the drawn rows, as many as there are. */
export function meanOfDraws(values: ArrayLike<number>, draws?: ArrayLike<number>): number {
  let sum = 0;
  for (let row = 0; row < values.length; row++) sum += (draws?.[row] ?? 1) * (values[row] ?? Number.NaN);
  return sum / values.length;
}
