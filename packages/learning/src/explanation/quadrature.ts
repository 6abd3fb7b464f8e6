/** Points and weights of a quadrature rule on [0, 1]. */
export interface Quadrature {
  readonly points: Float64Array;
  readonly weights: Float64Array;
}

/** Value and derivative of the Legendre polynomial of a degree, by its three-term recurrence. */
function evaluateLegendre(degree: number, x: number): { readonly value: number; readonly slope: number } {
  let before = 1;
  let value = x;
  for (let k = 2; k <= degree; k++) [before, value] = [value, ((2 * k - 1) * x * value - (k - 1) * before) / k];
  return { value, slope: (degree * (x * value - before)) / (x * x - 1) };
}

/**
 * The Gauss-Legendre rule with `count` points: exact for polynomials up to degree 2 * count - 1. All points lie inside (0, 1) and
 * all weights are positive.
 */
export function createQuadrature(count: number): Quadrature {
  const points = new Float64Array(count);
  const weights = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    // Tricomi's estimate of the root, then Newton.
    let x = Math.cos((Math.PI * (i + 0.75)) / (count + 0.5));
    for (let step = 0; step < 20; step++) {
      const { value, slope } = evaluateLegendre(count, x);
      x -= value / slope;
      if (Math.abs(value / slope) < 1e-16) break;
    }
    points[i] = (1 - x) / 2;
    weights[i] = 1 / ((1 - x * x) * evaluateLegendre(count, x).slope ** 2);
  }
  return { points, weights };
}
