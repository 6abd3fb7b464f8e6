import {
  type Checksum,
  DEFINITION_HEAD_BYTES,
  KIND,
  LOG_RECORD_HEAD_BYTES,
  PREDICTIONS_HEAD_BYTES,
  sealRecord,
  UUID_BYTES,
} from './log-record.js';
import { type LogDefinition, type LoggedRows, type RowText, type RowWarning, WARNING_CODES } from './logged-rows.js';

/** A request of more rows, or more bytes, becomes several records: what takes them on is never cut within one. */
const RECORD_ROWS_MAX = 1_000;
const RECORD_BYTES_AIM = 1_048_576;
const NONE: readonly never[] = [];

/** A record that names `index` until another one does. */
export function encodeDefinition(index: number, definition: LogDefinition, checksum: Checksum): Buffer {
  const text = JSON.stringify(definition);
  const record = Buffer.allocUnsafe(LOG_RECORD_HEAD_BYTES + DEFINITION_HEAD_BYTES + Buffer.byteLength(text));
  let at = record.writeUInt8(KIND.definition, LOG_RECORD_HEAD_BYTES);
  at = record.writeUInt32LE(index, at);
  record.write(text, at, 'utf8');
  return sealRecord(record, checksum);
}

/** Records with the rows of a request, all of the version behind `index`; of most requests one. */
export function encodePredictions(index: number, rows: LoggedRows, checksum: Checksum): Buffer[] {
  const { count } = rows;
  const fitting = Math.max(1, Math.floor(RECORD_BYTES_AIM / alikeBytes(rows)));
  const step = Math.min(RECORD_ROWS_MAX, fitting);
  const records: Buffer[] = [];
  for (let from = 0; from < count; from += step)
    records.push(encodeRange(index, rows, { from, until: Math.min(count, from + step), checksum }));
  return records;
}

/** Bytes of a row without warnings and texts; of all rows of a request the same. */
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

const textBytes = (texts: readonly RowText[]): number =>
  texts.reduce((sum, { text }) => sum + 6 + Buffer.byteLength(text), 0);

const bytesOf = ({ buffer, byteOffset, byteLength }: Float64Array | Float32Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength); // every machine that Node runs on is little-endian

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

interface Range {
  readonly from: number;
  readonly until: number;
  readonly checksum: Checksum;
}

function sizeOf(rows: LoggedRows, { from, until }: Range): number {
  let size = LOG_RECORD_HEAD_BYTES + PREDICTIONS_HEAD_BYTES + (until - from) * alikeBytes(rows);
  for (let row = from; row < until; row++) {
    size += (rows.warnings[row]?.length ?? 0) * 3;
    const texts = rows.texts[row];
    if (texts && texts.length > 0) size += textBytes(texts);
  }
  return size;
}

function encodeRange(index: number, rows: LoggedRows, range: Range): Buffer {
  const { count, requestId, predictions, probabilities } = rows;
  const out = Buffer.allocUnsafe(sizeOf(rows, range));
  const values = bytesOf(rows.values);
  const classes = bytesOf(rows.classes);
  const valueBytes = values.length / count;
  const classBytes = classes.length / count;
  const id = Buffer.from(rows.firstId.replaceAll('-', ''), 'hex');
  const firstCount = id.readUInt32BE(UUID_BYTES - 4);
  const kind = rows.values instanceof Float32Array ? KIND.predictionsNarrow : KIND.predictions;
  let at = out.writeUInt8(kind, LOG_RECORD_HEAD_BYTES);
  at = out.writeUInt32LE(index, at);
  at = out.writeUInt32LE(range.until - range.from, at);
  for (let row = range.from; row < range.until; row++) {
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
  return sealRecord(out, range.checksum);
}
