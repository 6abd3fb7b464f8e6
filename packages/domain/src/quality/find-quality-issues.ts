import type { FeatureDefinition } from '../profile/feature-column.js';
import {
  distinctValues,
  type FeatureProfile,
  modalShare,
  type NumericProfile,
  usableRows,
} from '../profile/feature-profile.js';
import { compareProportions, type Proportion } from '../statistics/compare-proportions.js';
import { countAtMost, countBelow } from '../statistics/empirical-distribution.js';
import type { QualityOptions } from './quality-options.js';
import type { QualityCheck } from './quality-result.js';

/** Something seen, before it is judged. `invalid` values can make a fault; suspicious ones only warn. */
export interface QualityIssue {
  readonly feature: string | null;
  readonly check: QualityCheck;
  readonly kind: 'invalid' | 'suspicious';
  readonly seen: Proportion;
  readonly reference: Proportion | null;
  /** Against the reference; null for a fact, which needs no test. */
  readonly pValue: number | null;
  readonly detail: string;
}

/** One feature of the window beside what is declared and what the reference had; either may be unknown. */
export interface FeatureSides {
  readonly definition: FeatureDefinition;
  readonly reference: FeatureProfile | null;
  readonly current: FeatureProfile;
  readonly options: QualityOptions;
}

/** All that can be said against one feature of a window. */
export function findQualityIssues(sides: FeatureSides): QualityIssue[] {
  const { current } = sides;
  const issues = [...findImpossible(sides), ...findConstant(sides), ...findMissing(sides)];
  if (current.type === 'numeric') issues.push(...findOffRange(sides, current));
  else issues.push(...findForeignCodes(sides));
  return issues.filter(({ seen }) => seen.hits > 0);
}

const issueOf = (
  sides: FeatureSides,
  issue: Omit<QualityIssue, 'feature' | 'reference' | 'pValue'> & Partial<QualityIssue>,
): QualityIssue => ({
  feature: sides.definition.name,
  reference: null,
  pValue: null,
  ...issue,
});

function findImpossible(sides: FeatureSides): QualityIssue[] {
  const { current, definition } = sides;
  const of = (hits: number): Proportion => ({ hits, rows: current.rows });
  const infinite = current.type === 'numeric' ? current.infinite : 0;
  return [
    issueOf(sides, {
      check: 'malformed',
      kind: 'invalid',
      seen: of(current.malformed),
      detail: `values that are not ${definition.type}`,
    }),
    issueOf(sides, { check: 'infinite', kind: 'invalid', seen: of(infinite), detail: 'infinite values' }),
  ];
}

/**
 * A missing value that the definition allows is honest: the sender says that nothing was measured, and the model has learned what to do.
 * Whether it then still performs is for labelled rows to say, so even a column that went missing altogether only warns. Malformed values
 * are reported as such, not again as missing.
 */
function findMissing(sides: FeatureSides): QualityIssue[] {
  const { current, reference, definition } = sides;
  const seen = { hits: current.missing - current.malformed, rows: current.rows };
  if (definition.missing === 'refused')
    return [
      issueOf(sides, { check: 'missing-refused', kind: 'invalid', seen, detail: 'missing where a value is required' }),
    ];
  if (reference === null || reference.rows === 0) return [];
  return [
    issueOf(sides, {
      check: 'missing-share',
      kind: 'suspicious',
      seen,
      ...against({ hits: reference.missing, rows: reference.rows }, seen),
      detail: 'missing share rose',
    }),
  ];
}

