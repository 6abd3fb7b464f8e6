import { distinctValues, type FeatureProfile, type NumericProfile, usableRows } from '../profile/feature-profile.js';
import { chiSquareTwoSample } from '../statistics/chi-square.js';
import { countInBins, quantileEdges, quantileOf } from '../statistics/empirical-distribution.js';
import { jensenShannonDistance } from '../statistics/jensen-shannon.js';
import {
  kolmogorovSmirnovBand,
  kolmogorovSmirnovDistance,
  kolmogorovSmirnovPValue,
} from '../statistics/kolmogorov-smirnov.js';
import { kullbackLeiblerDivergence } from '../statistics/kullback-leibler.js';
import { populationStabilityBand, populationStabilityIndex } from '../statistics/population-stability.js';
import { totalVariationBand, totalVariationDistance } from '../statistics/total-variation.js';
import { wassersteinDistance } from '../statistics/wasserstein.js';
import { alignCategories, poolRareCategories } from './align-categories.js';
import type { DriftOptions } from './drift-options.js';
import type { DriftBin, DriftMeasure, DriftTest } from './drift-result.js';

/** A test before its p-value is corrected for the other features. */
export type UncorrectedTest = Pick<DriftTest, 'name' | 'statistic' | 'dof' | 'pValue'>;

/** All comparisons of two distributions; `test` and `effect` are null when none was possible. */
export interface DistributionMeasurement {
  readonly test: UncorrectedTest | null;
  readonly testReason: string;
  readonly effect: DriftMeasure | null;
  readonly distances: readonly DriftMeasure[];
  readonly bins: readonly DriftBin[];
}

/** Up to this many distinct values a number is a code or a count, and ties would make Kolmogorov-Smirnov too timid. */
const DISCRETE_VALUES_MAX = 10;
/** Rows that each quantile bin should hold on the smaller side, and the number of bins that PSI's usual bands are made for. */
const ROWS_PER_BIN = 10;
const BINS_MAX = 10;

/**
 * Compares two profiles of the same feature and type. Kolmogorov-Smirnov for numbers; the two-sample chi-square for categories and for
 * numbers with at most 10 distinct reference values; nothing when a side has fewer usable rows than `rowsMin` or the reference is constant.
 */
export function measureDistribution(
  reference: FeatureProfile,
  current: FeatureProfile,
  options: DriftOptions,
): DistributionMeasurement {
  const [n, m] = [usableRows(reference), usableRows(current)];
  if (Math.min(n, m) < options.rowsMin)
    return unmeasured(`${Math.min(n, m)} usable rows of at least ${options.rowsMin}`);
  if (distinctValues(reference) < 2) return unmeasured('the reference is constant: compared value by value');
  if (reference.type === 'numeric' && current.type === 'numeric' && distinctValues(reference) > DISCRETE_VALUES_MAX)
    return measureContinuous(reference, current, options);
  return measureDiscrete(reference, current, options);
}

const unmeasured = (testReason: string): DistributionMeasurement => ({
  test: null,
  testReason,
  effect: null,
  distances: [],
  bins: [],
});

function measureContinuous(
  reference: NumericProfile,
  current: NumericProfile,
  options: DriftOptions,
): DistributionMeasurement {
  const [before, now] = [reference.distribution, current.distribution];
  const [n, m] = [before.count, now.count];
  const statistic = kolmogorovSmirnovDistance(before, now);
  const pValue = kolmogorovSmirnovPValue(statistic, n, m);
  const bins = Math.max(2, Math.min(BINS_MAX, Math.floor(Math.min(n, m) / ROWS_PER_BIN)));
  const edges = quantileEdges(before, bins);
  const counts = { reference: countInBins(before, edges), current: countInBins(now, edges) };
  const move = wassersteinDistance(before, now);
  return {
    test: { name: 'kolmogorov-smirnov', statistic, dof: null, pValue },
    testReason: `numeric with more than ${DISCRETE_VALUES_MAX} distinct values`,
    effect: withBand('kolmogorov-smirnov', statistic, {
      floor: options.effectMin,
      band: kolmogorovSmirnovBand(options.bandLevel, n, m),
    }),
    distances: [
      ...measureBinned(counts, options),
      informing('wasserstein', move),
      withBand('normalized-wasserstein', move / robustScale(reference), { floor: options.shiftMin, band: null }),
    ],
    bins: counts.reference.map((count, i) => {
      const [lower, upper] = [edges[i - 1] ?? null, edges[i] ?? null];
      const label = upper === null ? `> ${lower ?? '-∞'}` : lower === null ? `<= ${upper}` : `${lower} to ${upper}`;
      return { label, lower, upper, referenceShare: count / n, currentShare: counts.current[i]! / m };
    }),
  };
}

function measureDiscrete(
  reference: FeatureProfile,
  current: FeatureProfile,
  options: DriftOptions,
): DistributionMeasurement {
  const aligned = alignCategories(reference, current);
  const counts = poolRareCategories(aligned);
  const samples = { categories: counts.labels.length, n: usableRows(reference), m: usableRows(current) };
  const result = chiSquareTwoSample(counts.reference, counts.current);
  const pooled = counts.labels.length < aligned.labels.length ? ', rare ones joined' : '';
  return {
    test: result.dof > 0 ? { name: 'chi-square', ...result } : null,
    testReason: result.dof > 0 ? `${samples.categories} categories${pooled}` : `fewer than two categories${pooled}`,
    effect: withBand('total-variation', totalVariationDistance(counts.reference, counts.current), {
      floor: options.effectMin,
      band: totalVariationBand(options.bandLevel, samples),
    }),
    distances: measureBinned(counts, options),
    bins: aligned.labels.map((label, i) => ({
      label,
      lower: null,
      upper: null,
      referenceShare: aligned.reference[i]! / samples.n,
      currentShare: aligned.current[i]! / samples.m,
    })),
  };
}

function measureBinned(
  counts: { reference: readonly number[]; current: readonly number[] },
  options: DriftOptions,
): DriftMeasure[] {
  const total = (side: readonly number[]): number => side.reduce((sum, count) => sum + count, 0);
  const samples = { bins: counts.reference.length, n: total(counts.reference), m: total(counts.current) };
  const index = populationStabilityIndex(counts.reference, counts.current);
  const band = populationStabilityBand(options.bandLevel, samples);
  return [
    withBand('population-stability-index', index, { floor: options.psiModerate, band }),
    informing('kullback-leibler', kullbackLeiblerDivergence(counts.reference, counts.current)),
    informing('jensen-shannon', jensenShannonDistance(counts.reference, counts.current)),
  ];
}

/** The threshold is the floor or the no-drift band, whichever is higher: small samples may wander further without meaning it. */
function withBand(
  name: DriftMeasure['name'],
  statistic: number,
  limits: { floor: number; band: number | null },
): DriftMeasure {
  const threshold = Math.max(limits.floor, limits.band ?? 0);
  return {
    name,
    statistic,
    direction: 'higher-is-drift',
    threshold,
    noDriftBand: limits.band,
    drifted: statistic >= threshold,
  };
}

const informing = (name: DriftMeasure['name'], statistic: number): DriftMeasure => ({
  name,
  statistic,
  direction: 'higher-is-drift',
  threshold: null,
  noDriftBand: null,
  drifted: false,
});

/** Interquartile range as a standard deviation (1.349 for a normal), so that one outlier does not hide every move; else the deviation. */
function robustScale(reference: NumericProfile): number {
  const range = quantileOf(reference.distribution, 0.75) - quantileOf(reference.distribution, 0.25);
  return range > 0 ? range / 1.349 : (reference.sd ?? 0) || 1;
}
