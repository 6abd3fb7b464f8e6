/** Where a field stands in its message: from the first byte of its tag to behind its last. */
interface FieldPlace {
  readonly number: number;
  readonly start: number;
  readonly end: number;
}

/** One field of a protobuf message: its number and its value as it stands on the wire. */
export type ProtobufField = FieldPlace &
  (
    | { readonly kind: 'varint'; readonly value: bigint }
    | { readonly kind: 'bytes'; readonly value: Uint8Array }
    | { readonly kind: 'fixed' }
  );

/** The bytes are not a protobuf message. */
export class ProtobufError extends Error {
  override readonly name = 'ProtobufError';
}

const VARINT_BYTES_MAX = 10;
/** Protobuf's own limit for a field number. */
const FIELD_NUMBER_MAX = 536_870_911n;

/**
 * Reads the fields of one message, in their order, without copying. Nested messages are `bytes`: give them to this function again.
 * @throws ProtobufError when the bytes end early or hold a wire type that protobuf 3 does not have
 */
export function* readProtobufFields(message: Uint8Array): Generator<ProtobufField> {
  let at = 0;
  const readVarint = (): bigint => {
    let value = 0n;
    for (let index = 0; index < VARINT_BYTES_MAX; index++) {
      const byte = message[at++];
      if (byte === undefined) throw new ProtobufError('A number ends early.');
      value |= BigInt(byte & 0x7f) << BigInt(7 * index);
      if (byte < 0x80) return value;
    }
    throw new ProtobufError('A number is longer than protobuf allows.');
  };
  const skip = (count: bigint): number => {
    if (count > BigInt(message.length - at)) throw new ProtobufError('A field ends early.');
    const start = at;
    at += Number(count);
    return start;
  };
  while (at < message.length) {
    const start = at;
    const tag = readVarint();
    const number = Number(tag >> 3n);
    if (tag >> 3n < 1n || tag >> 3n > FIELD_NUMBER_MAX) throw new ProtobufError('A field has no valid number.');
    const wireType = Number(tag & 7n);
    if (wireType === 0) {
      const value = readVarint();
      yield { number, kind: 'varint', value, start, end: at };
    } else if (wireType === 2) {
      const first = skip(readVarint());
      yield { number, kind: 'bytes', value: message.subarray(first, at), start, end: at };
    } else if (wireType === 1 || wireType === 5) {
      skip(wireType === 1 ? 8n : 4n);
      yield { number, kind: 'fixed', start, end: at };
    } else throw new ProtobufError(`Wire type ${wireType} is not known.`);
  }
}
