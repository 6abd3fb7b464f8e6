import { distinctValues, type FeatureProfile, modalShare, usableRows } from '../profile/feature-profile.js';
import { compareProportions } from '../statistics/compare-proportions.js';
import type { DriftOptions } from './drift-options.js';
import {
  type DriftFinding,
  type DriftMeasure,
  type DriftSeverity,
  type DriftTest,
  type FeatureDrift,
  type ShareDrift,
  type SideCounts,
  severityOfShare,
  worstSeverity,
} from './drift-result.js';
import { type DistributionMeasurement, measureDistribution } from './measure-distribution.js';

/** One feature measured; p-values still stand alone. */
export interface FeatureMeasurement {
  readonly reference: FeatureProfile;
  readonly current: FeatureProfile;
  readonly distribution: DistributionMeasurement;
  readonly missingPValue: number;
  /** What needs no test: it is a fact of the window. */
  readonly facts: readonly DriftFinding[];
}

/** P-values of one feature after correction over all features; null where no test was made. */
export interface CorrectedPValues {
  readonly distribution: number | null;
  readonly missing: number | null;
}

/** Values closer than this share of their size are one value computed in two ways. */
const SAME_VALUE_SHARE = 1e-4;

/** Compares one feature with its reference. Never throws on data. */
export function measureFeature(
  reference: FeatureProfile,
  current: FeatureProfile,
  options: DriftOptions,
): FeatureMeasurement {
  const comparable = reference.type === current.type;
  const distribution = comparable
    ? measureDistribution(reference, current, options)
    : { test: null, testReason: 'the type changed', effect: null, distances: [], bins: [] };
  const missing = compareProportions(
    { hits: reference.missing, rows: reference.rows },
    { hits: current.missing, rows: current.rows },
  );
  return {
    reference,
    current,
    distribution,
    missingPValue: missing.pValue,
    facts: findFacts(reference, current, options),
  };
}

/** Draws the conclusion once the p-values are corrected: a finding needs significance and effect size. */
export function concludeFeature(
  measured: FeatureMeasurement,
  adjusted: CorrectedPValues,
  options: DriftOptions,
): FeatureDrift {
  const { reference, current, distribution } = measured;
  const test = correctTest(distribution, adjusted.distribution, options);
  const missing = compareShares(measured, adjusted.missing, options);
  const findings = [...measured.facts];
  const moved = distribution.distances.find(({ name }) => name === 'normalized-wasserstein');
  if (test?.drifted && distribution.effect?.drifted && (moved?.drifted ?? true))
    findings.push(distributionFinding(test, distribution, options));
  if (missing?.drifted && !findings.some(({ kind }) => kind === 'all-missing'))
    findings.push(missingFinding(missing, options));
  return {
    feature: reference.name,
    type: reference.type,
    reference: sideCounts(reference),
    current: sideCounts(current),
    test,
    testReason: distribution.testReason,
    effect: distribution.effect,
    distances: distribution.distances,
    bins: distribution.bins,
    missing,
    findings,
    drifted: findings.length > 0,
    severity: worstSeverity(findings.map(({ severity }) => severity)),
  };
}

function correctTest(
  { test }: DistributionMeasurement,
  adjusted: number | null,
  options: DriftOptions,
): DriftTest | null {
  if (test === null || adjusted === null) return null;
  const threshold = options.significance;
  return { ...test, adjustedPValue: adjusted, direction: 'lower-is-drift', threshold, drifted: adjusted <= threshold };
}

function compareShares(
  measured: FeatureMeasurement,
  adjusted: number | null,
  options: DriftOptions,
): ShareDrift | null {
  const { reference, current, missingPValue } = measured;
  if (adjusted === null || reference.rows === 0 || current.rows === 0) return null;
  const [before, now] = [reference.missing / reference.rows, current.missing / current.rows];
  return concludeShare({ before, now, pValue: missingPValue, adjusted, threshold: options.missingChangeMin }, options);
}

/** A difference of two shares is drift when it is significant after correction and at least `threshold`, either way. */
export function concludeShare(
  share: { before: number; now: number; pValue: number; adjusted: number; threshold: number },
  options: DriftOptions,
): ShareDrift {
  const difference = share.now - share.before;
  return {
    reference: share.before,
    current: share.now,
    difference,
    pValue: share.pValue,
    adjustedPValue: share.adjusted,
    significance: options.significance,
    direction: 'either-way-is-drift',
    threshold: share.threshold,
    drifted: share.adjusted <= options.significance && Math.abs(difference) >= share.threshold,
  };
}

