/** Where the cells of some whole records lie in `bytes`. Refilled by the next call. */
export interface CellBlock {
  readonly bytes: Uint8Array;
  readonly rowCount: number;
  readonly columnCount: number;
  /** First byte of the cell in row r, column c at `r * columnCount + c`; inside the quotes of a quoted one. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** 1 where the cell holds doubled quotes, which stand for one. */
  readonly doubled: Uint8Array;
  /** Line on which each row begins, from 1. */
  readonly lines: Float64Array;
  /** Bytes of `bytes` that the records cover. */
  readonly length: number;
}

/** What is wrong with a file's form, and where. `column` counts from 1; null: the whole record. */
export class CsvFormError extends Error {
  constructor(
    readonly line: number,
    readonly column: number | null,
    readonly problem: string,
  ) {
    super(problem);
  }
}

/** Longest record. A quote that is never closed would otherwise swallow the rest of the file. */
const RECORD_BYTES_MAX = 4_194_304;
const LF = 10;
const CR = 13;
const QUOTE = 34;
const SPACE = 32;

/**
 * Cuts CSV (RFC 4180; LF, CRLF or CR) into cells without copying them. Strict where a guess could move cells into other columns: a quote
 * inside an unquoted cell, text after a closing quote, a record of another length, a quote never closed. Empty lines are skipped.
 */
export class CsvTokenizer {
  private rest = new Uint8Array(0);
  private line = 1;
  private columnCount = 0;
  private starts = new Int32Array(0);
  private ends = new Int32Array(0);
  private doubled = new Uint8Array(0);
  private lines = new Float64Array(0);
  private readonly isSpecial = new Uint8Array(256);

  /** @param recordsMax records that a push cuts at most; the rest waits */
  constructor(
    private readonly delimiter: number,
    private readonly recordsMax = Number.POSITIVE_INFINITY,
  ) {
    for (const byte of [delimiter, LF, CR, QUOTE]) this.isSpecial[byte] = 1;
  }

  /**
   * The records that are whole now.
   * @param last no more bytes follow
   * @throws CsvFormError
   */
  push(chunk: Uint8Array, last: boolean): CellBlock {
    const bytes = this.rest.length === 0 ? chunk : join(this.rest, chunk);
    this.reserve(bytes.length);
    const { length, rowCount } = this.scan(bytes, last);
    this.rest = bytes.slice(length);
    if (this.rest.length > RECORD_BYTES_MAX)
      throw new CsvFormError(
        this.line,
        null,
        `the row that begins here is longer than ${RECORD_BYTES_MAX} bytes; a quote may be open`,
      );
    const { columnCount, starts, ends, doubled, lines } = this;
    return { bytes, rowCount, columnCount, starts, ends, doubled, lines, length };
  }

  private scan(bytes: Uint8Array, last: boolean): { length: number; rowCount: number } {
    const { isSpecial, delimiter, starts, ends, doubled } = this;
    const size = bytes.length;
    let at = 0;
    let recordAt = 0;
    let cells = 0;
    let rowCount = 0;
    let line = this.line;
    let first = 0;
    while (at < size || (last && at === size && cells > first)) {
      let start = at;
      let end = at;
      let isDoubled = 0;
      while (start < size && bytes[start] === SPACE) start++;
      if (start < size && bytes[start] === QUOTE) {
        start++;
        end = start;
        for (;;) {
          while (end < size && bytes[end] !== QUOTE) if (bytes[end++] === LF) line++;
          if (end >= size || (end + 1 >= size && !last)) break;
          if (bytes[end + 1] !== QUOTE) break;
          isDoubled = 1;
          end += 2;
        }
        if (end >= size && last) throw new CsvFormError(this.line, cells - first + 1, 'a quote is never closed');
        if (end >= size || (end + 1 >= size && !last)) break;
        at = end + 1;
        if (at < size && isSpecial[bytes[at]!] === 0)
          throw new CsvFormError(this.line, cells - first + 1, 'text follows a closing quote');
      } else {
        start = at;
        end = at;
        while (end < size && isSpecial[bytes[end]!] === 0) end++;
        if (end >= size && !last) break;
        if (end < size && bytes[end] === QUOTE)
          throw new CsvFormError(this.line, cells - first + 1, 'a quote stands inside an unquoted cell');
        at = end;
      }
      starts[cells] = start;
      ends[cells] = end;
      doubled[cells++] = isDoubled;
      if (at < size && bytes[at] === delimiter) {
        at++;
        continue;
      }
      if (at < size && bytes[at] === CR) {
        if (at + 1 >= size && !last) break;
        at += bytes[at + 1] === LF ? 2 : 1;
      } else if (at < size) at++;
      const isBlank = cells - first === 1 && start === end && bytes[start - 1] !== QUOTE;
      if (isBlank) cells = first;
      else {
        this.checkLength(cells - first, at >= size && last);
        this.lines[rowCount++] = this.line;
        first = cells;
      }
      line++;
      this.line = line;
      recordAt = at;
      if (at >= size || rowCount >= this.recordsMax) break;
    }
    return { length: recordAt, rowCount };
  }

  private checkLength(cells: number, isLast: boolean): void {
    if (this.columnCount === 0) this.columnCount = cells;
    else if (cells !== this.columnCount)
      throw new CsvFormError(
        this.line,
        null,
        `${cells} cells where ${this.columnCount} columns are expected${isLast ? '; the file ends here and may have been cut' : ''}`,
      );
  }

  private reserve(bytes: number): void {
    const cells = bytes + 2;
    if (cells <= this.starts.length) return;
    const size = Math.ceil(1.25 * cells);
    this.starts = new Int32Array(size);
    this.ends = new Int32Array(size);
    this.doubled = new Uint8Array(size);
    this.lines = new Float64Array(size);
  }
}

function join(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}
