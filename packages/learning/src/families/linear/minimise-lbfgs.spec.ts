import { expect, it } from '@jest/globals';
import { minimiseLbfgs } from './minimise-lbfgs.js';

const options = { gradientTolerance: 1e-9, iterationsMax: 500, onIteration: () => {} };

// Rosenbrock's valley in 2 dimensions, minimum 0 at (1, 1): the usual trial of a line search.
it('walks down a curved valley', () => {
  const rosenbrock = (point: Float64Array, gradient: Float64Array): number => {
    const [x, y] = [point[0]!, point[1]!];
    gradient[0] = -2 * (1 - x) - 400 * x * (y - x * x);
    gradient[1] = 200 * (y - x * x);
    return (1 - x) ** 2 + 100 * (y - x * x) ** 2;
  };
  const { point, converged } = minimiseLbfgs(rosenbrock, Float64Array.of(-1.2, 1), options);
  expect(converged).toBe(true);
  expect(point[0]).toBeCloseTo(1, 6);
  expect(point[1]).toBeCloseTo(1, 6);
});

it('says when it ran out of iterations', () => {
  const bowl = (point: Float64Array, gradient: Float64Array): number => {
    point.forEach((value, i) => {
      gradient[i] = 4 * (i + 1) * value ** 3;
    });
    return point.reduce((sum, value, i) => sum + (i + 1) * value ** 4, 0);
  };
  const { converged, iterations } = minimiseLbfgs(bowl, Float64Array.of(3, -2), { ...options, iterationsMax: 2 });
  expect([converged, iterations]).toEqual([false, 2]);
});
