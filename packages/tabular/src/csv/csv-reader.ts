import { isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';
import { type DeclaredForm, MISSING_TOKENS, TABLE_COLUMNS_MAX, type TableForm } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import type { ColumnBlock, ColumnReading, TableBlock } from '../table-block.js';
import { type CellBlock, CsvFormError, CsvTokenizer } from './csv-tokenizer.js';
import { type CsvForm, detectForm } from './detect-form.js';
import { CellReader } from './read-cells.js';

export interface CsvReadOptions {
  /** Shown in errors. */
  readonly file: string;
  readonly form?: DeclaredForm;
  readonly missingTokens?: readonly string[];
  /** How each column is read, by its name; default: `values` for all. */
  readonly reading?: (column: string) => ColumnReading;
}

/** The form is found on so many bytes. */
const HEAD_BYTES = 262_144;
/** Cut together: each column is then worth a loop of its own. */
const BLOCK_BYTES = 524_288;
const UTF8_MARK = [0xef, 0xbb, 0xbf];

/**
 * Reads a CSV file that arrives in pieces, in bounded memory: push bytes, get blocks of typed columns. A block is valid until the next
 * push.
 *
 * Every fault is a DomainError `dataset-invalid` that names the file and, where there is one, line and column.
 */
export class CsvReader {
  /** Names of the columns; known with the first block. */
  columns: readonly string[] = [];
  /** Columns whose name was missing, by the name they got. */
  unnamed: readonly string[] = [];
  private form: CsvForm | undefined;
  private waiting: Uint8Array[] = [];
  private waitingBytes = 0;
  private tokenizer: CsvTokenizer | undefined;
  private readers: readonly (CellReader | null)[] = [];
  private rowCount = 0;
  private headersLeft = 0;

  constructor(private readonly options: CsvReadOptions) {}

  /** The form, found or declared; known with the first block. */
  get tableForm(): TableForm {
    return { format: 'csv', delimiter: null, decimal: null, encoding: null, header: null, ...this.form };
  }

  /** Takes bytes; gives what is whole. */
  push(chunk: Uint8Array): TableBlock | undefined {
    this.waiting.push(chunk);
    this.waitingBytes += chunk.length;
    return this.waitingBytes < BLOCK_BYTES ? undefined : this.take(false);
  }

  /** The rest. Call once, when no more bytes come. */
  end(): TableBlock | undefined {
    const block = this.take(true);
    if (this.rowCount === 0) throw this.invalid('the file has no rows.');
    return block;
  }

  private take(isLast: boolean): TableBlock | undefined {
    let bytes: Uint8Array = Buffer.concat(this.waiting);
    this.waiting = [];
    this.waitingBytes = 0;
    try {
      if (!this.tokenizer) bytes = this.begin(bytes, isLast);
      const cells = this.tokenizer?.push(bytes, isLast);
      return cells && this.readBlock(cells);
    } catch (error) {
      throw error instanceof CsvFormError ? this.locate(error) : error;
    }
  }

  /** Finds the form; gives the bytes without their mark. */
  private begin(bytes: Uint8Array, isLast: boolean): Uint8Array {
    const start = UTF8_MARK.every((byte, index) => bytes[index] === byte) ? UTF8_MARK.length : 0;
    const [first, second] = bytes;
    if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))
      throw this.invalid('the file is in UTF-16; save it as UTF-8.');
    const head = bytes.subarray(start, start + HEAD_BYTES);
    if (head.includes(0)) throw this.invalid('the file holds zero bytes: it is no text.');
    this.form = detectForm(head, isLast && head.length === bytes.length - start, this.options.form ?? {});
    const delimiter = this.form.delimiter.charCodeAt(0);
    const isWhole = isLast && head.length === bytes.length - start;
    // By itself, so that a fault further down is told with the name of its column.
    this.readNames(new CsvTokenizer(delimiter, 1).push(head, isWhole), isWhole);
    this.tokenizer = new CsvTokenizer(delimiter);
    return bytes.subarray(start);
  }

  private readBlock(cells: CellBlock): TableBlock | undefined {
    this.checkEncoding(cells);
    const skipped = Math.min(this.headersLeft, cells.rowCount);
    this.headersLeft -= skipped;
    const rowCount = cells.rowCount - skipped;
    if (rowCount <= 0) return undefined;
    const columns = this.readers.map(
      (reader, column): ColumnBlock | null => reader?.read(cells, column, skipped) ?? null,
    );
    const firstRow = this.rowCount;
    this.rowCount += rowCount;
    return { firstRow, rowCount, columns, placeOf: (row) => `line ${cells.lines[row + skipped]}` };
  }

  private checkEncoding(cells: CellBlock): void {
    const whole = cells.bytes.subarray(0, cells.length);
    if (whole.includes(0)) refuseCell(cells, (cell) => cell.includes(0), 'the cell holds a zero byte');
    if (this.form?.encoding !== 'utf-8' || isUtf8(whole)) return;
    const problem = 'the text is not UTF-8; save the file as UTF-8, or declare its encoding as latin1';
    refuseCell(cells, (cell) => !isUtf8(cell), problem);
  }

  private readNames({ bytes, rowCount, columnCount, starts, ends }: CellBlock, isWhole: boolean): void {
    if (rowCount === 0)
      throw isWhole ? this.invalid('the file has no rows.') : new CsvFormError(1, null, 'the first row has no end');
    if (columnCount > TABLE_COLUMNS_MAX)
      throw new CsvFormError(1, null, `${columnCount} columns; at most ${TABLE_COLUMNS_MAX} are taken`);
    const form = this.form!; // found before the names are
    const decoder = new TextDecoder(form.encoding === 'latin1' ? 'windows-1252' : 'utf-8');
    const given = Array.from({ length: columnCount }, (_, column) =>
      form.header === 'absent'
        ? ''
        : decoder.decode(bytes.subarray(starts[column], ends[column])).replaceAll('""', '"').trim(),
    );
    const names = given.map((name, column) => (name === '' ? `column_${column + 1}` : name));
    for (const [column, name] of names.entries()) {
      if (names.indexOf(name) !== column)
        throw new CsvFormError(1, column + 1, `the header names "${show(name)}" twice`);
      if (name.length > 200)
        throw new CsvFormError(1, column + 1, 'the name of the column is longer than 200 characters');
    }
    this.columns = names;
    this.unnamed = names.filter((_, column) => given[column] === '');
    this.headersLeft = form.header === 'present' ? 1 : 0;
    const rules = { ...form, missingTokens: new Set<string>(this.options.missingTokens ?? MISSING_TOKENS) };
    this.readers = names.map((name) => {
      const reading = this.options.reading?.(name) ?? 'values';
      return reading === 'skip' ? null : new CellReader(rules, reading);
    });
  }

  private locate({ line, column, problem }: CsvFormError): DomainError {
    const name = column === null ? undefined : (this.columns[column - 1] ?? `${column}`);
    return this.invalid(`${problem}.`, `, line ${line}${name === undefined ? '' : `, column ${show(name)}`}`);
  }

  private invalid(problem: string, place = ''): DomainError {
    return new DomainError('dataset-invalid', `${this.options.file}${place}: ${problem}`);
  }
}

const show = (name: string): string => (name.length > 60 ? `${name.slice(0, 57)}...` : name);

/** @throws CsvFormError at the first cell that is bad */
function refuseCell(
  { bytes, rowCount, columnCount, starts, ends, lines }: CellBlock,
  isBad: (cell: Uint8Array) => boolean,
  problem: string,
): void {
  for (let cell = 0; cell < rowCount * columnCount; cell++) {
    if (isBad(bytes.subarray(starts[cell], ends[cell])))
      throw new CsvFormError(lines[Math.floor(cell / columnCount)]!, 1 + (cell % columnCount), problem);
  }
}
