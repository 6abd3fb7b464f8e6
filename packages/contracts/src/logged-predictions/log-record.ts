/**
 * A record of the prediction log: `u32 size` · `u32 CRC-32` of the payload · payload; little-endian. A payload is a definition (which version,
 * which inputs) or the predictions of one request, which refer by a number to the latest definition of that number before them.
 * Serving's files and the job `predictions.spooled` are made of the same records.
 */
export const LOG_RECORD_HEAD_BYTES = 8;
/** A record that claims to be longer is damage, not data. */
export const LOG_RECORD_BYTES_MAX = 268_435_456;
/** The payload's first bytes: `u8 kind` · `u32 index` of the definition · `u32` rows, of predictions alone. */
export const PREDICTIONS_HEAD_BYTES = 9;
export const DEFINITION_HEAD_BYTES = 5;
export const UUID_BYTES = 16;

/**
 * `predictionsNarrow`: with values that were sent in float32 and are kept so. `predictionsAlone`: as versions wrote them that kept no
 * probabilities of classes; what such a version left behind is still read.
 */
export const KIND = { definition: 1, predictionsAlone: 2, predictions: 3, predictionsNarrow: 4 } as const;

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
  if (kind < KIND.predictionsAlone || kind > KIND.predictionsNarrow)
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