function findOffRange(sides: FeatureSides, current: NumericProfile): QualityIssue[] {
  const { definition, reference } = sides;
  const issues: QualityIssue[] = [];
  const rows = usableRows(current);
  const range = definition.range;
  if (range) {
    const seen = { hits: countOutside(current, range), rows };
    issues.push(
      issueOf(sides, {
        check: 'out-of-range',
        kind: 'invalid',
        seen,
        detail: `outside the declared ${range.min} to ${range.max}`,
      }),
    );
  }
  if (reference?.type !== 'numeric' || reference.min === null || reference.max === null) return issues;
  const known = usableRows(reference);
  const trained = { min: reference.min, max: reference.max };
  // A declared range that holds 0 knows better than a reference that happens to have none.
  const zeros = trained.min > 0 && !(range && range.min <= 0 && range.max >= 0) ? { hits: current.zeros, rows } : null;
  if (zeros) {
    const detail = `zeros; the reference starts at ${trained.min}`;
    const compared = against({ hits: 0, rows: known }, zeros);
    issues.push(issueOf(sides, { check: 'implausible-zero', kind: 'invalid', seen: zeros, ...compared, detail }));
  }
  // What is reported as invalid above is not reported again as merely unfamiliar.
  const hull = range ? { min: Math.min(range.min, trained.min), max: Math.max(range.max, trained.max) } : null;
  const invalid = hull ? countOutside(current, hull) : (zeros?.hits ?? 0);
  const beyond = { hits: countOutside(current, trained) - invalid, rows };
  // Of n + 1 exchangeable rows the new one is the smallest or largest with chance 2 / (n + 1).
  const compared = against({ hits: Math.min(2, known), rows: known }, beyond);
  issues.push(
    issueOf(sides, {
      check: 'outside-training-range',
      kind: 'suspicious',
      seen: beyond,
      ...compared,
      detail: `beyond ${trained.min} to ${trained.max}, where the model was trained`,
    }),
  );
  return issues;
}

function findForeignCodes(sides: FeatureSides): QualityIssue[] {
  const { current, reference, definition } = sides;
  if (current.type !== 'categorical') return [];
  const rows = usableRows(current);
  const allowed = definition.allowedValues && new Set(definition.allowedValues);
  const foreign = allowed ? current.categories.filter(({ value }) => !allowed.has(value)) : [];
  const known =
    reference?.type === 'categorical' && reference.other === 0 && usableRows(reference) > 0
      ? new Set(reference.categories.map(({ value }) => value))
      : null;
  const unseen = known
    ? current.categories.filter(({ value }) => !known.has(value) && (!allowed || allowed.has(value)))
    : [];
  const describe = (found: typeof foreign): string =>
    found
      .slice(0, 5)
      .map(({ value }) => value.slice(0, 40))
      .join(', ');
  const hits = (found: typeof foreign): number => found.reduce((sum, { count }) => sum + count, 0);
  return [
    issueOf(sides, {
      check: 'value-not-allowed',
      kind: 'invalid',
      seen: { hits: hits(foreign), rows },
      detail: `codes that are not declared: ${describe(foreign)}`,
    }),
    issueOf(sides, {
      check: 'unseen-category',
      kind: 'suspicious',
      seen: { hits: hits(unseen), rows },
      detail: `codes that the reference never had: ${describe(unseen)}`,
    }),
  ];
}

/**
 * A column that varied and now holds one value. A measurement with many distinct values can't do that honestly (a stuck sensor, a
 * default written for "not measured"): its values are invalid. A code can: one sex, one site.
 */
function findConstant(sides: FeatureSides): QualityIssue[] {
  const { current, reference, options } = sides;
  const rows = usableRows(current);
  if (reference === null || rows < options.rowsMin || distinctValues(current) !== 1) return [];
  const pValue = modalShare(reference) ** rows; // the chance that an undrifted window is constant, at most
  if (distinctValues(reference) < 2 || pValue > options.significance) return [];
  const isMeasurement = reference.type === 'numeric' && distinctValues(reference) >= options.continuousDistinctMin;
  const value = current.type === 'numeric' ? String(current.min) : (current.categories[0]?.value ?? '').slice(0, 40);
  return [
    issueOf(sides, {
      check: isMeasurement ? 'stuck' : 'became-constant',
      kind: isMeasurement ? 'invalid' : 'suspicious',
      seen: { hits: rows, rows },
      detail: `every value is ${value}; the reference had ${distinctValues(reference)} distinct ones`,
    }),
  ];
}

function against(reference: Proportion, seen: Proportion): { reference: Proportion; pValue: number } {
  return { reference, pValue: compareProportions(reference, seen).pValue };
}

function countOutside({ distribution }: NumericProfile, range: { min: number; max: number }): number {
  // Float32 keeps a bound such as 0.1 slightly off: compare at the precision of the data.
  const [min, max] = [Math.fround(range.min), Math.fround(range.max)];
  return countBelow(distribution, min) + distribution.count - countAtMost(distribution, max);
}
