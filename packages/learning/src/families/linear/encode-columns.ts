import type { Dataset } from '../../dataset/dataset.js';
import type { CategoryTerm, NumericTerm } from '../model.js';
import type { CategoryColumn, DesignMatrix } from './design-matrix.js';
import { findMedian, findWeightedMedian } from './find-median.js';
import { STANDARDISED_MAX } from './standardise.js';

const isMissing = Number.isNaN;

/** Codes of a categorical column that get an indicator: the most frequent ones. The others have none. */
export const INDICATORS_MAX = 1000;

/** Training rows as a linear model sees them. */
export interface EncodedColumns {
  /** Weights still to be found: numeric terms first, then category terms. */
  readonly numeric: readonly NumericTerm[];
  readonly categories: readonly CategoryTerm[];
  readonly design: DesignMatrix;
}

/** Weight per row of the training rows; null when all count 1. */
type RowWeights = Float64Array | null;

function sumWeights(weights: RowWeights, count: number): number {
  return weights === null ? count : weights.reduce((sum, weight) => sum + weight, 0);
}

/** Sum of weight * (value - offset)^power; four sums side by side, so that no addition waits for the one before. */
function sumPowers(values: Float32Array, weights: RowWeights, offset: number, power: 1 | 2): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  const count = values.length;
  let i = 0;
  if (weights === null) {
    if (power === 1) {
      for (; i + 4 <= count; i += 4) {
        a += values[i]! - offset;
        b += values[i + 1]! - offset;
        c += values[i + 2]! - offset;
        d += values[i + 3]! - offset;
      }
    } else {
      for (; i + 4 <= count; i += 4) {
        a += (values[i]! - offset) * (values[i]! - offset);
        b += (values[i + 1]! - offset) * (values[i + 1]! - offset);
        c += (values[i + 2]! - offset) * (values[i + 2]! - offset);
        d += (values[i + 3]! - offset) * (values[i + 3]! - offset);
      }
    }
  }
  for (; i < count; i++) a += (weights === null ? 1 : weights[i]!) * (values[i]! - offset) ** power;
  return a + b + (c + d);
}

/** The median of the values that are there, each counted as often as its weight says. */
function imputeFor(values: Float32Array, weights: RowWeights, missingCount: number): number {
  if (missingCount === 0) return weights === null ? findMedian(values) : findWeightedMedian(values, weights);
  const places = Uint32Array.from(values, (_, i) => i).filter((i) => !isMissing(values[i]!));
  const present = Float32Array.from(places, (i) => values[i]!);
  if (weights === null) return findMedian(present);
  return findWeightedMedian(
    present,
    Float64Array.from(places, (i) => weights[i]!),
  );
}

/** Describes a numeric column and writes its standardised values in float32, as the exported graph computes them. */
function encodeNumeric(
  feature: number,
  column: Float32Array,
  rows: Int32Array,
  weights: RowWeights,
): { readonly term: NumericTerm; readonly values: Float32Array } {
  const values = new Float32Array(rows.length);
  let missingCount = 0;
  for (let i = 0; i < rows.length; i++) {
    const value = column[rows[i]!]!;
    values[i] = value;
    if (isMissing(value)) missingCount++;
  }
  const imputed = imputeFor(values, weights, missingCount);
  if (missingCount > 0) for (let i = 0; i < values.length; i++) if (isMissing(values[i]!)) values[i] = imputed;
  const total = sumWeights(weights, rows.length);
  const mean = sumPowers(values, weights, 0, 1) / total;
  const deviation = Math.sqrt(sumPowers(values, weights, mean, 2) / total);
  // A deviation at the level of rounding is a constant column.
  const isConstant = !(deviation > Math.abs(mean) * 1e-7) || !Number.isFinite(Math.fround(1 / deviation));
  const offset = Math.fround(mean);
  const scale = isConstant ? 1 : Math.fround(1 / deviation);
  for (let i = 0; i < values.length; i++) {
    const z = (values[i]! - offset) * scale;
    values[i] = Math.min(STANDARDISED_MAX, Math.max(-STANDARDISED_MAX, z));
  }
  return { term: { feature, imputed, offset, scale, weights: [] }, values };
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
  const columns: Float32Array[] = [];
  const categoryColumns: CategoryColumn[] = [];
  dataset.features.forEach(({ kind }, feature) => {
    const column = dataset.columns[feature]!;
    if (kind === 'numeric') {
      const { term, values } = encodeNumeric(feature, column, rows, weights);
      numeric.push(term);
      columns.push(values);
      return;
    }
    const encoded = encodeCategories(feature, column, rows, weights);
    categories.push(...encoded.terms);
    categoryColumns.push(encoded.column);
  });
  const width = numeric.length + categories.length;
  return { numeric, categories, design: { rowCount: rows.length, width, columns, categoryColumns } };
}
