import { LearningError } from '../learning-error.js';

/** One field of a protobuf message: an integer, a float32, or the bytes of a text, a list or a nested message. */
export interface ProtobufField {
  readonly number: number;
  readonly value: number | Uint8Array;
}

const broken = (): LearningError => new LearningError('unreadable-model', 'The file is not a whole protobuf message.');

/** Reads numbers one after the other. */
class ByteReader {
  private at = 0;
  private readonly view: DataView;

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get isAtEnd(): boolean {
    return this.at >= this.bytes.length;
  }

  /** Exact up to 2^53 in size; a negative number takes ten bytes, as int32 and int64 prescribe. */
  varint(): number {
    const start = this.at;
    let value = 0;
    for (let scale = 1; this.at - start < 9; scale *= 128) {
      const byte = this.next();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
    if (this.next() > 1) throw broken();
    let whole = 0n;
    for (let at = start; at < this.at; at++) whole |= BigInt(this.bytes[at]! & 127) << BigInt(7 * (at - start));
    return Number(BigInt.asIntN(64, whole));
  }

  take(count: number): Uint8Array {
    if (count < 0 || count > this.bytes.length - this.at) throw broken();
    this.at += count;
    return this.bytes.subarray(this.at - count, this.at);
  }

  float(): number {
    this.take(4);
    return this.view.getFloat32(this.at - 4, true);
  }

  private next(): number {
    const byte = this.bytes[this.at++];
    if (byte === undefined) throw broken();
    return byte;
  }
}

/**
 * The fields of one message, in their order; nested messages are bytes, to be read by this function again.
 *
 * @throws LearningError `unreadable-model` when the bytes end early or are no message
 */
export function* readFields(message: Uint8Array): Generator<ProtobufField> {
  const reader = new ByteReader(message);
  while (!reader.isAtEnd) {
    const tag = reader.varint();
    const number = Math.floor(tag / 8);
    if (number < 1) throw broken();
    const wireType = tag % 8;
    if (wireType === 0) yield { number, value: reader.varint() };
    else if (wireType === 1) yield { number, value: reader.take(8) };
    else if (wireType === 2) yield { number, value: reader.take(reader.varint()) };
    else if (wireType === 5) yield { number, value: reader.float() };
    else throw broken();
  }
}

/** The integers of a packed list. */
export function readPackedIntegers(packed: Uint8Array): number[] {
  const reader = new ByteReader(packed);
  const values: number[] = [];
  while (!reader.isAtEnd) values.push(reader.varint());
  return values;
}

/** The float32 numbers of a packed list. */
export function readPackedFloats(packed: Uint8Array): number[] {
  const reader = new ByteReader(packed);
  const values: number[] = [];
  while (!reader.isAtEnd) values.push(reader.float());
  return values;
}
