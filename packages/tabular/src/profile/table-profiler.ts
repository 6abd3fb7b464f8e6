import type { TableBlock } from '../table-block.js';
import { type ColumnFacts, ColumnProfiler } from './column-profiler.js';

/** What was found in one pass over a table. */
export interface TableFacts {
  readonly rows: number;
  readonly columns: readonly ColumnFacts[];
}

/** Different values counted per column, and in all columns together: a bound for memory. */
const DISTINCT_MAX = 10_000;
const DISTINCT_TOTAL = 2_000_000;

/** Looks at every column of a table once, block by block. */
export class TableProfiler {
  private rowCount = 0;
  private columns: readonly ColumnProfiler[] = [];

  /** @param names of the file's columns */
  take(block: TableBlock, names: readonly string[]): void {
    if (this.columns.length === 0) this.begin(names);
    this.rowCount = Math.max(this.rowCount, block.firstRow + block.rowCount);
    for (const [index, column] of block.columns.entries())
      if (column) this.columns[index]?.take(column, block.rowCount, block.placeOf);
  }

  /** Rows met so far. */
  get rows(): number {
    return this.rowCount;
  }

  /** What was found, column by column: each takes some milliseconds, in between others may have their turn. */
  *facts(): Generator<ColumnFacts> {
    for (const column of this.columns) yield column.facts();
  }

  private begin(names: readonly string[]): void {
    const distinctMax = Math.min(DISTINCT_MAX, Math.floor(DISTINCT_TOTAL / names.length));
    this.columns = names.map((name, index) => new ColumnProfiler(name, { distinctMax, seed: index }));
  }
}
