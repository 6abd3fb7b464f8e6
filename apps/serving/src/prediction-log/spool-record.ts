import { crc32 } from 'node:zlib';

/**
 * The prediction log's file format. A segment is {@link SEGMENT_MAGIC}, 8 random bytes that name it, and then records: `u32 size` · `u32 CRC-32` of the payload ·
 * payload. A payload is a definition (which version, which inputs) or the predictions of one micro-batch that refer to a
 * definition earlier in the same segment. Little-endian.
 */
export const SEGMENT_MAGIC = Buffer.from('GSPOOL02', 'latin1');
export const SEGMENT_NAME_BYTES = 8;
export const SEGMENT_HEAD_BYTES = SEGMENT_MAGIC.length + SEGMENT_NAME_BYTES;
export const RECORD_HEAD_BYTES = 8;
/** A record that claims to be longer is damage, not data. */
export const RECORD_BYTES_MAX = 268_435_456;

/**
 * `predictionsNarrow`: with values that were sent in float32 and are kept so. `predictionsAlone`: as versions wrote them that kept no
 * probabilities of classes; what such a version left behind is still read.
 */
const KIND = { definition: 1, predictionsAlone: 2, predictions: 3, predictionsNarrow: 4 } as const;
const UUID_BYTES = 16;

/** What a prediction row shares with all others of its version at one threshold. */
export interface LogDefinition {
  readonly modelVersionId: string;
  readonly modelName: string;
  readonly modelVersion: number;
  readonly threshold: number;
  /** In the order of the values, with the warning of each kind that the input may give. */
  readonly inputs: ReadonlyArray<{
    readonly name: string;
    readonly outside: string;
    readonly missing: string;
    /** What code i of the values stands for; absent when the values are the numbers that were sent. */
    readonly categories?: readonly string[];
  }>;
}

const WARNING_CODES = ['outside-training-range', 'missing', 'unseen-category'] as const;
type WarningCode = (typeof WARNING_CODES)[number];

/** `input` is the position in the signature. */
export interface RowWarning {
  readonly input: number;
  readonly code: WarningCode;
}

/** A text that was sent and that `values` can't hold. `input` is the position in the signature. */
export interface RowText {
  readonly input: number;
  readonly text: string;
}

/** The answered rows of one request; lists row by row. */
export interface LoggedRows {
  readonly count: number;
  /** Of the first row; those of the others count on from it, see {@link followPredictionId}. */
  readonly firstId: string;
  readonly createdAtMs: number;
  readonly latencyMs: number;
  readonly requestId: string;
  /** 0 or 1, the index of the class (-1: abstained), or the value. */
  readonly predictions: Float64Array;
  /** Of the positive class, of what was answered, or the score; NaN where there is none. */
  readonly probabilities: Float64Array;
  /** Equally many for each row, in the order of the definition's inputs, NaN = missing. */
  readonly values: Float64Array | Float32Array;
  readonly warnings: ReadonlyArray<readonly RowWarning[]>;
  /** Free text, and categories that the model does not know. */
  readonly texts: ReadonlyArray<readonly RowText[]>;
  /** Probability of every class by its index; empty where the answer is no class, or one of more than {@link CLASSES_LOGGED_MAX}. */
  readonly classes: Float32Array;
}

/** One of them, as it is read again. */
export interface LoggedRow {
  readonly id: string;
  readonly createdAtMs: number;
  /** 0 or 1, the index of the class (-1: abstained), or the value. */
  readonly prediction: number;
  /** Of the positive class, of what was answered, or the score; NaN where there is none. */
  readonly probability: number;
  readonly latencyMs: number;
  readonly requestId: string;
  readonly values: Float64Array;
  readonly warnings: readonly RowWarning[];
  /** Free text, and categories that the model does not know. */
  readonly texts: readonly RowText[];
  /** Probability of every class by its index; empty where the answer is no class, or one of more than {@link CLASSES_LOGGED_MAX}. */
  readonly classes: Float32Array;
}

/** What the contract of the job takes. */
export const CLASSES_LOGGED_MAX = 1_000;

