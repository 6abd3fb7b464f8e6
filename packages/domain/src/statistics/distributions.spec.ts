import { expect, it } from '@jest/globals';
import {
  chiSquareQuantile,
  chiSquareSurvival,
  kolmogorovQuantile,
  kolmogorovSurvival,
  logGamma,
  normalCdf,
  normalQuantile,
  normalTwoSidedP,
  regularizedGammaLower,
  regularizedGammaUpper,
} from './index.js';

const relative = (actual: number, expected: number): number => Math.abs(actual - expected) / Math.abs(expected);

// Every number below: SciPy 1.17.1.
it.each([
  [0.2, 20, 0.352720173623],
  [0.3, 20, 0.0430670666585],
  [0.05, 140, 0.857648029766],
  [0.1, 140, 0.113536572901],
  [0.12, 140, 0.0325263825856],
  [0.1, 141, 0.111284455165],
  [0.08, 300, 0.0406440256245],
  [0.09, 300, 0.0145210966597],
  [0.05, 1000, 0.0130120747811],
  [0.06, 1000, 0.00142859788795],
  [0.6, 10, 0.0005681672],
  [0.06, 5, 1],
  [0.355392, 149, 2.40705100125e-17],
  [0.01, 50_000, 9.01804881184e-5],
  [0.005, 100_000, 0.0134308249778],
])('gives the Kolmogorov survival of d = %d at n = %d as kstwo.sf does', (d, n, expected) => {
  expect(relative(kolmogorovSurvival(d, n), expected)).toBeLessThan(1e-6);
});

it('keeps an extreme Kolmogorov tail within a few percent beyond 20 000 rows, at constant cost', () => {
  expect(relative(kolmogorovSurvival(0.02, 50_000), 8.35587873542e-18)).toBeLessThan(0.05);
  expect(relative(kolmogorovSurvival(0.004, 1_000_000), 2.52581841434e-14)).toBeLessThan(0.05);
});

it('inverts the Kolmogorov distribution, and passes NaN on', () => {
  for (const n of [3, 12, 100, 150, 5000, 1e6])
    expect(kolmogorovSurvival(kolmogorovQuantile(0.95, n), n)).toBeCloseTo(0.05, 6);
  expect(kolmogorovSurvival(Number.NaN, 10)).toBeNaN();
  expect(kolmogorovSurvival(1, 10)).toBe(0);
  expect(kolmogorovSurvival(0, 10)).toBe(1);
});

it.each([
  [0.5, 0.1, 0.6547208460185768],
  [1.5, 3, 0.11161022509471268],
  [3, 10, 0.0027693957155115775],
  [10, 10, 0.4579297144718523],
  [50, 80, 0.0001307839765914092],
  [0.5, 40, 3.744097384202887e-19],
  [500, 450, 0.9892827619087102],
])('gives the incomplete gamma Q(%d, %d) as gammaincc does', (a, x, expected) => {
  expect(relative(regularizedGammaUpper(a, x), expected)).toBeLessThan(1e-11);
  expect(regularizedGammaLower(a, x) + regularizedGammaUpper(a, x)).toBeCloseTo(1, 12);
});

it('keeps the ends of the incomplete gamma', () => {
  expect([regularizedGammaUpper(2, 0), regularizedGammaLower(2, 0)]).toEqual([1, 0]);
  expect([regularizedGammaUpper(2, Infinity), regularizedGammaLower(2, Infinity)]).toEqual([0, 1]);
});

it.each([
  [0.3, 1.0957979948180756],
  [2.5, 0.2846828704729192],
  [10, 12.801827480081469],
  [1000.5, 5908.674175848678],
  [1e6, 12815504.569147611],
])('gives ln gamma of %d as gammaln does', (x, expected) => {
  expect(relative(logGamma(x), expected)).toBeLessThan(1e-12);
});

it.each([
  [0.95, 1, 3.841458820694124],
  [0.99, 9, 21.665994333461924],
  [0.05, 3, 0.35184631774927144],
  [0.5, 100, 99.33412923598846],
])('gives the chi-square quantile of %d with %d degrees of freedom as chi2.ppf does', (p, dof, expected) => {
  expect(relative(chiSquareQuantile(p, dof), expected)).toBeLessThan(1e-8);
  expect(chiSquareSurvival(expected, dof)).toBeCloseTo(1 - p, 10);
});

it.each([
  [0.975, 1.959963984540054],
  [0.001, -3.090232306167813],
  [1e-12, -7.034483825301131],
  [0.3, -0.5244005127080409],
])('gives the normal quantile of %d as norm.ppf does', (p, expected) => {
  expect(relative(normalQuantile(p), expected)).toBeLessThan(1e-10);
  expect(relative(normalCdf(expected), p)).toBeLessThan(1e-9);
});

it('keeps the ends of the normal distribution', () => {
  expect([normalQuantile(0), normalQuantile(1), normalQuantile(1.5)]).toEqual([-Infinity, Infinity, Number.NaN]);
  expect(normalTwoSidedP(-1.959963984540054)).toBeCloseTo(0.05, 12);
});
