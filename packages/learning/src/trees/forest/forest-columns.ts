import { findEdges, hasValue, sampleForEdges } from '../../binning/bin-features.js';
import type { FeatureTable } from '../../dataset/dataset.js';
import { checkpoint, type TrainingHooks } from '../../training-hooks.js';
import { type Kernel, withKernel } from '../../wasm/kernel.js';

const isMissing = Number.isNaN;

/** Bins of a column, the one for missing included. */
export const BINS_MAX = 256;

/** Codes of a categorical column that get a bin of their own; the rarer ones share one more. */
const OWN_BINS_MAX = 254;

/** Training rows as forests read them: one byte per cell. Position i is the i-th row given. */
export interface ForestColumns {
  readonly rowCount: number;
  /** One per feature: a bin below `valueBins[j]`, or `valueBins[j]` where the value is missing. */
  readonly bins: readonly Uint8Array[];
  /** In [0, 255]; 0 when a column is wholly missing. */
  readonly valueBins: Int32Array;
  /** Numeric column: bin b holds x with edges[b-1] < x <= edges[b]; one fewer than bins. Empty for a categorical column. */
  readonly edges: readonly Float32Array[];
  /** Categorical column: the codes in each bin. Null for a numeric one. */
  readonly members: readonly (readonly (readonly number[])[] | null)[];
}

/** A categorical column, one byte per row. */
export interface CodedColumn {
  /** By position: a bin below `members.length`, or that number where the value is missing. */
  readonly bins: Uint8Array;
  /** The codes in each bin. */
  readonly members: readonly (readonly number[])[];
}

/**
 * Gives each code that occurs in some rows a bin, the most frequent codes first and the smaller of two that are equally frequent; the
 * rarest share the last of 255 bins.
 */
export function codeCategories(column: Float32Array, rows: Int32Array): CodedColumn {
  const counts = new Map<number, number>();
  for (const row of rows) {
    const code = column[row]!;
    if (!isMissing(code)) counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  const codes = [...counts.keys()].sort((a, b) => counts.get(b)! - counts.get(a)! || a - b);
  const members: number[][] = [];
  const binOf = new Map<number, number>();
  for (const code of codes) {
    const bin = Math.min(binOf.size, OWN_BINS_MAX);
    binOf.set(code, bin);
    if (bin === members.length) members.push([code]);
    else members[bin]!.push(code);
  }
  const bins = new Uint8Array(rows.length);
  for (let i = 0; i < rows.length; i++) bins[i] = binOf.get(column[rows[i]!]!) ?? members.length;
  return { bins, members };
}

/** Values handed to the kernel at a time. */
const STAGED_ROWS = 16_384;

/** Encodes numeric columns by their edges in the kernel, which is many times faster than a search per value here. */
class NumberEncoder {
  private readonly values: number;
  private readonly codes: number;
  private readonly edges: number;

  constructor(private readonly kernel: Kernel) {
    this.values = kernel.allocate(4 * STAGED_ROWS);
    this.codes = kernel.allocate(STAGED_ROWS);
    this.edges = kernel.allocate(4 * BINS_MAX);
  }

  encode(column: Float32Array, rows: Int32Array, edges: Float32Array, missing: number): Uint8Array {
    const { kernel } = this;
    const bins = new Uint8Array(rows.length);
    kernel.floats(this.edges, BINS_MAX).fill(Number.POSITIVE_INFINITY).set(edges);
    const values = kernel.floats(this.values, STAGED_ROWS);
    for (let from = 0; from < rows.length; from += STAGED_ROWS) {
      const count = Math.min(STAGED_ROWS, rows.length - from);
      for (let i = 0; i < count; i++) values[i] = column[rows[from + i]!]!;
      kernel.run.encodeValues(this.values, count, this.edges, missing, this.codes, 0);
      bins.set(kernel.bytes(this.codes, count), from);
    }
    return bins;
  }
}

/**
 * Bins the given rows of a table for a forest. Bins are found on these rows only, so that a fold never sees the rows it is judged on.
 *
 * @param seed of the sample that quantiles are taken from when there are many rows
 * @throws LearningError `training-cancelled`
 */
export function binForestColumns(
  table: FeatureTable,
  rows: Int32Array,
  seed: number,
  hooks: TrainingHooks,
): ForestColumns {
  const sampled = sampleForEdges(rows, seed);
  const valueBins = new Int32Array(table.columns.length);
  return withKernel('alone', (kernel) => {
    const encoder = new NumberEncoder(kernel);
    const coded = table.columns.map((column, j) => {
      checkpoint(hooks, 0);
      if (table.features[j]!.kind === 'categorical') {
        const { bins, members } = codeCategories(column, rows);
        valueBins[j] = members.length;
        return { bins, members, edges: new Float32Array(0) };
      }
      const edges = findEdges(column, sampled);
      valueBins[j] = hasValue(column, rows) ? edges.length + 1 : 0;
      return { bins: encoder.encode(column, rows, edges, valueBins[j]!), members: null, edges };
    });
    return {
      rowCount: rows.length,
      bins: coded.map(({ bins }) => bins),
      valueBins,
      edges: coded.map(({ edges }) => edges),
      members: coded.map(({ members }) => members),
    };
  });
}
