import type { Dataset } from '../../dataset/dataset.js';
import type { CategoryTerm, NumericTerm } from '../model.js';
import type { CategoryColumn, DesignMatrix, NumberColumn } from './design-matrix.js';
import { findWeightedMedian, MedianFinder } from './find-median.js';
import { STANDARDISED_MAX } from './standardise.js';

const isMissing = Number.isNaN;

/** Codes of a categorical column that get an indicator: the most frequent ones. The others have none. */
const INDICATORS_MAX = 1000;

/** Training rows as a linear model sees them. */
export interface EncodedColumns {
  /** Weights still to be found: numeric terms first, then category terms. */
  readonly numeric: readonly NumericTerm[];
  readonly categories: readonly CategoryTerm[];
  readonly design: DesignMatrix;
}

/** Weight per row of the training rows; null when all count 1. */
type RowWeights = Float64Array | null;

/** Sum of the values; four sums side by side, so that no addition waits for the one before. */
function sumValues(values: Float32Array): number {
  const whole = values.length & ~3;
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  for (let i = 0; i < whole; i += 4) {
    a += values[i]!;
    b += values[i + 1]!;
    c += values[i + 2]!;
    d += values[i + 3]!;
  }
  for (let i = whole; i < values.length; i++) a += values[i]!;
  return a + b + (c + d);
}

function sumSquares(values: Float32Array, mean: number): number {
  const whole = values.length & ~3;
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  for (let i = 0; i < whole; i += 4) {
    const va = values[i]! - mean;
    const vb = values[i + 1]! - mean;
    const vc = values[i + 2]! - mean;
    const vd = values[i + 3]! - mean;
    a += va * va;
    b += vb * vb;
    c += vc * vc;
    d += vd * vd;
  }
  for (let i = whole; i < values.length; i++) a += (values[i]! - mean) ** 2;
  return a + b + (c + d);
}

interface Moments {
  readonly mean: number;
  readonly deviation: number;
}

function measure(values: Float32Array, weights: RowWeights): Moments {
  if (weights === null) {
    const mean = sumValues(values) / values.length;
    return { mean, deviation: Math.sqrt(sumSquares(values, mean) / values.length) };
  }
  let total = 0;
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    total += weights[i]!;
    sum += weights[i]! * values[i]!;
  }
  const mean = sum / total;
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += weights[i]! * (values[i]! - mean) ** 2;
  return { mean, deviation: Math.sqrt(squares / total) };
}

/** The median of the values that are there, each counted as often as its weight says. */
function imputeFor(values: Float32Array, weights: RowWeights, missingCount: number, medians: MedianFinder): number {
  if (missingCount === 0) return weights === null ? medians.find(values) : findWeightedMedian(values, weights);
  const places = Uint32Array.from(values, (_, i) => i).filter((i) => !isMissing(values[i]!));
  const present = Float32Array.from(places, (i) => values[i]!);
  if (weights === null) return medians.find(present);
  return findWeightedMedian(
    present,
    Float64Array.from(places, (i) => weights[i]!),
  );
}

/** Values of the training rows: the dataset's own memory when they lie side by side there. */
function takeValues(column: Float32Array, rows: Int32Array, areRun: 'run' | 'scattered'): Float32Array {
  if (areRun === 'run') return column.subarray(rows[0]!, rows[0]! + rows.length);
  const values = new Float32Array(rows.length);
  for (let i = 0; i < rows.length; i++) values[i] = column[rows[i]!]!;
  return values;
}

/** Whether rows follow each other without a gap. */
function isRun(rows: Int32Array): boolean {
  const first = rows[0]!;
  if (rows[rows.length - 1]! - first !== rows.length - 1) return false;
  for (let i = 0; i < rows.length; i++) if (rows[i]! !== first + i) return false;
  return true;
}

function countMissing(values: Float32Array): number {
  let count = 0;
  for (let i = 0; i < values.length; i++) if (isMissing(values[i]!)) count++;
  return count;
}

function fillMissing(values: Float32Array, imputed: number): Float32Array {
  const filled = values.slice();
  for (let i = 0; i < filled.length; i++) if (isMissing(filled[i]!)) filled[i] = imputed;
  return filled;
}