export type SpoolPayload =
  | { readonly kind: 'definition'; readonly index: number; readonly definition: LogDefinition }
  | { readonly kind: 'predictions'; readonly index: number; readonly rows: readonly LoggedRow[] };

function seal(payload: Buffer): Buffer {
  const head = Buffer.allocUnsafe(RECORD_HEAD_BYTES);
  head.writeUInt32LE(payload.length, 0);
  head.writeUInt32LE(crc32(payload), 4);
  return Buffer.concat([head, payload]);
}

/** A record that names `index` for the rest of its segment. */
export function encodeDefinition(index: number, definition: LogDefinition): Buffer {
  const head = Buffer.allocUnsafe(5);
  head.writeUInt8(KIND.definition, 0);
  head.writeUInt32LE(index, 1);
  return seal(Buffer.concat([head, Buffer.from(JSON.stringify(definition), 'utf8')]));
}

const textBytes = (texts: readonly RowText[]): number =>
  texts.reduce((sum, { text }) => sum + 6 + Buffer.byteLength(text), 0);

const bytesOf = ({ buffer, byteOffset, byteLength }: Float64Array | Float32Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength); // every machine that Node runs on is little-endian

/** What the rows of a record have alike: all but warnings and texts. */
const alikeBytes = ({ count, values, classes, requestId }: LoggedRows): number =>
  UUID_BYTES +
  8 * 3 +
  4 +
  2 +
  Buffer.byteLength(requestId) +
  2 +
  values.byteLength / count +
  2 +
  2 +
  2 +
  classes.byteLength / count;

function writeNotes(out: Buffer, start: number, warnings: readonly RowWarning[], texts: readonly RowText[]): number {
  let at = out.writeUInt16LE(warnings.length, start);
  for (const { input, code } of warnings) {
    at = out.writeUInt16LE(input, at);
    at = out.writeUInt8(WARNING_CODES.indexOf(code), at);
  }
  at = out.writeUInt16LE(texts.length, at);
  for (const { input, text } of texts) {
    at = out.writeUInt16LE(input, at);
    at = out.writeUInt32LE(Buffer.byteLength(text), at);
    at += out.write(text, at, 'utf8');
  }
  return at;
}

const NONE: readonly never[] = [];

/** One record with the rows of a request, all of the version behind `index`. */
export function encodePredictions(index: number, rows: LoggedRows): Buffer {
  const { count, requestId, predictions, probabilities } = rows;
  let size = RECORD_HEAD_BYTES + 9 + count * alikeBytes(rows);
  for (const warnings of rows.warnings) size += warnings.length * 3;
  for (const texts of rows.texts) if (texts.length > 0) size += textBytes(texts);
  const out = Buffer.allocUnsafe(size);
  const values = bytesOf(rows.values);
  const classes = bytesOf(rows.classes);
  const valueBytes = values.length / count;
  const classBytes = classes.length / count;
  const id = Buffer.from(rows.firstId.replaceAll('-', ''), 'hex');
  const firstCount = id.readUInt32BE(UUID_BYTES - 4);
  const kind = rows.values instanceof Float32Array ? KIND.predictionsNarrow : KIND.predictions;
  let at = out.writeUInt8(kind, RECORD_HEAD_BYTES);
  at = out.writeUInt32LE(index, at);
  at = out.writeUInt32LE(count, at);
  for (let row = 0; row < count; row++) {
    id.writeUInt32BE((firstCount + row) >>> 0, UUID_BYTES - 4);
    at += id.copy(out, at);
    at = out.writeDoubleLE(rows.createdAtMs, at);
    at = out.writeDoubleLE(predictions[row] ?? Number.NaN, at);
    at = out.writeDoubleLE(probabilities[row] ?? Number.NaN, at);
    at = out.writeFloatLE(rows.latencyMs, at);
    at = out.writeUInt16LE(Buffer.byteLength(requestId), at);
    at += out.write(requestId, at, 'utf8');
    at = out.writeUInt16LE(rows.values.length / count, at);
    at += values.copy(out, at, row * valueBytes, (row + 1) * valueBytes);
    at = writeNotes(out, at, rows.warnings[row] ?? NONE, rows.texts[row] ?? NONE);
    at = out.writeUInt16LE(classBytes / 4, at);
    at += classes.copy(out, at, row * classBytes, (row + 1) * classBytes);
  }
  const payload = out.subarray(RECORD_HEAD_BYTES);
  out.writeUInt32LE(payload.length, 0);
  out.writeUInt32LE(crc32(payload), 4);
  return out;
}

