import { sortFloat32 } from '@gimbal/domain';
import { presentValues } from '../../binning/bin-features.js';
import type { Dataset } from '../../dataset/dataset.js';
import { LearningError } from '../../learning-error.js';
import type { CategoryTerm, NumericTerm } from '../model.js';
import { hasCode } from './has-code.js';
import { standardise } from './standardise.js';

const isMissing = Number.isNaN;

/** More codes than this in a categorical column are ids, not categories. */
const CODES_MAX = 1000;

/** Training rows as a linear model sees them. */
export interface EncodedColumns {
  /** Numeric terms first, then category terms; weights still to be found. */
  readonly numeric: readonly NumericTerm[];
  readonly categories: readonly CategoryTerm[];
  /** Row-major, rows x (numeric + categories). */
  readonly values: Float64Array;
}

function medianOfPresent(column: Float32Array, rows: Int32Array): number {
  const present = sortFloat32(presentValues(column, rows));
  if (present.length === 0) return 0;
  const middle = present.length >> 1;
  return Math.fround(present.length % 2 === 1 ? present[middle]! : present[middle - 1]! / 2 + present[middle]! / 2);
}

function describeNumeric(feature: number, column: Float32Array, rows: Int32Array): NumericTerm {
  const imputed = medianOfPresent(column, rows);
  let sum = 0;
  for (const row of rows) sum += isMissing(column[row]!) ? imputed : column[row]!;
  const mean = sum / rows.length;
  let squares = 0;
  for (const row of rows) squares += ((isMissing(column[row]!) ? imputed : column[row]!) - mean) ** 2;
  const deviation = Math.sqrt(squares / rows.length);
  // A deviation at the level of rounding is a constant column.
  const isConstant = !(deviation > Math.abs(mean) * 1e-7) || !Number.isFinite(Math.fround(1 / deviation));
  return {
    feature,
    imputed,
    offset: Math.fround(mean),
    scale: isConstant ? 1 : Math.fround(1 / deviation),
    weights: [],
  };
}

function describeCategories(dataset: Dataset, feature: number, rows: Int32Array): CategoryTerm[] {
  const counts = new Map<number, number>();
  const column = dataset.columns[feature]!;
  for (const row of rows) {
    const code = column[row]!;
    if (!isMissing(code)) counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  if (counts.size > CODES_MAX) {
    const name = dataset.features[feature]!.name;
    throw new LearningError(
      'invalid-dataset',
      `Categorical column "${name}" has ${counts.size} codes, more than ${CODES_MAX}.`,
    );
  }
  const codes = [...counts.keys()].sort((a, b) => a - b);
  const imputed = codes.reduce((best, code) => (counts.get(code)! > counts.get(best)! ? code : best), codes[0]!);
  return codes.map((code) => ({ feature, code, imputed, weights: [] }));
}

/**
 * Standardises numeric columns (missing becomes the median of the training rows) and gives each code of a categorical
 * column an indicator of its own (missing becomes the most frequent code).
 *
 * @throws LearningError `invalid-dataset` when a categorical column has more than 1000 codes
 */
export function encodeColumns(dataset: Dataset, rows: Int32Array): EncodedColumns {
  const numeric: NumericTerm[] = [];
  const categories: CategoryTerm[] = [];
  dataset.features.forEach(({ kind }, feature) => {
    if (kind === 'numeric') numeric.push(describeNumeric(feature, dataset.columns[feature]!, rows));
    else categories.push(...describeCategories(dataset, feature, rows));
  });
  const width = numeric.length + categories.length;
  const values = new Float64Array(rows.length * width);
  numeric.forEach((term, j) => {
    const column = dataset.columns[term.feature]!;
    for (let i = 0; i < rows.length; i++) values[i * width + j] = standardise(term, column[rows[i]!]!);
  });
  categories.forEach((term, k) => {
    const column = dataset.columns[term.feature]!;
    for (let i = 0; i < rows.length; i++)
      if (hasCode(term, column[rows[i]!]!)) values[i * width + numeric.length + k] = 1;
  });
  return { numeric, categories, values };
}
