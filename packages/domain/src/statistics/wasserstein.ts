import type { EmpiricalDistribution } from './empirical-distribution.js';

/**
 * Wasserstein-1 (earth mover's) distance: the area between the two cumulative shares, in the unit of the feature.
 * Exact for complete distributions; with thinned ones off by at most one quantile gap. NaN when a side is empty.
 */
export function wassersteinDistance(reference: EmpiricalDistribution, current: EmpiricalDistribution): number {
  if (reference.count === 0 || current.count === 0) return Number.NaN;
  let [i, j, area] = [0, 0, 0];
  let previous = Math.min(reference.values[0]!, current.values[0]!);
  while (i < reference.values.length || j < current.values.length) {
    const x = reference.values[i] ?? Number.POSITIVE_INFINITY;
    const y = current.values[j] ?? Number.POSITIVE_INFINITY;
    const at = Math.min(x, y);
    const left = i === 0 ? 0 : reference.cumulative[i - 1]! / reference.count;
    const right = j === 0 ? 0 : current.cumulative[j - 1]! / current.count;
    area += Math.abs(left - right) * (at - previous);
    previous = at;
    if (x <= at) i++;
    if (y <= at) j++;
  }
  return area;
}
