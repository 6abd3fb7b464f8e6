import { logGamma } from './gamma-function.js';

/** Above this n Maag's tail replaces the exact sum, which costs one exponential per row. */
const EXACT_TAIL_ROWS_MAX = 20_000;
/** Up to this n the expansion is less exact than the matrix, and the matrix is small. */
const DURBIN_ROWS_MAX = 140;

/**
 * P(D_n >= d): the chance that the two-sided one-sample Kolmogorov-Smirnov distance of n rows is at least d.
 *
 * Exact where it is cheap (Durbin's matrix for n <= 140; twice the one-sided sum in the tail, where both sides can't be
 * exceeded at once by more than rounding), the Pelz-Good expansion in between, and Maag's tail for very large n. Agrees
 * with SciPy's `kstwo.sf` within 1e-9 absolute, and in the tail within 1e-6 relative up to 20 000 rows. The regions follow Simard and L'Ecuyer (2011), doi:10.18637/jss.v039.i11.
 */
export function kolmogorovSurvival(d: number, n: number): number {
  if (Number.isNaN(d) || !(n > 0)) return Number.NaN;
  if (d >= 1) return 0;
  if (2 * n * d <= 1) return 1;
  const scaled = n * d * d;
  if (scaled >= 370) return 0;
  // Twice the one-sided value counts a double excess twice: impossible at d >= 0.5, and below 5e-8 from these bounds on.
  if (d >= 0.5 || scaled >= (n <= DURBIN_ROWS_MAX ? 4 : 2.2)) return Math.min(1, tailSurvival(d, n));
  const p = 1 - (n <= DURBIN_ROWS_MAX ? durbinCdf(d, n) : pelzGoodCdf(d, n));
  return Math.min(1, Math.max(0, p));
}

function tailSurvival(d: number, n: number): number {
  if (n <= EXACT_TAIL_ROWS_MAX) return 2 * oneSidedSurvival(d, n);
  return n * d * d > 9 ? maagTail(d, n) : 1 - pelzGoodCdf(d, n);
}

/**
 * The d that an undrifted sample of n rows stays below with probability `level` in [0.5, 1). Starts from Stephens' (1970) finite-n
 * correction of the limit and takes secant steps on the logarithm of the survival, which is almost a parabola in d: 1e-9 in a few steps.
 */
export function kolmogorovQuantile(level: number, n: number): number {
  const root = Math.sqrt(n);
  const goal = Math.log(1 - level);
  const miss = (d: number): number => Math.log(kolmogorovSurvival(d, n)) - goal;
  let d = Math.min(0.99, Math.sqrt(-Math.log((1 - level) / 2) / 2) / (root + 0.12 + 0.11 / root));
  let previous = d * 0.99;
  let missBefore = miss(previous);
  for (let step = 0; step < 20; step++) {
    const missNow = miss(d);
    const next = d - (missNow * (d - previous)) / (missNow - missBefore);
    if (!(next > 0 && next < 1)) return d; // flat to rounding, or beyond the support: d is as close as it gets
    [previous, missBefore, d] = [d, missNow, next];
    if (Math.abs(d - previous) < 1e-9 * d) break;
  }
  return d;
}

/** Birnbaum and Tingey (1951): P(D_n+ >= d) as a finite sum of positive terms, in logarithms. */
function oneSidedSurvival(d: number, n: number): number {
  const logFactorial = logGamma(n + 1);
  let sum = (1 - d) ** n; // the term j = 0
  for (let j = 1; j <= Math.floor(n * (1 - d)); j++) {
    const upper = 1 - d - j / n;
    if (upper <= 0) break;
    const choose = logFactorial - logGamma(j + 1) - logGamma(n - j + 1);
    sum += d * Math.exp(choose + (j - 1) * Math.log(d + j / n) + (n - j) * Math.log(upper));
  }
  return sum;
}

/** Maag and Dicaire's (1971) correction of the limit 2 exp(-2 n d^2) for finite n. */
function maagTail(d: number, n: number): number {
  return 2 * Math.exp(-((6 * n * d + 1) ** 2) / (18 * n));
}

