import { normalQuantile } from './normal.js';

/** A two-sided confidence interval; `level` in (0, 1), for example 0.95. */
export interface Interval {
  readonly lower: number;
  readonly upper: number;
  readonly level: number;
}

/** Wilson's score interval of a proportion (Wilson 1927): honest for few rows and near 0 and 1. [0, 1] when there are no rows. */
export function wilsonInterval(successes: number, rows: number, level = 0.95): Interval {
  if (rows <= 0) return { lower: 0, upper: 1, level };
  const z = normalQuantile(0.5 + level / 2);
  const share = successes / rows;
  const scale = 1 + (z * z) / rows;
  const centre = (share + (z * z) / (2 * rows)) / scale;
  const half = (z / scale) * Math.sqrt((share * (1 - share)) / rows + (z * z) / (4 * rows * rows));
  // At the ends the formula gives 0 and 1 only up to rounding.
  const lower = successes === 0 ? 0 : Math.max(0, centre - half);
  const upper = successes === rows ? 1 : Math.min(1, centre + half);
  return { lower, upper, level };
}
