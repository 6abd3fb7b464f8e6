import { regularizedGammaUpper } from './gamma-function.js';
import { normalQuantile } from './normal.js';

/** P(X >= x) of the chi-square distribution with `dof` > 0 degrees of freedom. */
export function chiSquareSurvival(x: number, dof: number): number {
  return regularizedGammaUpper(dof / 2, x / 2);
}

/** The x with P(X <= x) = p, for p in (0, 1) and `dof` > 0. Wilson-Hilferty start, then bisection; 1e-10 relative. */
export function chiSquareQuantile(p: number, dof: number): number {
  const spread = 2 / (9 * dof);
  const guess = dof * Math.max(0.01, 1 - spread + normalQuantile(p) * Math.sqrt(spread)) ** 3;
  let low = 0;
  let high = Math.max(guess * 2, 1);
  while (1 - chiSquareSurvival(high, dof) < p) high *= 2;
  for (let step = 0; step < 200 && high - low > 1e-10 * high; step++) {
    const middle = (low + high) / 2;
    if (1 - chiSquareSurvival(middle, dof) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Outcome of a test of homogeneity. `dof` 0 means that there was nothing to compare, and p is 1. */
export interface ChiSquareResult {
  readonly statistic: number;
  readonly dof: number;
  readonly pValue: number;
}

/**
 * Pearson's two-sample chi-square test of homogeneity on two rows of counts over the same categories, without Yates'
 * correction. Both samples are taken as samples: using the reference's shares as the truth would alarm on 40 % of
 * undrifted windows of equal size. Categories empty on both sides are left out.
 */
export function chiSquareTwoSample(reference: readonly number[], current: readonly number[]): ChiSquareResult {
  let n = 0;
  let m = 0;
  for (let i = 0; i < reference.length; i++) {
    n += reference[i]!;
    m += current[i]!;
  }
  if (n === 0 || m === 0) return { statistic: 0, dof: 0, pValue: 1 };
  let statistic = 0;
  let dof = -1;
  for (let i = 0; i < reference.length; i++) {
    const total = reference[i]! + current[i]!;
    if (total === 0) continue;
    dof++;
    // (a/n - b/m)^2 over the pooled share: the textbook sum of (observed - expected)^2 / expected, rearranged.
    const difference = reference[i]! * m - current[i]! * n;
    statistic += (difference * difference) / (n * m * total);
  }
  return { statistic, dof, pValue: dof > 0 ? chiSquareSurvival(statistic, dof) : 1 };
}
