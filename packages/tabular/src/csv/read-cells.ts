import { TextDecoder } from 'node:util';
import type { TableForm } from '@gimbal/contracts';
import { ColumnBuffer, type ColumnReading } from '../table-block.js';
import { type CellBlock, CsvFormError } from './csv-tokenizer.js';
import { parseNumberBytes, parseNumberText } from './parse-number.js';

const SPACE = 32;
/** Texts kept per column so that a category's name is made once and not once a row. */
const SLOTS = 512;
const CACHED_BYTES_MAX = 48;
/** Longest text of a cell. */
const TEXT_BYTES_MAX = 1_048_576;

/** How cells become values: the form of the file and the texts that stand for nothing. */
export interface CellRules {
  readonly encoding: NonNullable<TableForm['encoding']>;
  readonly decimal: NonNullable<TableForm['decimal']>;
  readonly missingTokens: ReadonlySet<string>;
}

/** Turns the cells of one column into values, block after block. */
export class CellReader {
  private readonly buffer = new ColumnBuffer();
  private readonly cachedBytes: (Uint8Array | undefined)[] = new Array(SLOTS);
  private readonly cachedTexts: string[] = new Array(SLOTS);
  private readonly decoder: TextDecoder;
  private readonly mark: number;

  constructor(
    private readonly rules: CellRules,
    private readonly reading: Exclude<ColumnReading, 'skip'>,
  ) {
    this.decoder = new TextDecoder(rules.encoding === 'latin1' ? 'windows-1252' : 'utf-8');
    this.mark = rules.decimal.charCodeAt(0);
  }

  /** The values of column `column`. The block is refilled by the next call. @throws CsvFormError for a text that is too long */
  read(cells: CellBlock, column: number, firstRow: number): ColumnBuffer {
    const { bytes, rowCount, columnCount, starts, ends, doubled } = cells;
    const { buffer, reading, mark } = this;
    buffer.reserve(rowCount - firstRow);
    for (let row = firstRow; row < rowCount; row++) {
      const cell = row * columnCount + column;
      let start = starts[cell]!;
      let end = ends[cell]!;
      while (start < end && bytes[start]! <= SPACE) start++;
      while (end > start && bytes[end - 1]! <= SPACE) end--;
      const target = row - firstRow;
      if (start === end) {
        buffer.setMissing(target);
        continue;
      }
      if (reading === 'values') {
        const number = parseNumberBytes(bytes, start, end, mark);
        if (!Number.isNaN(number)) {
          buffer.kinds[target] = 1;
          buffer.numbers[target] = number;
          continue;
        }
      }
      if (end - start > TEXT_BYTES_MAX)
        throw new CsvFormError(cells.lines[row]!, column + 1, `the text is longer than ${TEXT_BYTES_MAX} bytes`);
      const isDoubled = doubled[cell] === 1;
      const text = isDoubled ? this.decode(bytes, start, end).replaceAll('""', '"') : this.textOf(bytes, start, end);
      this.setText(target, text);
    }
    return buffer;
  }

  private setText(row: number, text: string): void {
    const number = this.reading === 'values' ? parseNumberText(text, this.rules.decimal) : undefined;
    if (this.rules.missingTokens.has(text)) this.buffer.setMissing(row);
    else if (number === undefined) this.buffer.setText(row, text);
    else this.buffer.setNumber(row, number);
  }

  private textOf(bytes: Uint8Array, start: number, end: number): string {
    const length = end - start;
    if (length > CACHED_BYTES_MAX) return this.decode(bytes, start, end);
    let hash = length;
    for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + bytes[i]!) | 0;
    const slot = (hash ^ (hash >>> 12)) & (SLOTS - 1);
    const known = this.cachedBytes[slot];
    if (known && known.length === length) {
      let i = 0;
      while (i < length && known[i] === bytes[start + i]) i++;
      if (i === length) return this.cachedTexts[slot]!;
    }
    const text = this.decode(bytes, start, end);
    this.cachedBytes[slot] = bytes.slice(start, end);
    this.cachedTexts[slot] = text;
    return text;
  }

  private decode(bytes: Uint8Array, start: number, end: number): string {
    return this.decoder.decode(bytes.subarray(start, end));
  }
}
