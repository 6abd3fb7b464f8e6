import { chiSquareQuantile } from './chi-square.js';

/** Half the sum of |p - q|: the share of rows that would have to change category, in [0, 1]. 0 when a side is empty. */
export function totalVariationDistance(reference: readonly number[], current: readonly number[]): number {
  const n = reference.reduce((sum, count) => sum + count, 0);
  const m = current.reduce((sum, count) => sum + count, 0);
  if (n === 0 || m === 0) return 0;
  return reference.reduce((sum, count, i) => sum + Math.abs(count / n - current[i]! / m), 0) / 2;
}

/**
 * What the distance of two undrifted samples stays below with at least probability `level`. By Cauchy-Schwarz the distance is
 * at most half the root of chi-square (1/n + 1/m), so the chi-square quantile bounds it; tight for two equal categories.
 */
export function totalVariationBand(level: number, samples: { categories: number; n: number; m: number }): number {
  if (samples.categories < 2) return 0;
  return Math.sqrt(chiSquareQuantile(level, samples.categories - 1) * (1 / samples.n + 1 / samples.m)) / 2;
}
