/**
 * A record of the prediction log: `u32 size` · `u32 CRC-32` of the payload · payload; little-endian. A payload is a definition (which version,
 * which inputs) or the predictions of one request, which refer by a number to the latest definition of that number before them.
 * Serving's files and the job `predictions.spooled` are made of the same records.
 */
export const LOG_RECORD_HEAD_BYTES = 8;
/** A record that claims to be longer is damage, not data. */
export const LOG_RECORD_BYTES_MAX = 268_435_456;
/** A payload's first bytes: `u8 kind` · `u32 index` of the definition. */
export const DEFINITION_HEAD_BYTES = 5;
/** Of predictions: the same · `u32` rows. */
export const PREDICTIONS_HEAD_BYTES = 9;
export const UUID_BYTES = 16;
export const NUMBER_BYTES = 8;
/**
 * Behind that, of kinds 5 and 6: id of the first row · `f64` ms of the time · `f32` ms of latency · `u16` inputs · `u16` classes · `u32` notes · `u16` size of the
 * request's id, which follows; then `f64` predictions, `f64` probabilities, values and `f32` classes, each of all rows in turn; then the notes.
 */
export const REQUEST_HEAD_BYTES = PREDICTIONS_HEAD_BYTES + UUID_BYTES + 22;
/** A row that has something to say: `u32` row · `u16` warnings · `u16` texts, which follow. */
export const NOTE_BYTES = 8;
/** `u16` input · `u8` code */
export const WARNING_BYTES = 3;
/** `u16` input · `u32` size */
export const TEXT_HEAD_BYTES = 6;

/**
 * `predictions`: numbers of all rows side by side; `predictionsNarrow`: with values that were sent in float32 and are kept so.
 * `rows…`: row after row, as earlier versions wrote them; what such a version left behind is still read.
 */
export const KIND = {
  definition: 1,
  rowsWithoutClasses: 2,
  rows: 3,
  rowsNarrow: 4,
  predictions: 5,
  predictionsNarrow: 6,
} as const;

/** CRC-32 as zlib computes it; handed in by those who run where there is one. */
export type Checksum = (bytes: Uint8Array) => number;

/** What a payload is, by its first bytes. */
export type LogPayloadHead =
  | { readonly kind: 'definition'; readonly index: number }
  | { readonly kind: 'predictions'; readonly index: number; readonly rows: number };

/** @throws RangeError when it was written by another format */
export function peekPayload(payload: Buffer): LogPayloadHead {
  const kind = payload.readUInt8(0);
  const index = payload.readUInt32LE(1);
  if (kind === KIND.definition) return { kind: 'definition', index };
  if (kind < KIND.rowsWithoutClasses || kind > KIND.predictionsNarrow)
    throw new RangeError('The record is of an unknown kind.');
  return { kind: 'predictions', index, rows: payload.readUInt32LE(5) };
}

/** Writes the head into the bytes that were left for it in front. */
export function sealRecord(record: Buffer, checksum: Checksum): Buffer {
  const payload = record.subarray(LOG_RECORD_HEAD_BYTES);
  record.writeUInt32LE(payload.length, 0);
  record.writeUInt32LE(checksum(payload), 4);
  return record;
}