/** The z of all values, cut as {@link STANDARDISED_MAX} says. */
function standardiseAll(values: Float32Array, offset: number, scale: number): Float32Array {
  const found = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    let z = (values[i]! - offset) * scale;
    // Hardly ever taken, unlike the cost of Math.min and Math.max.
    if (z > STANDARDISED_MAX) z = STANDARDISED_MAX;
    else if (z < -STANDARDISED_MAX) z = -STANDARDISED_MAX;
    found[i] = z;
  }
  return found;
}

/** Standardised when they are read, values up to this many deviations from 0 lose no more than float64's last digits. */
const OFFSET_MAX = 1e4;

/** Describes a numeric column and standardises it; by what is done when it is read, unless that would lose digits or a value must be cut. */
function encodeNumeric(
  feature: number,
  taken: Float32Array,
  weights: RowWeights,
  medians: MedianFinder,
): { readonly term: NumericTerm; readonly column: NumberColumn } {
  // A sum with a gap in it is a gap; infinite values there are none.
  const missingCount = isMissing(sumValues(taken)) ? countMissing(taken) : 0;
  const imputed = imputeFor(taken, weights, missingCount, medians);
  const values = missingCount > 0 ? fillMissing(taken, imputed) : taken;
  const { mean, deviation } = measure(values, weights);
  // A deviation at the level of rounding is a constant column.
  const isConstant = !(deviation > Math.abs(mean) * 1e-7) || !Number.isFinite(Math.fround(1 / deviation));
  const offset = Math.fround(mean);
  const scale = isConstant ? 1 : Math.fround(1 / deviation);
  const term = { feature, imputed, offset, scale, weights: [] };
  // Without weights no value lies further out than the square root of the rows.
  const mayExceed = weights !== null || values.length > STANDARDISED_MAX ** 2;
  if (isConstant || mayExceed || Math.abs(offset * scale) > OFFSET_MAX) {
    return { term, column: { values: standardiseAll(values, offset, scale), offset: 0, scale: 1 } };
  }
  return { term, column: { values, offset, scale } };
}

/** Gives the most frequent codes of a column an indicator each, in ascending order of the codes. */
function encodeCategories(
  feature: number,
  column: Float32Array,
  rows: Int32Array,
  weights: RowWeights,
): { readonly terms: CategoryTerm[]; readonly column: CategoryColumn } {
  const counts = new Map<number, number>();
  for (let i = 0; i < rows.length; i++) {
    const code = column[rows[i]!]!;
    const weight = weights === null ? 1 : weights[i]!;
    if (!isMissing(code) && weight > 0) counts.set(code, (counts.get(code) ?? 0) + weight);
  }
  const frequent = [...counts.keys()].sort((a, b) => counts.get(b)! - counts.get(a)! || a - b);
  const imputed = frequent[0] ?? 0;
  const codes = frequent.slice(0, INDICATORS_MAX).sort((a, b) => a - b);
  const places = new Map(codes.map((code, place) => [code, place]));
  if (codes.length > 0) places.set(Number.NaN, places.get(imputed)!); // the most frequent code is among them
  const indices = Int32Array.from(rows, (row) => places.get(column[row]!) ?? codes.length);
  return {
    terms: codes.map((code) => ({ feature, code, imputed, weights: [] })),
    column: { indices, size: codes.length },
  };
}

/**
 * Standardises numeric columns (missing becomes the median of the training rows) and gives each code of a categorical column an
 * indicator of its own (missing becomes the most frequent code). Of more than 1000 codes the rarest get none. Row weights count as
 * copies of a row would.
 */
export function encodeColumns(dataset: Dataset, rows: Int32Array, weights: RowWeights): EncodedColumns {
  const numeric: NumericTerm[] = [];
  const categories: CategoryTerm[] = [];
  const columns: NumberColumn[] = [];
  const categoryColumns: CategoryColumn[] = [];
  const medians = new MedianFinder(rows.length);
  const areRun = isRun(rows) ? 'run' : 'scattered';
  dataset.features.forEach(({ kind }, feature) => {
    const column = dataset.columns[feature]!;
    if (kind === 'numeric') {
      const encoded = encodeNumeric(feature, takeValues(column, rows, areRun), weights, medians);
      numeric.push(encoded.term);
      columns.push(encoded.column);
      return;
    }
    const encoded = encodeCategories(feature, column, rows, weights);
    categories.push(...encoded.terms);
    categoryColumns.push(encoded.column);
  });
  const width = numeric.length + categories.length;
  return { numeric, categories, design: { rowCount: rows.length, width, columns, categoryColumns } };
}
