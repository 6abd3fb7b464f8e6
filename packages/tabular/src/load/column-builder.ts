import { CATEGORIES_MAX, type TableColumn } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import { parseNumberText } from '../csv/parse-number.js';
import { type ColumnBlock, MISSING, NUMBER } from '../table-block.js';
import { parseTime } from './parse-time.js';

/** Names a value that does not fit in messages. */
interface Place {
  readonly file: string;
  placeOf(row: number): string;
}

/** Code of a category that the definition does not list: outside every list of allowed codes. */
const UNKNOWN_CATEGORY = -1;

const TRUE = /^(true|t|1)$/i;
const FALSE = /^(false|f|0)$/i;

/** Fills a column of numbers, block by block. */
export interface ColumnBuilder {
  /** @param into a window of `rowCount` values over the column */
  fill(into: Float32Array | Float64Array, block: ColumnBlock, rowCount: number, place: Place): void;
  /** Names of the codes; undefined for a column of plain numbers. Known when all is read. */
  readonly categories: readonly string[] | undefined;
}

/**
 * How a column's values become numbers: numbers as they are, a boolean as 0 or 1, a category with texts as the index of its text. What is
 * missing is NaN.
 * @throws DomainError `dataset-invalid` when a value has another type than the column; it names file, line and column
 */
export function buildColumn(column: TableColumn): ColumnBuilder {
  if (column.type === 'boolean') return new NumberBuilder(column.name, 'a boolean', readBoolean);
  if (column.type === 'category' && !column.allowed) return new CategoryBuilder(column);
  return new NumberBuilder(column.name, 'a number', readNumber);
}

/** A column that orders rows: milliseconds since 1970 of ISO dates, numbers as they are. */
export function buildTimes(name: string): ColumnBuilder {
  return new NumberBuilder(name, 'a date as YYYY-MM-DD or a number', parseTime);
}

const readNumber = (text: string): number | undefined => parseNumberText(text.replace(/^([+-]?)0+(?=\d)/, '$1'), '.');
/** 1 or 0 of a boolean as files spell it; undefined of any other text. */
export const readBoolean = (text: string): number | undefined =>
  TRUE.test(text) ? 1 : FALSE.test(text) ? 0 : undefined;

class NumberBuilder implements ColumnBuilder {
  readonly categories = undefined;

  constructor(
    private readonly name: string,
    private readonly type: string,
    private readonly readText: (text: string) => number | undefined,
  ) {}

  fill(
    into: Float32Array | Float64Array,
    { kinds, numbers, texts }: ColumnBlock,
    rowCount: number,
    place: Place,
  ): void {
    for (let row = 0; row < rowCount; row++) {
      const kind = kinds[row];
      into[row] = kind === NUMBER || kind === MISSING ? numbers[row]! : this.read(texts[row]!, row, place);
    }
  }

  private read(text: string, row: number, { file, placeOf }: Place): number {
    const value = this.readText(text);
    if (value === undefined)
      throw new DomainError(
        'dataset-invalid',
        `${file}, ${placeOf(row)}, column ${this.name}: "${text.slice(0, 40)}" is not ${this.type}.`,
      );
    return value;
  }
}

class CategoryBuilder implements ColumnBuilder {
  readonly categories: string[];
  private readonly codes = new Map<string, number>();
  private readonly numberCodes = new Map<number, number>();
  private readonly isOpen: boolean;

  constructor(private readonly column: TableColumn) {
    this.isOpen = column.categories === undefined;
    this.categories = [...(column.categories ?? [])];
    for (const [code, category] of this.categories.entries()) this.codes.set(category, code);
  }

  fill(
    into: Float32Array | Float64Array,
    { kinds, numbers, texts }: ColumnBlock,
    rowCount: number,
    place: Place,
  ): void {
    for (let row = 0; row < rowCount; row++) {
      const kind = kinds[row];
      if (kind === MISSING) into[row] = Number.NaN;
      else
        into[row] =
          kind === NUMBER ? this.codeOfNumber(numbers[row]!, row, place) : this.codeOf(texts[row]!, row, place);
    }
  }

  private codeOfNumber(value: number, row: number, place: Place): number {
    let code = this.numberCodes.get(value);
    if (code === undefined) {
      code = this.codeOf(String(value), row, place);
      if (this.numberCodes.size < CATEGORIES_MAX) this.numberCodes.set(value, code);
    }
    return code;
  }

  private codeOf(text: string, row: number, { file, placeOf }: Place): number {
    const code = this.codes.get(text);
    if (code !== undefined) return code;
    if (!this.isOpen) return UNKNOWN_CATEGORY;
    if (this.categories.length >= CATEGORIES_MAX)
      throw new DomainError(
        'dataset-invalid',
        `${file}, ${placeOf(row)}, column ${this.column.name}: more than ${CATEGORIES_MAX} categories.`,
      );
    this.codes.set(text, this.categories.length);
    return this.categories.push(text) - 1;
  }
}
