import { sortFloat32 } from '@gimbal/domain';
import type { FeatureTable } from '../dataset/dataset.js';
import { createRandom, sampleWithoutReplacement } from '../random/random.js';
import { checkpoint, type TrainingHooks } from '../training-hooks.js';

const isMissing = Number.isNaN;

/** Most bins for values; with the bin for missing a code fits one byte. */
export const VALUE_BINS_MAX = 255;

/** More rows than this don't move quantiles enough to pay for sorting them (LightGBM and scikit-learn sample as many). */
const QUANTILE_SAMPLE_ROWS = 200_000;

/** The rows that edges are found on: all, or above 200 000 a sample drawn with `seed`, in ascending order of position. */
export function sampleForEdges(rows: Int32Array, seed: number): Int32Array {
  if (rows.length <= QUANTILE_SAMPLE_ROWS) return rows;
  const drawn = sampleWithoutReplacement(rows.length, QUANTILE_SAMPLE_ROWS, createRandom(seed));
  for (let i = 0; i < drawn.length; i++) drawn[i] = rows[drawn[i]!]!;
  return drawn;
}

/** Training rows as one-byte codes, column by column: what tree growing reads. Position i is the i-th row given. */
export interface BinnedFeatures {
  readonly rowCount: number;
  readonly featureCount: number;
  /** Column-major, `featureCount * rowCount`. Code c < valueBins[j] is a value bin, c = valueBins[j] is missing. */
  readonly codes: Uint8Array;
  /** Value bins per feature, in [0, 255]; 0 when a column is wholly missing. */
  readonly valueBins: Int32Array;
  /**
   * Upper edges per feature, float32, one fewer than value bins; bin b holds x with edge[b-1] < x <= edge[b]. An edge lies
   * between two neighbouring values, so that the same test on raw float32 values gives the same answer.
   */
  readonly edges: readonly Float32Array[];
  /** First histogram slot of each feature; the slot of code c is `offsets[j] + c`. One longer than features: the last is the total. */
  readonly offsets: Int32Array;
}

/** A float32 e with low <= e < high, as near the middle as float32 allows. */
function edgeBetween(low: number, high: number): number {
  const middle = Math.fround(low / 2 + high / 2);
  return middle >= low && middle < high ? middle : low;
}

/** The values of some rows that are not missing, in the order of the rows. */
function presentValues(column: Float32Array, rows: Int32Array): Float32Array {
  const values = new Float32Array(rows.length);
  let count = 0;
  for (let i = 0; i < rows.length; i++) {
    const value = column[rows[i]!]!;
    if (!isMissing(value)) values[count++] = value;
  }
  return values.subarray(0, count);
}

function countDistinct(sorted: Float32Array): { values: Float32Array; counts: Int32Array } {
  const values = new Float32Array(sorted.length);
  const counts = new Int32Array(sorted.length);
  let size = 0;
  for (let i = 0; i < sorted.length; i++) {
    if (size > 0 && values[size - 1] === sorted[i]) counts[size - 1]!++;
    else {
      values[size] = sorted[i]!;
      counts[size++] = 1;
    }
  }
  return { values: values.subarray(0, size), counts: counts.subarray(0, size) };
}

/** Edges of one column, see {@link placeEdges}. */
function findEdges(column: Float32Array, rows: Int32Array): Float32Array {
  const { values, counts } = countDistinct(sortFloat32(presentValues(column, rows)));
  return placeEdges(values, counts, 1);
}

/**
 * Edges between distinct values, given in ascending order with how often each occurs. Up to 255 values get a bin each, neighbours a common
 * one until it holds `binRowsMin` rows; beyond that bins hold about equally many rows, and a value so frequent that it fills a bin gets
 * its own.
 */
export function placeEdges(values: Float32Array, counts: Int32Array | Uint32Array, binRowsMin: number): Float32Array {
  const edges: number[] = [];
  let filled = 0;
  if (values.length <= VALUE_BINS_MAX) {
    for (let i = 0; i + 1 < values.length; i++) {
      filled += counts[i]!;
      if (filled < binRowsMin) continue;
      edges.push(edgeBetween(values[i]!, values[i + 1]!));
      filled = 0;
    }
    return Float32Array.from(edges);
  }
  let rowsLeft = 0;
  for (let i = 0; i < counts.length; i++) rowsLeft += counts[i]!;
  let binsLeft = Math.min(VALUE_BINS_MAX, Math.max(1, Math.floor(rowsLeft / binRowsMin)));
  let share = rowsLeft / binsLeft;
  for (let i = 0; i + 1 < values.length && binsLeft > 1; i++) {
    filled += counts[i]!;
    const next = counts[i + 1]!;
    // Close the bin when it is full, or when a value that fills a bin alone comes next.
    if (filled >= share || (next >= share && filled >= share / 2)) {
      edges.push(edgeBetween(values[i]!, values[i + 1]!));
      rowsLeft -= filled;
      filled = 0;
      binsLeft--;
      share = rowsLeft / binsLeft;
    }
  }
  return Float32Array.from(edges);
}

/** Index of the first edge that is >= value, or `edges.length`. */
function findBin(edges: Float32Array, value: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= edges[middle]!) high = middle;
    else low = middle + 1;
  }
  return low;
}

export function hasValue(column: Float32Array, rows: Int32Array): boolean {
  return rows.some((row) => !isMissing(column[row]!));
}

/**
 * Bins the given rows of a table. Edges are found on these rows only, so that a fold never sees the rows it is judged on.
 * Above 200 000 rows edges come from a sample drawn with `seed`. Obeys a stop between columns.
 */
export function binFeatures(
  table: FeatureTable,
  rows: Int32Array,
  seed: number,
  hooks: TrainingHooks = {},
): BinnedFeatures {
  const featureCount = table.columns.length;
  const rowCount = rows.length;
  const codes = new Uint8Array(featureCount * rowCount);
  const valueBins = new Int32Array(featureCount);
  const offsets = new Int32Array(featureCount + 1);
  const sampled = sampleForEdges(rows, seed);
  const edges = table.columns.map((column, j) => {
    checkpoint(hooks, 0);
    const found = findEdges(column, sampled);
    const bins = hasValue(column, rows) ? found.length + 1 : 0;
    const base = j * rowCount;
    for (let i = 0; i < rowCount; i++) {
      const value = column[rows[i]!]!;
      codes[base + i] = isMissing(value) ? bins : findBin(found, value);
    }
    valueBins[j] = bins;
    offsets[j + 1] = offsets[j]! + bins + 1;
    return found;
  });
  return { rowCount, featureCount, codes, valueBins, edges, offsets };
}
