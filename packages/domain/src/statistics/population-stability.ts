import { chiSquareQuantile } from './chi-square.js';
import { toShares } from './smoothed-shares.js';

/**
 * Population stability index, sum (p - q) ln(p / q), over two rows of counts in the same bins; >= 0, finite.
 * Half a row is added to each bin of each side (Jeffreys' prior): an empty bin adds what its sample size can tell, not infinity.
 * Take quantile bins of the reference; equal-width bins are almost blind.
 */
export function populationStabilityIndex(reference: readonly number[], current: readonly number[]): number {
  const p = toShares(reference);
  const q = toShares(current);
  return p.reduce((sum, share, i) => sum + (share - q[i]!) * Math.log(share / q[i]!), 0);
}

/**
 * The index that two undrifted samples of n and m rows stay below with probability `level`:
 * chi-square quantile with bins - 1 degrees of freedom, times 1/n + 1/m (Yurdakul and Naranjo 2020, doi:10.21314/JRMV.2020.227).
 */
export function populationStabilityBand(level: number, samples: { bins: number; n: number; m: number }): number {
  if (samples.bins < 2) return 0;
  return chiSquareQuantile(level, samples.bins - 1) * (1 / samples.n + 1 / samples.m);
}
