import { UUID_BYTES } from './log-record.js';
import { type RowText, type RowWarning, WARNING_CODES } from './logged-rows.js';

/** Reads a payload from one part to the next; every method throws RangeError where the bytes end before. */
export class RecordReader {
  private readonly payload: Buffer;
  private at: number;

  constructor(payload: Buffer, from: number) {
    this.payload = payload;
    this.at = from;
  }

  short(): number {
    return this.payload.readUInt16LE(this.step(2));
  }

  int(): number {
    return this.payload.readUInt32LE(this.step(4));
  }

  float(): number {
    return this.payload.readFloatLE(this.step(4));
  }

  double(): number {
    return this.payload.readDoubleLE(this.step(8));
  }

  floats(count: number): Float32Array {
    const from = this.step(4 * count);
    return Float32Array.from({ length: count }, (_, index) => this.payload.readFloatLE(from + 4 * index));
  }

  doubles(count: number): Float64Array {
    const from = this.step(8 * count);
    return Float64Array.from({ length: count }, (_, index) => this.payload.readDoubleLE(from + 8 * index));
  }

  text(size: number): string {
    const from = this.step(size);
    return this.payload.toString('utf8', from, this.at);
  }

  /** 16 bytes, in hex. */
  id(): string {
    const from = this.step(UUID_BYTES);
    return this.payload.toString('hex', from, this.at);
  }

  warnings(count: number): RowWarning[] {
    const warnings: RowWarning[] = [];
    for (let left = count; left > 0; left--) {
      const input = this.short();
      const code = WARNING_CODES[this.payload.readUInt8(this.step(1))];
      if (code === undefined) throw new RangeError('The record has a warning of an unknown kind.');
      warnings.push({ input, code });
    }
    return warnings;
  }

  texts(count: number): RowText[] {
    const texts: RowText[] = [];
    for (let left = count; left > 0; left--) texts.push({ input: this.short(), text: this.text(this.int()) });
    return texts;
  }

  /** @throws RangeError when something is left */
  end(): void {
    if (this.at !== this.payload.length) throw new RangeError('A record has bytes behind its rows.');
  }

  private step(bytes: number): number {
    const from = this.at;
    if (from + bytes > this.payload.length) throw new RangeError('A record ends within a row.');
    this.at = from + bytes;
    return from;
  }
}

export const uuidOf = (hex: string): string =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
