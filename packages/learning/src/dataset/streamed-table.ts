import type { Feature, FeatureTable } from './dataset.js';

/** A table whose values lie elsewhere, on a disk for instance. NaN is missing. */
export interface StreamedTable {
  readonly features: readonly Feature[];
  readonly rowCount: number;
  /** Rows that are best read together, >= 1: few enough for memory to hold all their values. */
  readonly blockRows: number;
  /** The values of one feature, `rowCount` of them. The next column may be read into the same memory. */
  readColumn(feature: number): Float32Array;
  /** The values of every feature in the rows [from, until). The next rows may be read into the same memory. */
  readRows(from: number, until: number): readonly Float32Array[];
  /** Gives back the memory of what was read: nothing more is asked for soon. */
  release(): void;
}

/** Where the columns of a streamed table come from; `release` also forgets the column that is held. */
const sources = new WeakMap<FeatureTable['columns'], StreamedTable>();

/**
 * The same table in the form that fitting reads, with one column in memory at a time: each is read when it is asked for, and forgotten when
 * another one is. So it is for what works column by column (boosting, checks), and needs four bytes per row beside its own result; what works
 * row by row goes by {@link rowBlocks}. Posted to a worker thread the columns are gone: make the table there anew.
 */
export function streamColumns(source: StreamedTable): FeatureTable {
  const { features, rowCount } = source;
  let held: { readonly feature: number; readonly column: Float32Array } | undefined;
  const columns: Float32Array[] = [];
  features.forEach((_, feature) => {
    Object.defineProperty(columns, feature, {
      enumerable: false, // a structured clone must not read it all
      get: () => {
        if (held?.feature !== feature) {
          held = undefined; // let go of the other one before this one is made
          held = { feature, column: source.readColumn(feature) };
        }
        return held.column;
      },
    });
  });
  const release = (): void => {
    held = undefined;
    source.release();
  };
  sources.set(columns, { ...source, release });
  return { features, rowCount, columns };
}

/** Gives back the memory of what a streamed table read last: to be called when its values are not needed for a while. */
export function releaseColumns({ columns }: FeatureTable): void {
  sources.get(columns)?.release();
}

/** Rows of a table as positions in a table in memory. */
export interface RowBlock {
  readonly table: FeatureTable;
  readonly rows: Int32Array;
}

/**
 * Some rows, stretch by stretch in their order: a streamed table is read a block at a time, of which one is in memory; a table in memory is one
 * block.
 * @param rows best ascending: a stretch ends where the next row lies in another block
 */
export function* rowBlocks(table: FeatureTable, rows: Int32Array): Generator<RowBlock> {
  const source = sources.get(table.columns);
  if (source === undefined) {
    yield { table, rows };
    return;
  }
  const { features, rowCount, blockRows } = source;
  for (let start = 0, end = 0; start < rows.length; start = end) {
    const from = rows[start]! - (rows[start]! % blockRows);
    const until = Math.min(rowCount, from + blockRows);
    while (end < rows.length && rows[end]! >= from && rows[end]! < until) end++;
    const block = { features, rowCount: until - from, columns: source.readRows(from, until) };
    yield { table: block, rows: rows.subarray(start, end).map((row) => row - from) };
  }
}

/** Some rows as a table of their own in memory, for what looks at them again and again; best ascending. */
export function takeRows(table: FeatureTable, rows: Int32Array): FeatureTable {
  const { features } = table;
  const columns = features.map(() => new Float32Array(rows.length));
  let taken = 0;
  for (const block of rowBlocks(table, rows)) {
    columns.forEach((column, j) => {
      const source = block.table.columns[j]!;
      for (let i = 0; i < block.rows.length; i++) column[taken + i] = source[block.rows[i]!]!;
    });
    taken += block.rows.length;
  }
  return { features, rowCount: rows.length, columns };
}
