import type { ModelSignature, SignatureInput } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import { type ColumnBlock, type ColumnReading, MISSING, NUMBER, readBoolean, type TableBlock } from '@gimbal/tabular';

/** Rows that are asked about together. */
export interface RowBatch {
  /** Number of the first one, from 1. */
  readonly firstRow: number;
  /** Named fields, as the model takes them; what is missing is left out. */
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  /** For each row the columns that are passed on; '' = missing. */
  readonly passed: readonly (readonly string[])[];
}

/** Texts may be long: a batch ends when it holds so many characters of them. */
const TEXT_CHARACTERS_MAX = 200_000;

/** How a column is read: free text as it stands, what is only passed on too, what nobody needs not at all. */
export function readingOf({ inputs }: ModelSignature, include: readonly string[]): (column: string) => ColumnReading {
  const types = new Map(inputs.map(({ name, type }) => [name, type]));
  return (column) => {
    const type = types.get(column);
    if (type !== undefined) return type === 'text' ? 'texts' : 'values';
    return include.includes(column) ? 'texts' : 'skip';
  };
}

/**
 * Every input of the model and every column that is to be passed on must be in the file: a header that is wrong would else be answered as
 * if nothing had been measured.
 * @throws DomainError `dataset-invalid`
 */
export function checkColumns(
  columns: readonly string[],
  { inputs }: ModelSignature,
  include: readonly string[],
  fileName: string,
): void {
  const present = new Set(columns);
  const absent = [...inputs.map(({ name }) => name), ...include].filter((name) => !present.has(name));
  if (absent.length === 0) return;
  const more = absent.length > 10 ? ` and ${absent.length - 10} more` : '';
  throw new DomainError(
    'dataset-invalid',
    `${fileName}: the columns ${absent.slice(0, 10).join(', ')}${more} are not in the file, which has ${columns.slice(0, 10).join(', ')}${columns.length > 10 ? ', …' : ''}.`,
  );
}

/** Cuts the rows of a block from `firstRow` on (counted from 0 over the table) into batches. */
export function* cutBatches(
  block: TableBlock,
  names: readonly string[],
  wanted: {
    readonly signature: ModelSignature;
    readonly include: readonly string[];
    readonly rowsMax: number;
    readonly firstRow: number;
  },
): Generator<RowBatch> {
  const columnOf = (name: string): ColumnBlock => block.columns[names.indexOf(name)]!; // every one was looked for before
  const inputs = wanted.signature.inputs.map((input) => ({ input, column: columnOf(input.name) }));
  const passedOn = wanted.include.map(columnOf);
  let rows: Readonly<Record<string, unknown>>[] = [];
  let passed: string[][] = [];
  let characters = 0;
  for (let row = Math.max(0, wanted.firstRow - block.firstRow); row < block.rowCount; row++) {
    const fields: Record<string, unknown> = {};
    for (const { input, column } of inputs) {
      const value = fieldOf(input, column, row);
      if (value === undefined) continue;
      fields[input.name] = value;
      if (typeof value === 'string') characters += value.length;
    }
    rows.push(fields);
    passed.push(passedOn.map((column) => textOf(column, row)));
    const isLast = row + 1 === block.rowCount;
    if (!isLast && rows.length < wanted.rowsMax && characters < TEXT_CHARACTERS_MAX) continue;
    yield { firstRow: block.firstRow + row + 2 - rows.length, rows, passed };
    rows = [];
    passed = [];
    characters = 0;
  }
}

/** undefined: missing. */
function fieldOf({ type }: SignatureInput, { kinds, numbers, texts }: ColumnBlock, row: number): unknown {
  const kind = kinds[row];
  if (kind === MISSING) return undefined;
  if (kind === NUMBER) {
    const number = numbers[row]!; // within the block, as below
    return Number.isFinite(number) ? number : String(number); // JSON has no infinite numbers; as a text it is refused, not missing
  }
  const text = texts[row]!;
  return type === 'boolean' ? (readBoolean(text) ?? text) : text;
}

const textOf = ({ kinds, numbers, texts }: ColumnBlock, row: number): string =>
  kinds[row] === MISSING ? '' : kinds[row] === NUMBER ? String(numbers[row]) : texts[row]!; // within the block
