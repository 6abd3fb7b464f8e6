import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  adjustBenjaminiHochberg,
  bootstrapIntervals,
  buildDistribution,
  chiSquareTwoSample,
  compareProportions,
  computeMoments,
  countAtMost,
  countInBins,
  createSeededRng,
  jensenShannonDistance,
  kolmogorovSmirnovDistance,
  kolmogorovSmirnovPValue,
  kullbackLeiblerDivergence,
  populationStabilityBand,
  populationStabilityIndex,
  quantileEdges,
  quantileOf,
  sortFloat32,
  totalVariationDistance,
  wassersteinDistance,
  wilsonInterval,
} from './index.js';

const CLEVELAND_CP = [23, 50, 86, 144];
const finite = fc.float({ noNaN: true, noDefaultInfinity: true, min: Math.fround(-1e6), max: Math.fround(1e6) });
const sample = fc.array(finite, { minLength: 1, maxLength: 60 });
const counts = fc.array(fc.nat(200), { minLength: 4, maxLength: 4 });

// Golden values: SciPy 1.17.1, chi2_contingency(correction=False) on the UCI heart-disease `cp` counts of four hospitals.
it.each([
  ['Hungarian', [11, 106, 54, 123], 33.175691, 2.9572e-7],
  ['Switzerland', [4, 4, 17, 98], 38.305173, 2.4357e-8],
  ['VA Long Beach', [8, 14, 47, 131], 19.275496, 2.3978e-4],
])('gives the chi-square of cp, Cleveland against %s, to the digits of SciPy', (_, current, statistic, p) => {
  const result = chiSquareTwoSample(CLEVELAND_CP, current);
  expect(result.statistic.toFixed(6)).toBe(statistic.toFixed(6));
  expect(result.dof).toBe(3);
  expect(result.pValue.toExponential(4)).toBe(p.toExponential(4));
});

it('leaves categories empty on both sides out of the degrees of freedom, and says p = 1 when nothing can be compared', () => {
  expect(chiSquareTwoSample([5, 0, 7], [6, 0, 6]).dof).toBe(1);
  expect(chiSquareTwoSample([5, 0], [9, 0])).toMatchObject({ dof: 0, pValue: 1 });
  expect(chiSquareTwoSample([0, 0], [9, 3])).toEqual({ statistic: 0, dof: 0, pValue: 1 });
});

it('gives the Jensen-Shannon distance as scipy.spatial.distance.jensenshannon(base=2) does', () => {
  expect(jensenShannonDistance(CLEVELAND_CP, [11, 106, 54, 123])).toBeCloseTo(0.20197747292845872, 12);
  expect(jensenShannonDistance([1, 0], [0, 1])).toBe(1);
});

// scipy.stats.binomtest(...).proportion_ci(method='wilson'), fisher_exact, false_discovery_control.
it('gives Wilson intervals, Fisher p-values and Benjamini-Hochberg as SciPy does', () => {
  expect(wilsonInterval(7, 20).lower).toBeCloseTo(0.1811918241010821, 10);
  expect(wilsonInterval(7, 20).upper).toBeCloseTo(0.5671457233147637, 10);
  expect(wilsonInterval(0, 10)).toMatchObject({ lower: 0, upper: expect.closeTo(0.27753279986288926, 10) });
  expect(wilsonInterval(0, 0)).toMatchObject({ lower: 0, upper: 1 });
  const fisher = compareProportions({ hits: 0, rows: 212 }, { hits: 2, rows: 20 });
  expect(fisher).toMatchObject({ method: 'fisher-exact', pValue: expect.closeTo(0.007090610538886399, 10) });
  expect(compareProportions({ hits: 7, rows: 10 }, { hits: 1, rows: 10 }).pValue).toBeCloseTo(0.019766611097880443, 10);
  expect(adjustBenjaminiHochberg([0.01, 0.04, 0.03, 0.005, 0.8])).toEqual(
    [0.025, 0.05, 0.05, 0.025, 0.8].map((p) => expect.closeTo(p, 12)),
  );
});

it('does not count an impossible test as a test', () => {
  expect(adjustBenjaminiHochberg([0.01, null, 0.04, Number.NaN])).toEqual([0.02, null, 0.04, null]);
});

it('never adjusts a p-value below itself or out of order', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 30 }), (pValues) => {
      const adjusted = adjustBenjaminiHochberg(pValues);
      pValues.forEach((p, i) => {
        expect(adjusted[i]!).toBeGreaterThanOrEqual(p);
        expect(adjusted[i]!).toBeLessThanOrEqual(1);
        pValues.forEach((other, j) => {
          if (p <= other) expect(adjusted[i]!).toBeLessThanOrEqual(adjusted[j]!);
        });
      });
    }),
  );
});

it('sorts floats as Float32Array does, on the radix path too, signs and zeros included', () => {
  fc.assert(
    fc.property(fc.array(finite, { minLength: 1, maxLength: 50 }), (values) => {
      const long = Array.from({ length: 2500 }, (_, i) => values[i % values.length]! * (1 + (i % 7)));
      expect(sortFloat32(long)).toEqual(Float32Array.from(long).sort());
    }),
    { numRuns: 30 },
  );
});

