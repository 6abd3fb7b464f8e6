import { toShares } from './smoothed-shares.js';

/**
 * Kullback-Leibler divergence of the current shares from the reference's, sum q ln(q / p), in nats; >= 0, finite.
 * Half a row is added to each cell: a category that the reference never saw gives a large number, not infinity.
 */
export function kullbackLeiblerDivergence(reference: readonly number[], current: readonly number[]): number {
  const p = toShares(reference);
  const q = toShares(current);
  return Math.max(
    0,
    q.reduce((sum, share, i) => sum + share * Math.log(share / p[i]!), 0),
  );
}
