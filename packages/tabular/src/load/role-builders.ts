import { DomainError } from '@gimbal/domain';
import { type ColumnBlock, MISSING, NUMBER } from '../table-block.js';
import type { ColumnBuilder, Place } from './column-builder.js';

const ISO =
  /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ](\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?)\s?(Z|UTC|[+-]\d{2}:?\d{2})?)?$/;

/** Milliseconds since 1970 of an ISO-like date (without a zone: UTC); undefined when it is none or its order of day and month is open. */
export function parseTime(text: string): number | undefined {
  const match = ISO.exec(text);
  if (!match) return undefined;
  const [, year = '', month = '', day = '', time = '00:00', zone = 'Z'] = match;
  const clock = time.replace(',', '.').padStart(time.indexOf(':') === 1 ? time.length + 1 : time.length, '0');
  const place = zone === 'UTC' ? 'Z' : zone.replace(/^([+-]\d{2})(\d{2})$/, '$1:$2');
  const value = Date.parse(`${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}T${clock}${place}`);
  return Number.isNaN(value) ? undefined : value;
}

/** A column that orders rows. */
export class TimeBuilder implements ColumnBuilder {
  readonly categories = undefined;

  constructor(private readonly name: string) {}

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
    const time = parseTime(text);
    if (time === undefined)
      throw new DomainError(
        'dataset-invalid',
        `${file}, ${placeOf(row)}, column ${this.name}: "${text.slice(0, 40)}" is no date as YYYY-MM-DD, nor a number.`,
      );
    return time;
  }
}

/** A column that says which rows belong together: equal values get one number, a missing value one of its own. */
export class GroupBuilder {
  private readonly numbers = new Map<number, number>();
  private readonly texts = new Map<string, number>();
  private next = 0;

  fill(into: Int32Array, { kinds, numbers, texts }: ColumnBlock, rowCount: number): void {
    for (let row = 0; row < rowCount; row++) {
      const kind = kinds[row];
      if (kind === MISSING) into[row] = this.next++;
      else
        into[row] = kind === NUMBER ? this.codeOf(this.numbers, numbers[row]!) : this.codeOf(this.texts, texts[row]!);
    }
  }

  private codeOf<K>(codes: Map<K, number>, key: K): number {
    let code = codes.get(key);
    if (code === undefined) {
      code = this.next++;
      codes.set(key, code);
    }
    return code;
  }
}
