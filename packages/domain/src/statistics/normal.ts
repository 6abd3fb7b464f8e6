import { regularizedGammaLower, regularizedGammaUpper } from './gamma-function.js';

/** P(Z <= z) of the standard normal; keeps its relative precision in the lower tail. */
export function normalCdf(z: number): number {
  const half = (z * z) / 2;
  return z < 0 ? regularizedGammaUpper(0.5, half) / 2 : 0.5 + regularizedGammaLower(0.5, half) / 2;
}

/** P(|Z| >= |z|) of the standard normal. */
export function normalTwoSidedP(z: number): number {
  return regularizedGammaUpper(0.5, (z * z) / 2);
}

const A = [
  -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716, 2.506628277459239,
];
const B = [-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1];
const C = [
  -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
  2.938163982698783,
];
const D = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1];
const horner = (coefficients: readonly number[], x: number): number => coefficients.reduce((sum, c) => sum * x + c, 0);

/**
 * The z with P(Z <= z) = p, for p in (0, 1); -Infinity at 0 and Infinity at 1.
 * Acklam's rational approximation (1.15e-9) followed by one Halley step, which brings it to about 1e-15.
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) return Number.NaN;
  if (p === 0) return Number.NEGATIVE_INFINITY;
  if (p === 1) return Number.POSITIVE_INFINITY;
  if (p > 0.5) return -normalQuantile(1 - p);
  const x = p < 0.02425 ? tailQuantile(p) : centralQuantile(p);
  const error = (normalCdf(x) - p) * Math.sqrt(2 * Math.PI) * Math.exp((x * x) / 2);
  return x - error / (1 + (x * error) / 2);
}

function tailQuantile(p: number): number {
  const q = Math.sqrt(-2 * Math.log(p));
  return horner(C, q) / horner(D, q);
}

function centralQuantile(p: number): number {
  const q = p - 0.5;
  return (horner(A, q * q) * q) / horner(B, q * q);
}