const uuidOf = (hex: string): string =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;

interface DecodedRow {
  readonly row: LoggedRow;
  readonly end: number;
}

type PredictionKind = Exclude<(typeof KIND)[keyof typeof KIND], 1>;

function decodeRow(payload: Buffer, start: number, kind: PredictionKind): DecodedRow {
  const { row, end } = decodeRowAlone(payload, start, kind);
  if (kind === KIND.predictionsAlone) return { row, end };
  const classes = new Float32Array(payload.readUInt16LE(end));
  for (let index = 0; index < classes.length; index++) classes[index] = payload.readFloatLE(end + 2 + 4 * index);
  return { row: { ...row, classes }, end: end + 2 + 4 * classes.length };
}

/** `u16 count` and as many values. */
function decodeValues(payload: Buffer, start: number, kind: PredictionKind): { values: Float64Array; end: number } {
  const values = new Float64Array(payload.readUInt16LE(start));
  const step = kind === KIND.predictionsNarrow ? 4 : 8;
  let at = start + 2;
  for (let index = 0; index < values.length; index++, at += step)
    values[index] = step === 4 ? payload.readFloatLE(at) : payload.readDoubleLE(at);
  return { values, end: at };
}

function decodeRowAlone(payload: Buffer, start: number, kind: PredictionKind): DecodedRow {
  const id = uuidOf(payload.toString('hex', start, start + UUID_BYTES));
  const createdAtMs = payload.readDoubleLE(start + 16);
  const prediction = payload.readDoubleLE(start + 24);
  const probability = payload.readDoubleLE(start + 32);
  const latencyMs = payload.readFloatLE(start + 40);
  const idEnd = start + 46 + payload.readUInt16LE(start + 44);
  const requestId = payload.toString('utf8', start + 46, idEnd);
  const { values, end: valuesEnd } = decodeValues(payload, idEnd, kind);
  let at = valuesEnd;
  const warnings: RowWarning[] = [];
  const warned = payload.readUInt16LE(at);
  at += 2;
  for (let index = 0; index < warned; index++, at += 3) {
    const code = WARNING_CODES[payload.readUInt8(at + 2)];
    if (code === undefined) throw new RangeError('The record has a warning of an unknown kind.');
    warnings.push({ input: payload.readUInt16LE(at), code });
  }
  const texts: RowText[] = [];
  const written = payload.readUInt16LE(at);
  at += 2;
  for (let index = 0; index < written; index++) {
    const end = at + 6 + payload.readUInt32LE(at + 2);
    if (end > payload.length) throw new RangeError('The record has a text that goes on after its end.');
    texts.push({ input: payload.readUInt16LE(at), text: payload.toString('utf8', at + 6, end) });
    at = end;
  }
  const classes = new Float32Array(0);
  return {
    row: { id, createdAtMs, prediction, probability, latencyMs, requestId, values, warnings, texts, classes },
    end: at,
  };
}

/** @param payload of a record whose checksum was good. @throws RangeError or SyntaxError when it was written by another format. */
export function decodePayload(payload: Buffer): SpoolPayload {
  const kind = payload.readUInt8(0);
  const index = payload.readUInt32LE(1);
  if (kind === KIND.definition) {
    const definition: LogDefinition = JSON.parse(payload.toString('utf8', 5)); // our own record, its checksum was good
    return { kind: 'definition', index, definition };
  }
  if (kind !== KIND.predictions && kind !== KIND.predictionsAlone && kind !== KIND.predictionsNarrow)
    throw new RangeError('The record is of an unknown kind.');
  const rows: LoggedRow[] = [];
  let at = 9;
  for (let count = payload.readUInt32LE(5); count > 0; count--) {
    const { row, end } = decodeRow(payload, at, kind);
    rows.push(row);
    at = end;
  }
  return { kind: 'predictions', index, rows };
}
