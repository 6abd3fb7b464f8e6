/** What a cell holds. `text` is anything that is neither missing nor a plain number. */
export const MISSING = 0;
export const NUMBER = 1;
export const TEXT = 2;

/** One column over the rows of a block. Only the first `rowCount` entries count; the arrays are reused from block to block. */
export interface ColumnBlock {
  /** MISSING, NUMBER or TEXT of each row. */
  readonly kinds: Uint8Array;
  /** The numbers; NaN elsewhere. May be infinite. */
  readonly numbers: Float64Array;
  /** The texts; whatever else where the kind is not TEXT. */
  readonly texts: string[];
}

/** Some rows of a table, column by column. */
export interface TableBlock {
  /** Of the first row, counted from 0 over the whole table. */
  readonly firstRow: number;
  readonly rowCount: number;
  /** One per column of the file; null for a column that was to be skipped, or whose values for these rows come in a block of their own. */
  readonly columns: readonly (ColumnBlock | null)[];
  /** Where a row stands in the file, for messages: `line 12` or `row 12`. */
  placeOf(row: number): string;
}

/** How a column is read: `values` parses numbers, `texts` keeps every cell as it is written, `skip` leaves it out. */
export type ColumnReading = 'values' | 'texts' | 'skip';

/** The arrays of one column block, made once and refilled. */
export class ColumnBuffer implements ColumnBlock {
  kinds = new Uint8Array(0);
  numbers = new Float64Array(0);
  texts: string[] = [];

  /** Room for at least this many rows. */
  reserve(rows: number): void {
    if (rows <= this.kinds.length) return;
    const size = Math.max(rows, 2 * this.kinds.length);
    this.kinds = new Uint8Array(size);
    this.numbers = new Float64Array(size);
    this.texts = new Array<string>(size).fill('');
  }

  setMissing(row: number): void {
    this.kinds[row] = MISSING;
    this.numbers[row] = Number.NaN;
  }

  setNumber(row: number, value: number): void {
    this.kinds[row] = NUMBER;
    this.numbers[row] = value;
  }

  setText(row: number, value: string): void {
    this.kinds[row] = TEXT;
    this.numbers[row] = Number.NaN;
    this.texts[row] = value;
  }
}
