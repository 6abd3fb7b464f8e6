import { readAscii } from './read-ascii.js';

const utf8 = new TextEncoder();
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const TEXT_BYTES_MAX = 0xffff;
/** Up to this length plain ASCII is written character by character, which is faster than a call of the platform's coders. */
const SHORT_TEXT = 48;

/** Writes small integers and texts one after the other; grows as needed. */
export class ByteWriter {
  private buffer: Uint8Array;
  private at = 0;

  /** @param expected bytes; more fit, too */
  constructor(expected: number) {
    this.buffer = Buffer.allocUnsafe(expected); // of Node's pool: an array of its own would cost more than all that is written
  }

  byte(value: number): void {
    this.reserve(1);
    this.buffer[this.at++] = value;
  }

  short(value: number): void {
    if (value > 0xffff) throw new RangeError('The number does not fit into two bytes.');
    this.reserve(2);
    this.buffer[this.at++] = value & 0xff;
    this.buffer[this.at++] = value >>> 8;
  }

  /** @param value 0 to 2^32 - 1 */
  int(value: number): void {
    this.short(value & 0xffff);
    this.short(value >>> 16);
  }

  /** `u16 bytes` and UTF-8. Unpaired surrogates become U+FFFD. @throws RangeError above 65 535 bytes */
  text(value: string): void {
    this.reserve(2 + value.length * 3);
    const written = this.writeAscii(value) ?? utf8.encodeInto(value, this.buffer.subarray(this.at + 2)).written;
    if (written > TEXT_BYTES_MAX) throw new RangeError('The text is longer than 65 535 bytes.');
    this.short(written);
    this.at += written;
  }

  bytes(value: Uint8Array): void {
    this.reserve(value.byteLength);
    this.buffer.set(value, this.at);
    this.at += value.byteLength;
  }

  /** What was written, as a view. */
  end(): Uint8Array {
    return this.buffer.subarray(0, this.at);
  }

  /** @returns the bytes written, or undefined when the text is long or not plain ASCII */
  private writeAscii(value: string): number | undefined {
    if (value.length > SHORT_TEXT) return undefined;
    for (let index = 0; index < value.length; index++) {
      const code = value.charCodeAt(index);
      if (code > 127) return undefined;
      this.buffer[this.at + 2 + index] = code;
    }
    return value.length;
  }

  private reserve(more: number): void {
    const needed = this.at + more;
    if (needed <= this.buffer.byteLength) return;
    const grown = Buffer.allocUnsafe(Math.max(needed, this.buffer.byteLength * 2));
    grown.set(this.buffer.subarray(0, this.at));
    this.buffer = grown;
  }
}

/** Reads what a {@link ByteWriter} wrote; every method throws RangeError when the bytes end before. */
export class ByteReader {
  private readonly buffer: Buffer;
  private at = 0;

  constructor(bytes: Uint8Array) {
    this.buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  byte(): number {
    const value = this.buffer[this.at];
    if (value === undefined) throw new RangeError('The bytes end too early.');
    this.at += 1;
    return value;
  }

  short(): number {
    return this.byte() + this.byte() * 256;
  }

  int(): number {
    return this.short() + this.short() * 0x1_0000;
  }

  /** The next bytes, as a view. */
  bytes(count: number): Uint8Array {
    const end = this.at + count;
    if (end > this.buffer.byteLength) throw new RangeError('The bytes end too early.');
    const bytes = this.buffer.subarray(this.at, end);
    this.at = end;
    return bytes;
  }

  /** @throws TypeError when it is not UTF-8 */
  text(): string {
    const from = this.at + 2;
    const end = from + this.short();
    if (end > this.buffer.byteLength) throw new RangeError('The bytes end too early.');
    this.at = end;
    return readAscii(this.buffer, from, end) ?? strict.decode(this.buffer.subarray(from, end));
  }

  /** Everything that is left, as a view. */
  rest(): Uint8Array {
    const left = this.buffer.subarray(this.at);
    this.at = this.buffer.byteLength;
    return left;
  }
}
