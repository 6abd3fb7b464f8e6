import { TextDecoder } from 'node:util';
import type { DeclaredForm, TableForm } from '@gimbal/contracts';
import { CsvFormError, CsvTokenizer } from './csv-tokenizer.js';
import { parseNumberText } from './parse-number.js';

/** The form of a CSV file, complete. */
export interface CsvForm {
  readonly delimiter: NonNullable<TableForm['delimiter']>;
  readonly decimal: NonNullable<TableForm['decimal']>;
  readonly encoding: NonNullable<TableForm['encoding']>;
  readonly header: NonNullable<TableForm['header']>;
}

const DELIMITERS = [',', ';', '\t', '|'] as const;
/** Records looked at. */
const RECORDS = 100;
const COMMA_NUMBER = /^[+-]?(\d+|\d{1,3}(\.\d{3})+),\d+$/;
const POINT_NUMBER = /^[+-]?\d+\.\d+$/;

/**
 * Finds the form of a file on its first bytes. The delimiter is the one that cuts the first records into equally many cells, the more the
 * better; commas are decimal when they stand in numbers and no number has a point (a comma that also delimits never is); the first row
 * names the columns unless it holds a number where the rows below do too.
 * @param head the file's beginning without a byte order mark; @param isWhole whether nothing follows
 */
export function detectForm(head: Uint8Array, isWhole: boolean, declared: DeclaredForm): CsvForm {
  const text = (bytes: Uint8Array) => new TextDecoder('windows-1252').decode(bytes); // every byte is a letter in it
  const delimiter = declared.delimiter ?? findDelimiter(head, isWhole);
  const records = cut(head, isWhole, delimiter, text) ?? [];
  const body = records.slice(1).flat();
  const hasCommas = delimiter !== ',' && body.some((cell) => COMMA_NUMBER.test(cell));
  const decimal = declared.decimal ?? (hasCommas && !body.some((cell) => POINT_NUMBER.test(cell)) ? ',' : '.');
  return {
    delimiter,
    decimal,
    encoding: declared.encoding ?? 'utf-8',
    header: declared.header ?? findHeader(records, decimal),
  };
}

function findDelimiter(head: Uint8Array, isWhole: boolean): CsvForm['delimiter'] {
  const text = (): string => '';
  let best: CsvForm['delimiter'] = ',';
  let most = 1;
  for (const delimiter of DELIMITERS) {
    const columns = cut(head, isWhole, delimiter, text)?.[0]?.length ?? 0;
    if (columns > most) {
      best = delimiter;
      most = columns;
    }
  }
  if (most > 1) return best;
  // None cuts all records alike: then it is the most frequent one of the first line, so that the error names the broken record.
  const line = new TextDecoder('windows-1252').decode(head.subarray(0, 65_536)).split(/[\r\n]/, 1)[0] ?? '';
  const counts = DELIMITERS.map((delimiter) => line.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ',';
}

/** The first records, or undefined when they are not well formed under this delimiter. */
function cut(
  head: Uint8Array,
  isWhole: boolean,
  delimiter: string,
  decode: (bytes: Uint8Array) => string,
): string[][] | undefined {
  try {
    const { bytes, rowCount, columnCount, starts, ends } = new CsvTokenizer(delimiter.charCodeAt(0), RECORDS).push(
      head,
      isWhole,
    );
    return Array.from({ length: rowCount }, (_, row) =>
      Array.from({ length: columnCount }, (_, column) => {
        const cell = row * columnCount + column;
        return decode(bytes.subarray(starts[cell], ends[cell])).trim();
      }),
    );
  } catch (error) {
    if (error instanceof CsvFormError) return undefined;
    throw error;
  }
}

function findHeader([names = [], ...rows]: readonly string[][], decimal: '.' | ','): CsvForm['header'] {
  const isNumber = (cell: string | undefined): boolean =>
    cell !== undefined && parseNumberText(cell, decimal) !== undefined;
  // Columns that were never named are often numbered.
  const isNumbered = names.every((name, index) => Number(name) === index || Number(name) === index + 1);
  const hasValues = names.some((name, index) => isNumber(name) && rows.some((row) => isNumber(row[index])));
  return hasValues && !(isNumbered && names.length > 1) ? 'absent' : 'present';
}
