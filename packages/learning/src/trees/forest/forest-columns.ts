import type { FeatureTable } from '../../dataset/dataset.js';
import { checkpoint, type TrainingHooks } from '../../training-hooks.js';
import { MISSING_CODE, ValueRanker } from './rank-values.js';

const isMissing = Number.isNaN;

/** Codes of a categorical column, the one for missing included. */
export const CATEGORIES_MAX = 256;

/** Codes of a categorical column that get a bin of their own; the rarer ones share one more. */
const OWN_BINS_MAX = 254;

/** Training rows as forests read them: two bytes per cell, twice. Position i is the i-th row given. */
export interface ForestColumns {
  readonly rowCount: number;
  /** One per feature: a code below `codeCounts[j]`, or {@link MISSING_CODE} where the value is missing. */
  readonly codes: readonly Uint16Array[];
  /**
   * The same codes row by row, that of feature j of position i at i * features + j. Small nodes read these: their rows lie far apart, and the columns that
   * are drawn for a node share what the processor fetches for a row.
   */
  readonly byRow: Uint16Array;
  /** 0 when a column is wholly missing. */
  readonly codeCounts: Int32Array;
  /** Numeric column: code c holds x with edges[c-1] < x <= edges[c]; one fewer than codes. Empty for a categorical column. */
  readonly edges: readonly Float32Array[];
  /** Categorical column: the codes of the data in each code of ours, at most 255. Null for a numeric one. */
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

/** Rows per step, so that what is read and what is written stay near the processor. */
const TURNED_ROWS = 256;

function turnToRows(columns: readonly Uint16Array[], rowCount: number): Uint16Array {
  const width = columns.length;
  const byRow = new Uint16Array(rowCount * width);
  for (let from = 0; from < rowCount; from += TURNED_ROWS) {
    const to = Math.min(rowCount, from + TURNED_ROWS);
    for (let j = 0; j < width; j++) {
      const column = columns[j]!;
      for (let i = from, at = from * width + j; i < to; i++, at += width) byRow[at] = column[i]!;
    }
  }
  return byRow;
}

function widenCodes({ bins, members }: CodedColumn): Uint16Array {
  const codes = new Uint16Array(bins.length);
  for (let i = 0; i < bins.length; i++) codes[i] = bins[i] === members.length ? MISSING_CODE : bins[i]!;
  return codes;
}

/**
 * Codes the given rows of a table for a forest: numbers by their rank, so that deep trees cut between any two values, categories by how
 * frequent they are. Only these rows are looked at, so that a fold never sees the rows it is judged on.
 *
 * @throws LearningError `training-cancelled`
 */
export function codeForestColumns(table: FeatureTable, rows: Int32Array, hooks: TrainingHooks): ForestColumns {
  const ranker = new ValueRanker(rows.length);
  const codeCounts = new Int32Array(table.columns.length);
  const coded = table.columns.map((column, j) => {
    checkpoint(hooks, 0);
    if (table.features[j]!.kind === 'categorical') {
      const categories = codeCategories(column, rows);
      codeCounts[j] = categories.members.length;
      return { codes: widenCodes(categories), members: categories.members, edges: new Float32Array(0) };
    }
    const { codes, edges, codeCount } = ranker.rank(column, rows);
    codeCounts[j] = codeCount;
    return { codes, members: null, edges };
  });
  const codes = coded.map((column) => column.codes);
  return {
    rowCount: rows.length,
    codes,
    byRow: turnToRows(codes, rows.length),
    codeCounts,
    edges: coded.map(({ edges }) => edges),
    members: coded.map(({ members }) => members),
  };
}
