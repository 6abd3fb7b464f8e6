import {
  buildDistribution,
  type DistributionSize,
  type EmpiricalDistribution,
} from '../statistics/empirical-distribution.js';
import { computeMoments } from '../statistics/moments.js';
import type { CategoricalColumn, FeatureColumn, NumericColumn } from './feature-column.js';

/** What is kept of a numeric column. `rows` = `missing` + `infinite` + `distribution.count`; `missing` includes `malformed`. */
export interface NumericProfile {
  readonly name: string;
  readonly type: 'numeric';
  readonly rows: number;
  readonly missing: number;
  readonly malformed: number;
  readonly infinite: number;
  readonly zeros: number;
  /** Range, mean and standard deviation of the finite values, in the feature's unit; null when there are none. */
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
  readonly sd: number | null;
  readonly distribution: EmpiricalDistribution;
}

/** Rows of one category. */
export interface CategoryCount {
  readonly value: string;
  readonly count: number;
}

/** What is kept of a categorical column. `rows` = `missing` + sum of `categories` + `other`. */
export interface CategoricalProfile {
  readonly name: string;
  readonly type: 'categorical';
  readonly rows: number;
  readonly missing: number;
  readonly malformed: number;
  /** Most frequent first; equal counts by code. */
  readonly categories: readonly CategoryCount[];
  /** Rows of the categories beyond the kept ones. While it is above 0, no category can be called unseen. */
  readonly other: number;
}

/** One feature of a reference or of a window. Plain data that survives JSON. */
export type FeatureProfile = NumericProfile | CategoricalProfile;

/** Beyond this many categories a column is an identifier or free text rather than a category. */
const CATEGORIES_MAX = 1000;

/** Counts a column once. Never throws on data: NaN, infinities and empty columns are counted, not computed with. */
export function profileFeature(column: FeatureColumn, size?: DistributionSize): FeatureProfile {
  return column.type === 'numeric' ? profileNumeric(column, size) : profileCategorical(column);
}

/** {@link profileFeature} for a numeric column. */
export function profileNumeric(column: NumericColumn, size?: DistributionSize): NumericProfile {
  const { name, type, values, malformed } = column;
  const finite = keepFinite(values);
  const missing = values.reduce((count, value) => count + (Number.isNaN(value) ? 1 : 0), 0);
  const distribution = buildDistribution(finite, size);
  const moments = computeMoments(finite);
  const known = finite.length > 0;
  return {
    name,
    type,
    rows: values.length,
    missing,
    malformed,
    infinite: values.length - missing - finite.length,
    zeros: finite.reduce((count, value) => count + (value === 0 ? 1 : 0), 0),
    min: known ? distribution.values[0]! : null,
    max: known ? distribution.values[distribution.values.length - 1]! : null,
    mean: known ? moments.mean : null,
    sd: known ? moments.sd : null,
    distribution,
  };
}

/** The finite values; without a copy when all are. */
function keepFinite(values: Float32Array): Float32Array {
  const finite = values.every((value) => Number.isFinite(value)) ? values : new Float32Array(values.length);
  if (finite === values) return values;
  let count = 0;
  for (const value of values) if (Number.isFinite(value)) finite[count++] = value;
  return finite.subarray(0, count);
}

function profileCategorical({ name, type, values, malformed }: CategoricalColumn): CategoricalProfile {
  const counts = new Map<string, number>();
  let missing = 0;
  for (const value of values) {
    if (value === null) missing++;
    else counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const byCount = [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
  const categories = byCount.slice(0, CATEGORIES_MAX);
  const kept = categories.reduce((sum, { count }) => sum + count, 0);
  return { name, type, rows: values.length, missing, malformed, categories, other: values.length - missing - kept };
}

/** Rows with a value that statistics can use (neither missing nor infinite). */
export function usableRows(profile: FeatureProfile): number {
  return profile.type === 'numeric' ? profile.distribution.count : profile.rows - profile.missing;
}

/** Distinct usable values that were kept. */
export function distinctValues(profile: FeatureProfile): number {
  return profile.type === 'numeric' ? profile.distribution.values.length : profile.categories.length;
}

/** Share of usable rows that hold the most frequent value, in [0, 1]; 0 without usable rows. */
export function modalShare(profile: FeatureProfile): number {
  const rows = usableRows(profile);
  if (rows === 0) return 0;
  if (profile.type === 'categorical') return (profile.categories[0]?.count ?? 0) / rows;
  const { cumulative } = profile.distribution;
  return cumulative.reduce((most, count, i) => Math.max(most, count - (cumulative[i - 1] ?? 0)), 0) / rows;
}
