import { countAtMost, type EmpiricalDistribution } from './empirical-distribution.js';
import { kolmogorovQuantile, kolmogorovSurvival } from './kolmogorov-distribution.js';

/** Largest difference between two cumulative shares, in [0, 1]. NaN when a side is empty. */
export function kolmogorovSmirnovDistance(reference: EmpiricalDistribution, current: EmpiricalDistribution): number {
  if (reference.count === 0 || current.count === 0) return Number.NaN;
  // Between two kept quantiles of a thinned side nothing is known, so only its own kept values are compared.
  if (!reference.complete) return distanceAt(reference, current);
  if (!current.complete) return distanceAt(current, reference);
  return distanceOfSteps(reference, current);
}

function distanceOfSteps(left: EmpiricalDistribution, right: EmpiricalDistribution): number {
  let [i, j, distance] = [0, 0, 0];
  while (i < left.values.length && j < right.values.length) {
    const x = left.values[i]!;
    const y = right.values[j]!;
    if (x <= y) i++;
    if (y <= x) j++;
    const below = i === 0 ? 0 : left.cumulative[i - 1]! / left.count;
    const other = j === 0 ? 0 : right.cumulative[j - 1]! / right.count;
    distance = Math.max(distance, Math.abs(below - other));
  }
  return distance;
}

function distanceAt(thinned: EmpiricalDistribution, other: EmpiricalDistribution): number {
  let distance = 0;
  for (let i = 0; i < thinned.values.length; i++) {
    const share = countAtMost(other, thinned.values[i]!) / other.count;
    distance = Math.max(distance, Math.abs(thinned.cumulative[i]! / thinned.count - share));
  }
  return distance;
}

/** n m / (n + m), rounded half to even like NumPy, so that p-values equal SciPy's `ks_2samp(method='asymp')`. */
export function effectiveRows(n: number, m: number): number {
  const exact = (n * m) / (n + m);
  const floor = Math.floor(exact);
  if (exact - floor === 0.5) return floor % 2 === 0 ? floor : floor + 1;
  return Math.max(1, Math.round(exact));
}

/** Asymptotic two-sided p of a two-sample distance between n and m rows. */
export function kolmogorovSmirnovPValue(distance: number, n: number, m: number): number {
  return kolmogorovSurvival(distance, effectiveRows(n, m));
}

/** The distance that two undrifted samples of n and m rows stay below with probability `level`. */
export function kolmogorovSmirnovBand(level: number, n: number, m: number): number {
  return kolmogorovQuantile(level, effectiveRows(n, m));
}
