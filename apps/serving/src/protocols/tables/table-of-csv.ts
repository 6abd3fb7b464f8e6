import type { ModelSignature } from '@gimbal/contracts';
import { isDomainError } from '@gimbal/domain';
import type { CsvReader as Reader, TableBlock } from '@gimbal/tabular';
import { refuse } from '../refuse.js';
import type { Table } from './table.js';

/** Reads the bytes of a table in CSV, whose first line names the columns. */
export type CsvToTable = (body: Uint8Array, signature: ModelSignature, rowsMax: number) => Table;

/** Of what a cell may hold: 0 missing, 1 a number, 2 a text. */
const NUMBER = 1;
const TEXT = 2;
const TRUTHS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
]);

function rowsOf({ columns, rowCount }: TableBlock, isBoolean: readonly boolean[]): unknown[][] {
  return Array.from({ length: rowCount }, (_, row) =>
    columns.map((column, position) => {
      const kind = column?.kinds[row];
      if (kind === NUMBER) return column?.numbers[row];
      if (kind !== TEXT) return null;
      const text = column?.texts[row] ?? '';
      return isBoolean[position] ? (TRUTHS.get(text.toLowerCase()) ?? text) : text;
    }),
  );
}

function readCsv(CsvReader: typeof Reader, body: Uint8Array, { inputs }: ModelSignature, rowsMax: number): Table {
  const textual = new Set(
    inputs.filter(({ categories, type }) => categories || type === 'text').map(({ name }) => name),
  );
  const booleans = new Set(inputs.filter(({ type }) => type === 'boolean').map(({ name }) => name));
  const reader = new CsvReader({
    file: 'The body',
    form: { delimiter: ',', decimal: '.', encoding: 'utf-8', header: 'present' },
    reading: (column) => (textual.has(column) ? 'texts' : 'values'),
  });
  const blocks = [reader.push(body), reader.end()].filter((block) => block !== undefined);
  const rowCount = blocks.reduce((sum, block) => sum + block.rowCount, 0);
  if (rowCount > rowsMax) refuse('', `The body must have 1 to ${rowsMax} rows.`);
  const isBoolean = reader.columns.map((name) => booleans.has(name));
  return { path: 'rows', names: reader.columns, rows: blocks.flatMap((block) => rowsOf(block, isBoolean)) };
}

/** The reader of CSV, which is only loaded when somebody sends some. Its faults name line and column. */
export async function openCsvReader(): Promise<CsvToTable> {
  const { CsvReader } = await import('@gimbal/tabular');
  return (body, signature, rowsMax) => {
    try {
      return readCsv(CsvReader, body, signature, rowsMax);
    } catch (error) {
      if (isDomainError(error, 'dataset-invalid')) return refuse('', error.detail);
      throw error;
    }
  };
}