function distributionFinding(
  test: DriftTest,
  distribution: DistributionMeasurement,
  options: DriftOptions,
): DriftFinding {
  const index = distribution.distances.find(({ name }) => name === 'population-stability-index');
  const effect = distribution.effect as DriftMeasure; // the caller has seen it drift
  const detail = `${effect.name} ${effect.statistic.toFixed(3)} (no drift below ${effect.threshold?.toFixed(3)}), corrected p ${test.adjustedPValue.toExponential(1)}`;
  return { kind: 'distribution', severity: severityOfIndex(index, options), share: effect.statistic, detail };
}

/** Siddiqi's bands, but never within the no-drift band of this sample size. */
function severityOfIndex(index: DriftMeasure | undefined, options: DriftOptions): Exclude<DriftSeverity, 'none'> {
  if (index === undefined || !index.drifted) return 'minor';
  return index.statistic >= Math.max(options.psiMajor, index.noDriftBand ?? 0) ? 'major' : 'moderate';
}

function missingFinding(missing: ShareDrift, options: DriftOptions): DriftFinding {
  const share = Math.abs(missing.difference);
  const detail = `missing share ${missing.reference.toFixed(3)} -> ${missing.current.toFixed(3)}, corrected p ${missing.adjustedPValue.toExponential(1)}`;
  return { kind: 'missing-share', severity: severityOfShare(share, options), share, detail };
}

function findFacts(reference: FeatureProfile, current: FeatureProfile, options: DriftOptions): DriftFinding[] {
  const facts: DriftFinding[] = [];
  const add = (kind: DriftFinding['kind'], share: number, detail: string): void => {
    facts.push({ kind, severity: severityOfShare(share, options), share, detail });
  };
  const usable = usableRows(current);
  if (reference.type !== current.type) add('type-changed', 1, `${reference.type} became ${current.type}`);
  if (current.rows >= options.rowsMin && current.missing === current.rows && reference.missing < reference.rows)
    add('all-missing', 1, `all ${current.rows} values are missing`);
  const infinite = current.type === 'numeric' ? current.infinite : 0;
  if (infinite > 0) add('infinite', infinite / current.rows, `${infinite} of ${current.rows} values are infinite`);
  const unseen = unseenCategories(reference, current);
  if (unseen.rows > 0)
    add(
      'unseen-category',
      unseen.rows / usable,
      `${unseen.rows} of ${usable} rows in categories never seen: ${unseen.labels.join(', ')}`,
    );
  // An undrifted window is constant with at most this chance: every row would have to hold the reference's commonest value.
  if (
    usable >= options.rowsMin &&
    distinctValues(current) === 1 &&
    modalShare(reference) ** usable <= options.significance
  )
    add(
      'became-constant',
      1 - modalShare(reference),
      `all ${usable} values are the same; the commonest had ${(100 * modalShare(reference)).toFixed(1)} % before`,
    );
  const moved = rowsOffConstant(reference, current);
  if (moved > 0)
    add('constant-moved', moved / usable, `the reference holds one value; ${moved} of ${usable} rows differ`);
  return facts;
}

/** Categories of the window that the reference never had. At most five are named; a cut-off reference can't tell. */
function unseenCategories(reference: FeatureProfile, current: FeatureProfile): { rows: number; labels: string[] } {
  if (
    reference.type !== 'categorical' ||
    current.type !== 'categorical' ||
    reference.other > 0 ||
    usableRows(reference) === 0
  )
    return { rows: 0, labels: [] };
  const known = new Set(reference.categories.map(({ value }) => value));
  const unseen = current.categories.filter(({ value }) => !known.has(value));
  const rows = unseen.reduce((sum, { count }) => sum + count, current.other);
  return { rows, labels: unseen.slice(0, 5).map(({ value }) => value.slice(0, 40)) };
}

/** Rows of a window whose numeric reference is one value, that differ from it by more than rounding. */
function rowsOffConstant(reference: FeatureProfile, current: FeatureProfile): number {
  if (reference.type !== 'numeric' || current.type !== 'numeric' || reference.distribution.values.length !== 1)
    return 0;
  const constant = reference.distribution.values[0]!;
  const { values, cumulative } = current.distribution;
  return values.reduce((rows, value, i) => {
    const tolerance = SAME_VALUE_SHARE * Math.max(Math.abs(constant), Math.abs(value));
    return Math.abs(value - constant) > tolerance ? rows + cumulative[i]! - (cumulative[i - 1] ?? 0) : rows;
  }, 0);
}

function sideCounts(profile: FeatureProfile): SideCounts {
  const infinite = profile.type === 'numeric' ? profile.infinite : 0;
  return { rows: profile.rows, usable: usableRows(profile), missing: profile.missing, infinite };
}
