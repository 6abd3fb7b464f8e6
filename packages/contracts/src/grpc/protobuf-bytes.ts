/**
 * The wire format of protobuf (protobuf.dev/programming-guides/encoding), without groups, which proto3 does not have. Whole numbers of 64
 * bits become JavaScript numbers: exact up to 2^53.
 */
export const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const utf8 = new TextEncoder();
const TWO_32 = 2 ** 32;
const VARINT_BYTES_MAX = 10;
/** Texts, byte strings and messages of one message, nested ones included: two bytes of input must not become endless objects. */
const PARTS_MAX = 250_000;
/** Up to this length plain ASCII goes character by character, which is faster than the platform's coders. */
const SHORT_TEXT = 32;

const cutOff = (): never => {
  throw new RangeError('The message is cut off.');
};

const decodeText = (bytes: Uint8Array): string => {
  try {
    return strict.decode(bytes);
  } catch (error) {
    throw new RangeError('A text is not UTF-8.', { cause: error });
  }
};

/** Reads one message; every method throws RangeError where the bytes end before. */
export class ProtobufReader {
  private at = 0;
  private end: number;
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private parts = 0;
  /** High half of the last varint, as an unsigned number. */
  private high = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.end = bytes.byteLength;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get isAtEnd(): boolean {
    return this.at >= this.end;
  }

  /** The low 32 bits, unsigned. */
  varint(): number {
    let low = 0;
    let high = 0;
    for (let count = 0; count < VARINT_BYTES_MAX; count++) {
      if (this.at >= this.end) cutOff();
      const byte = this.bytes[this.at++] ?? 0;
      if (count < 4) low |= (byte & 0x7f) << (7 * count);
      else if (count === 4) {
        low |= (byte & 0x0f) << 28;
        high = (byte & 0x7f) >> 4;
      } else high |= (byte & 0x7f) << (7 * count - 32);
      if (byte < 0x80) {
        this.high = high >>> 0;
        return low >>> 0;
      }
    }
    throw new RangeError('A number has more than ten bytes.');
  }

  uint64(): number {
    const low = this.varint();
    return this.high * TWO_32 + low;
  }

  int64(): number {
    const low = this.varint();
    return (this.high | 0) * TWO_32 + low;
  }

  float(): number {
    const at = this.skip(4);
    return this.view.getFloat32(at, true);
  }

  double(): number {
    const at = this.skip(8);
    return this.view.getFloat64(at, true);
  }

  /** A view, not a copy. */
  byteString(): Uint8Array {
    this.countPart();
    const length = this.uint64();
    const at = this.skip(length);
    return this.bytes.subarray(at, at + length);
  }

  text(): string {
    const bytes = this.byteString();
    if (bytes.byteLength > SHORT_TEXT) return decodeText(bytes);
    let text = '';
    for (const code of bytes) {
      if (code > 127) return decodeText(bytes);
      text += String.fromCharCode(code);
    }
    return text;
  }

  /** Lets `read` see nothing but what the length before it says, all of which it must take. */
  within<T>(read: () => T): T {
    this.countPart();
    const length = this.uint64();
    const { end } = this;
    if (length > end - this.at) cutOff();
    this.end = this.at + length;
    const value = read();
    if (this.at !== this.end) cutOff();
    this.end = end;
    return value;
  }

  /** Passes by a field that is not known. @throws RangeError for a group or a wire type that there is not */
  skipField(wire: number): void {
    if (wire === WIRE.varint) this.varint();
    else if (wire === WIRE.fixed64) this.skip(8);
    else if (wire === WIRE.bytes) this.skip(this.uint64());
    else if (wire === WIRE.fixed32) this.skip(4);
    else throw new RangeError('A field has a wire type that proto3 does not have.');
  }

  /** @returns where the bytes begin that were passed by */
  private skip(count: number): number {
    const { at } = this;
    if (count > this.end - at) cutOff();
    this.at = at + count;
    return at;
  }

  private countPart(): void {
    this.parts += 1;
    if (this.parts > PARTS_MAX) throw new RangeError(`The message has more than ${PARTS_MAX} parts.`);
  }
}

/** Writes one message; grows as needed. */
export class ProtobufWriter {
  private buffer: Uint8Array;
  private view: DataView;
  private at = 0;

  /** @param expected bytes; more fit, too */
  constructor(expected: number) {
    this.buffer = new Uint8Array(expected);
    this.view = new DataView(this.buffer.buffer);
  }

  /** @param value whole, within 64 bits; what is below 0 is written as two's complement */
  varint(value: number): void {
    this.reserve(VARINT_BYTES_MAX);
    let low = (value % TWO_32) >>> 0;
    let high = Math.floor(value / TWO_32) >>> 0;
    while (high > 0 || low > 0x7f) {
      this.buffer[this.at++] = (low & 0x7f) | 0x80;
      low = ((low >>> 7) | (high << 25)) >>> 0;
      high >>>= 7;
    }
    this.buffer[this.at++] = low;
  }

  float(value: number): void {
    this.reserve(4);
    this.view.setFloat32(this.at, value, true);
    this.at += 4;
  }

  double(value: number): void {
    this.reserve(8);
    this.view.setFloat64(this.at, value, true);
    this.at += 8;
  }

  byteString(value: Uint8Array): void {
    this.varint(value.byteLength);
    this.reserve(value.byteLength);
    this.buffer.set(value, this.at);
    this.at += value.byteLength;
  }

  text(value: string): void {
    this.measured(() => {
      this.reserve(value.length * 3);
      this.at += utf8.encodeInto(value, this.buffer.subarray(this.at)).written;
    });
  }

  /** What `write` writes, with its length before it. */
  measured(write: () => void): void {
    this.reserve(1);
    const start = this.at + 1; // most are shorter than 128 bytes, whose length is one byte
    this.at = start;
    write();
    const length = this.at - start;
    this.at = start - 1;
    if (length < 0x80) {
      this.buffer[this.at] = length;
      this.at = start + length;
      return;
    }
    const written = this.buffer.slice(start, start + length);
    this.byteString(written);
  }

  /** What was written, as a view. */
  finish(): Uint8Array {
    return this.buffer.subarray(0, this.at);
  }

  private reserve(more: number): void {
    const needed = this.at + more;
    if (needed <= this.buffer.byteLength) return;
    const grown = new Uint8Array(Math.max(needed, this.buffer.byteLength * 2));
    grown.set(this.buffer.subarray(0, this.at));
    this.buffer = grown;
    this.view = new DataView(grown.buffer);
  }
}
