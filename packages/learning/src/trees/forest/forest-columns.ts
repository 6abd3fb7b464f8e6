import { binFeatures } from '../../binning/bin-features.js';
import type { FeatureTable } from '../../dataset/dataset.js';
import type { TrainingHooks } from '../../training-hooks.js';

const isMissing = Number.isNaN;

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
    members[bin] = [...(members[bin] ?? []), code];
  }
  const bins = Uint8Array.from(rows, (row) => binOf.get(column[row]!) ?? members.length);
  return { bins, members };
}

/**
 * Bins the given rows of a table for a forest. Bins are found on these rows only, so that a fold never sees the rows it is judged on.
 *
 * @param seed of the sample that quantiles are taken from when there are many rows
 */
export function binForestColumns(
  table: FeatureTable,
  rows: Int32Array,
  seed: number,
  hooks: TrainingHooks,
): ForestColumns {
  const isNumeric = (_: unknown, j: number): boolean => table.features[j]!.kind === 'numeric';
  const numericTable = {
    features: table.features.filter(isNumeric),
    columns: table.columns.filter(isNumeric),
    rowCount: table.rowCount,
  };
  const binned = binFeatures(numericTable, rows, seed, hooks);
  const bins: Uint8Array[] = [];
  const edges: Float32Array[] = [];
  const members: (readonly (readonly number[])[] | null)[] = [];
  const valueBins = new Int32Array(table.columns.length);
  let numeric = 0;
  table.columns.forEach((column, j) => {
    if (isNumeric(column, j)) {
      bins.push(binned.codes.subarray(numeric * rows.length, (numeric + 1) * rows.length));
      edges.push(binned.edges[numeric]!);
      members.push(null);
      valueBins[j] = binned.valueBins[numeric]!;
      numeric++;
      return;
    }
    const coded = codeCategories(column, rows);
    bins.push(coded.bins);
    edges.push(new Float32Array(0));
    members.push(coded.members);
    valueBins[j] = coded.members.length;
  });
  return { rowCount: rows.length, bins, valueBins, edges, members };
}