it('computes distances that are symmetric, zero on equal samples and bounded', () => {
  fc.assert(
    fc.property(sample, sample, (a, b) => {
      const [x, y] = [buildDistribution(a), buildDistribution(b)];
      const distance = kolmogorovSmirnovDistance(x, y);
      expect(distance).toBeCloseTo(kolmogorovSmirnovDistance(y, x), 12);
      expect(distance).toBeGreaterThanOrEqual(0);
      expect(distance).toBeLessThanOrEqual(1);
      expect(kolmogorovSmirnovDistance(x, x)).toBe(0);
      expect(wassersteinDistance(x, x)).toBe(0);
      expect(wassersteinDistance(x, y)).toBeCloseTo(wassersteinDistance(y, x), 6);
    }),
  );
});

it('moves the Wasserstein distance by exactly the shift', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1 }),
      fc.integer({ min: -500, max: 500 }),
      (a, shift) => {
        const moved = a.map((value) => value + shift);
        expect(wassersteinDistance(buildDistribution(a), buildDistribution(moved))).toBeCloseTo(Math.abs(shift), 6);
      },
    ),
  );
});

it('keeps PSI, KL, Jensen-Shannon and total variation finite, non-negative, and zero on equal counts', () => {
  fc.assert(
    fc.property(counts, counts, (a, b) => {
      for (const distance of [
        populationStabilityIndex,
        kullbackLeiblerDivergence,
        jensenShannonDistance,
        totalVariationDistance,
      ]) {
        const value = distance(a, b);
        expect(Number.isFinite(value)).toBe(true);
        expect(value).toBeGreaterThanOrEqual(0);
        expect(distance(a, a)).toBeCloseTo(0, 12);
      }
      expect(populationStabilityIndex(a, b)).toBeCloseTo(populationStabilityIndex(b, a), 9);
    }),
  );
});

it('bins a column into about equal shares, every row once, ties together', () => {
  fc.assert(
    fc.property(sample, fc.integer({ min: 2, max: 10 }), (values, bins) => {
      const distribution = buildDistribution(values);
      const edges = quantileEdges(distribution, bins);
      const inBins = countInBins(distribution, edges);
      expect(edges.length).toBeLessThan(bins);
      expect(inBins.reduce((sum, count) => sum + count, 0)).toBe(values.length);
      expect(inBins.every((count) => count > 0)).toBe(true);
    }),
  );
  expect(countInBins(buildDistribution([1, 1, 1, 1, 2, 3]), [1, 2])).toEqual([4, 1, 1]);
});

it('places a thinned distribution within a quantile gap of the whole one', () => {
  const rng = createSeededRng(7);
  const a = Float64Array.from({ length: 60_000 }, () => rng() ** 2);
  const b = Float64Array.from({ length: 50_000 }, () => rng() ** 2 + 0.03);
  const whole = { distinctMax: 1e9, quantiles: 1 };
  const exact = kolmogorovSmirnovDistance(buildDistribution(a, whole), buildDistribution(b, whole));
  const kept = kolmogorovSmirnovDistance(buildDistribution(a), buildDistribution(b, whole));
  expect(buildDistribution(a).values.length).toBeLessThanOrEqual(1025);
  expect(Math.abs(kept - exact)).toBeLessThan(1 / 1024);
  expect(kolmogorovSmirnovPValue(kept, a.length, b.length)).toBeLessThan(1e-12);
  const area = wassersteinDistance(buildDistribution(a, whole), buildDistribution(b, whole));
  expect(Math.abs(wassersteinDistance(buildDistribution(a), buildDistribution(b, whole)) - area)).toBeLessThan(
    1 / 1024,
  );
});

it('answers for an empty sample without throwing', () => {
  const empty = buildDistribution([]);
  expect(kolmogorovSmirnovDistance(empty, buildDistribution([1]))).toBeNaN();
  expect(wassersteinDistance(empty, buildDistribution([1]))).toBeNaN();
  expect(quantileOf(empty, 0.5)).toBeNaN();
  expect(countAtMost(empty, 3)).toBe(0);
});

it('holds the no-drift band of PSI at its level for undrifted samples', () => {
  const rng = createSeededRng(11);
  const draw = (rows: number) => buildDistribution(Float64Array.from({ length: rows }, () => rng()));
  let above = 0;
  for (let trial = 0; trial < 400; trial++) {
    const reference = draw(300);
    const edges = quantileEdges(reference, 8);
    const index = populationStabilityIndex(countInBins(reference, edges), countInBins(draw(200), edges));
    if (index > populationStabilityBand(0.95, { bins: 8, n: 300, m: 200 })) above++;
  }
  expect(above / 400).toBeGreaterThan(0.01);
  expect(above / 400).toBeLessThan(0.09);
});

it('bootstraps a mean close to its normal interval, and repeats itself from the same seed', () => {
  const rng = createSeededRng(3);
  const values = Float64Array.from({ length: 400 }, () => rng());
  const mean = (draws: Uint32Array) => [
    values.reduce((sum, value, i) => sum + value * draws[i]!, 0) / values.length,
    null,
  ];
  const run = () => bootstrapIntervals(values.length, mean, { replicates: 800, level: 0.95, rng: createSeededRng(5) });
  const [interval, undefinedEverywhere] = run();
  const { mean: centre, sd } = computeMoments(values);
  expect(interval!.lower).toBeCloseTo(centre - (1.96 * sd) / 20, 2);
  expect(interval!.upper).toBeCloseTo(centre + (1.96 * sd) / 20, 2);
  expect(undefinedEverywhere).toBeNull();
  expect(run()).toEqual(run());
});
