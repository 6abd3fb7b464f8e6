import { chiSquareTwoSample } from './chi-square.js';
import { logGamma } from './gamma-function.js';

/** `hits` of `rows` rows. */
export interface Proportion {
  readonly hits: number;
  readonly rows: number;
}

/** Two-sided p that both proportions are one, and the difference current - reference, in [-1, 1]. */
export interface ProportionComparison {
  readonly difference: number;
  readonly pValue: number;
  readonly method: 'fisher-exact' | 'chi-square';
}

/**
 * Compares two proportions: Fisher's exact test while an expected count is below 5 (Cochran's rule), else the two-sample chi-square.
 * p is 1 when a side has no rows.
 */
export function compareProportions(reference: Proportion, current: Proportion): ProportionComparison {
  const rows = reference.rows + current.rows;
  if (reference.rows === 0 || current.rows === 0) return { difference: 0, pValue: 1, method: 'chi-square' };
  const difference = current.hits / current.rows - reference.hits / reference.rows;
  const hits = reference.hits + current.hits;
  const smallestExpected = (Math.min(hits, rows - hits) * Math.min(reference.rows, current.rows)) / rows;
  if (smallestExpected < 5) return { difference, pValue: fisherExact(reference, current), method: 'fisher-exact' };
  const { pValue } = chiSquareTwoSample(
    [reference.hits, reference.rows - reference.hits],
    [current.hits, current.rows - current.hits],
  );
  return { difference, pValue, method: 'chi-square' };
}

const logChoose = (n: number, k: number): number => logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);

/** Sums the tables that are no more likely than the one seen, given the margins. */
function fisherExact(reference: Proportion, current: Proportion): number {
  const rows = reference.rows + current.rows;
  const hits = reference.hits + current.hits;
  const total = logChoose(rows, hits);
  const logChance = (inCurrent: number): number =>
    logChoose(current.rows, inCurrent) + logChoose(reference.rows, hits - inCurrent) - total;
  const seen = logChance(current.hits);
  let p = 0;
  for (let k = Math.max(0, hits - reference.rows); k <= Math.min(hits, current.rows); k++) {
    const chance = logChance(k);
    if (chance <= seen + 1e-9) p += Math.exp(chance); // the slack makes equal chances equal in spite of rounding
  }
  return Math.min(1, p);
}
