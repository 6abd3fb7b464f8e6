import type { Readable } from 'node:stream';
import { DomainError } from '@gimbal/domain';
import { CsvError, parse } from 'csv-parse';

/** What a CSV file must look like. */
export interface CsvForm {
  /** Shown in errors. */
  readonly file: string;
  /** Columns that must be there; others are refused. */
  readonly columns: readonly string[];
  /** `present`: the first line names the columns, in any order. `absent`: the columns come in the order of `columns`. */
  readonly header: 'present' | 'absent';
  /** Text that stands for a missing value, besides the empty one. */
  readonly missingToken: string;
}

/** Columns by name; NaN = missing. All have `rowCount` values. */
export interface CsvTable {
  readonly rowCount: number;
  readonly columns: ReadonlyMap<string, Float64Array>;
}

const ROWS_MAX = 50_000_000;

/**
 * Reads numbers from a CSV stream, row by row: nothing but the numbers is held.
 *
 * @throws DomainError `dataset-invalid` that names file, line and column for a missing, unknown or repeated column, a ragged row, a cell that
 *   is not a number, or an empty file.
 */
export async function readCsv(stream: Readable, form: CsvForm): Promise<CsvTable> {
  const parser = stream.pipe(
    parse({ bom: true, relax_column_count: true, skip_empty_lines: true, info: true, max_record_size: 1_000_000 }),
  );
  stream.once('error', (error) => parser.destroy(error));
  let order: readonly string[] | undefined = form.header === 'absent' ? form.columns : undefined;
  const values = new Map(form.columns.map((name) => [name, new GrowingColumn()]));
  let rowCount = 0;
  try {
    const records: AsyncIterable<{ record: string[]; info: { lines: number } }> = parser;
    for await (const { record, info } of records) {
      if (!order) {
        order = readHeader(record, form, info.lines);
        continue;
      }
      appendRow({ record, line: info.lines, order, values, form });
      if (++rowCount > ROWS_MAX) throw invalid(form, info.lines, null, `more than ${ROWS_MAX} rows`);
    }
  } catch (error) {
    if (error instanceof CsvError)
      throw new DomainError('dataset-invalid', `${form.file}, line ${String(error['lines'] ?? '?')}: ${error.message}`);
    throw error;
  }
  if (rowCount === 0) throw new DomainError('dataset-invalid', `${form.file}: the file has no rows.`);
  return { rowCount, columns: new Map([...values].map(([name, column]) => [name, column.finish()])) };
}

function readHeader(record: readonly string[], form: CsvForm, line: number): readonly string[] {
  const names = record.map((name) => name.trim());
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) throw invalid(form, line, repeated, 'the header names this column twice');
  const missing = form.columns.filter((name) => !names.includes(name));
  if (missing.length > 0) throw invalid(form, line, missing.join(', '), 'missing from the header');
  const unknown = names.filter((name) => !form.columns.includes(name));
  if (unknown.length > 0) throw invalid(form, line, unknown.join(', '), 'not in the definition');
  return names;
}

interface RowToAppend {
  readonly record: readonly string[];
  readonly line: number;
  readonly order: readonly string[];
  readonly values: ReadonlyMap<string, GrowingColumn>;
  readonly form: CsvForm;
}

function appendRow({ record, line, order, values, form }: RowToAppend): void {
  if (record.length !== order.length)
    throw invalid(form, line, null, `${record.length} cells where ${order.length} columns are expected`);
  order.forEach((name, index) => {
    const text = (record[index] ?? '').trim();
    const isMissing = text === '' || text === form.missingToken;
    const value = isMissing ? Number.NaN : Number(text);
    // `Number` also takes 0x10 and Infinity: neither is a measurement.
    if (!isMissing && !/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text))
      throw invalid(form, line, name, `"${text.slice(0, 40)}" is not a number`);
    values.get(name)?.push(value);
  });
}

function invalid({ file }: CsvForm, line: number, column: string | null, what: string): DomainError {
  return new DomainError(
    'dataset-invalid',
    `${file}, line ${line}${column === null ? '' : `, column ${column}`}: ${what}.`,
  );
}

/** Numbers whose count is not known beforehand, in 8 bytes each. */
class GrowingColumn {
  private values = new Float64Array(1_024);
  private length = 0;

  push(value: number): void {
    if (this.length === this.values.length) {
      const larger = new Float64Array(this.length * 2);
      larger.set(this.values);
      this.values = larger;
    }
    this.values[this.length++] = value;
  }

  finish(): Float64Array {
    return this.values.slice(0, this.length);
  }
}