/** Durbin's exact matrix form as computed by Marsaglia, Tsang and Wang (2003), doi:10.18637/jss.v008.i18. */
function durbinCdf(d: number, n: number): number {
  const k = Math.floor(n * d) + 1;
  const h = k - n * d;
  const size = 2 * k - 1;
  const matrix = durbinMatrix(size, h);
  const power = matrixPower(matrix, size, n);
  let value = power.values[(k - 1) * size + k - 1]!;
  let exponent = power.exponent;
  for (let i = 1; i <= n; i++) {
    value = (value * i) / n;
    if (value < 1e-140) {
      value *= 1e140;
      exponent -= 140;
    }
  }
  return value * 10 ** exponent;
}

function durbinMatrix(size: number, h: number): Float64Array {
  const matrix = new Float64Array(size * size);
  for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) matrix[i * size + j] = i - j + 1 < 0 ? 0 : 1;
  for (let i = 0; i < size; i++) {
    matrix[i * size]! -= h ** (i + 1);
    matrix[(size - 1) * size + i]! -= h ** (size - i);
  }
  matrix[(size - 1) * size]! += 2 * h - 1 > 0 ? (2 * h - 1) ** size : 0;
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++) for (let g = 1; g <= i - j + 1; g++) matrix[i * size + j]! /= g;
  return matrix;
}

interface ScaledMatrix {
  readonly values: Float64Array;
  readonly exponent: number; // the matrix is values * 10^exponent
}

function matrixPower(matrix: Float64Array, size: number, n: number): ScaledMatrix {
  if (n === 1) return { values: matrix, exponent: 0 };
  const half = matrixPower(matrix, size, Math.floor(n / 2));
  const square = multiply(half.values, half.values, size);
  const values = n % 2 === 0 ? square : multiply(matrix, square, size);
  const exponent = 2 * half.exponent;
  const middle = Math.floor(size / 2) * (size + 1);
  if (values[middle]! <= 1e140) return { values, exponent };
  return { values: values.map((value) => value * 1e-140), exponent: exponent + 140 };
}

function multiply(left: Float64Array, right: Float64Array, size: number): Float64Array {
  const product = new Float64Array(size * size);
  for (let i = 0; i < size; i++)
    for (let k = 0; k < size; k++) {
      const factor = left[i * size + k]!;
      for (let j = 0; j < size; j++) product[i * size + j]! += factor * right[k * size + j]!;
    }
  return product;
}

/** Pelz and Good (1976): four terms in powers of 1/sqrt(n), each a quickly converging theta series. */
function pelzGoodCdf(d: number, n: number): number {
  const z = Math.sqrt(n) * d;
  const z2 = z * z;
  const z4 = z2 * z2;
  const z6 = z4 * z2;
  const pi2 = Math.PI ** 2;
  const pi4 = pi2 ** 2;
  const q = Math.exp(-pi2 / 8 / z2);
  if (q === 0) return 0;
  const terms = Math.ceil((16 * z) / Math.PI);
  let [k0, k1, k2, k3] = [0, 0, 0, 0];
  for (let k = 1; k <= terms; k++) {
    const m2 = (2 * k - 1) ** 2;
    const m4 = m2 * m2;
    const weight = q ** m2;
    k0 += weight;
    k1 += weight * (-z2 + (pi2 / 4) * m2);
    k2 += weight * (6 * z6 + 2 * z4 + ((2 * z4 - 5 * z2) * pi2 * m2) / 4 + (pi4 * (1 - 2 * z2) * m4) / 16);
    const third = -30 * z6 - 90 * z4 * z4 + ((135 * z4 - 96 * z6) * pi2 * m2) / 4;
    k3 += weight * (third + ((-60 * z2 + 212 * z4) * pi4 * m4) / 16 + (pi4 * pi2 * (5 - 30 * z2) * m4 * m2) / 64);
  }
  let [extra2, extra3] = [0, 0];
  for (let k = 1; k <= terms; k++) {
    const weight = k * k * Math.exp((-pi2 * k * k) / (2 * z2));
    extra2 += weight;
    extra3 += weight * (3 * z2 - pi2 * k * k);
  }
  const root = Math.sqrt(2 * Math.PI);
  k2 = (k2 * root) / (72 * z ** 7) - (extra2 * pi2 * root) / (36 * z * z2);
  k3 = (k3 * root) / (6480 * z ** 10) + (extra3 * pi2 * root) / (216 * z6);
  return (k0 * root) / z + (k1 * root) / (6 * z4 * Math.sqrt(n)) + k2 / n + k3 / n ** 1.5;
}
