import {
  type Checksum,
  DEFINITION_HEAD_BYTES,
  KIND,
  LOG_RECORD_HEAD_BYTES,
  NOTE_BYTES,
  NUMBER_BYTES,
  REQUEST_HEAD_BYTES,
  sealRecord,
  TEXT_HEAD_BYTES,
  UUID_BYTES,
  WARNING_BYTES,
} from './log-record.js';
import { type LogDefinition, type LoggedRows, WARNING_CODES } from './logged-rows.js';

/** A request of more rows, or more bytes, becomes several records: what takes them on is never cut within one. */
const RECORD_ROWS_MAX = 1_000;
const RECORD_BYTES_AIM = 1_048_576;

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
  const fitting = Math.max(1, Math.floor(RECORD_BYTES_AIM / bytesOfRow(rows)));
  const step = Math.min(RECORD_ROWS_MAX, fitting);
  const records: Buffer[] = [];
  for (let from = 0; from < count; from += step)
    records.push(encodeRange(index, rows, { from, until: Math.min(count, from + step), checksum }));
  return records;
}

/** Of the numbers of a row: of all rows of a request the same. */
const bytesOfRow = ({ count, values, classes }: LoggedRows): number =>
  2 * NUMBER_BYTES + (values.byteLength + classes.byteLength) / count;

interface Range {
  readonly from: number;
  readonly until: number;
  readonly checksum: Checksum;
}

function encodeRange(index: number, rows: LoggedRows, { from, until, checksum }: Range): Buffer {
  const { count, values, classes, requestId } = rows;
  const requestIdBytes = Buffer.byteLength(requestId);
  const notes = measureNotes(rows, from, until);
  const size = REQUEST_HEAD_BYTES + requestIdBytes + (until - from) * bytesOfRow(rows) + notes.bytes;
  const out = Buffer.allocUnsafe(LOG_RECORD_HEAD_BYTES + size);
  const kind = values instanceof Float32Array ? KIND.predictionsNarrow : KIND.predictions;
  let at = out.writeUInt8(kind, LOG_RECORD_HEAD_BYTES);
  at = out.writeUInt32LE(index, at);
  at = out.writeUInt32LE(until - from, at);
  at = writeId(out, at, rows.firstId, from);
  at = out.writeDoubleLE(rows.createdAtMs, at);
  at = out.writeFloatLE(rows.latencyMs, at);
  at = out.writeUInt16LE(values.length / count, at);
  at = out.writeUInt16LE(classes.length / count, at);
  at = out.writeUInt32LE(notes.count, at);
  at = out.writeUInt16LE(requestIdBytes, at);
  at += out.write(requestId, at, 'utf8');
  for (const numbers of [rows.predictions, rows.probabilities, values, classes]) {
    const each = numbers.length / count;
    at = writeNumbers(out, at, numbers, { from: from * each, until: until * each });
  }
  for (let row = from; notes.count > 0 && row < until; row++) at = writeNote(out, at, rows, { row, from });
  return sealRecord(out, checksum);
}

/** So few bytes V8 keeps within the object, and moves them out of it, at some cost, for whoever asks for their buffer. */
const WITHIN_OBJECT_BYTES = 64;

function writeNumbers(
  out: Buffer,
  start: number,
  numbers: Float64Array | Float32Array,
  { from, until }: Pick<Range, 'from' | 'until'>,
): number {
  if (numbers.byteLength > WITHIN_OBJECT_BYTES) {
    const bytes = Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength); // every machine that Node runs on is little-endian
    const size = numbers.BYTES_PER_ELEMENT;
    return start + bytes.copy(out, start, from * size, until * size);
  }
  const isWide = numbers instanceof Float64Array;
  let at = start;
  for (let index = from; index < until; index++) {
    const value = numbers[index] ?? Number.NaN;
    at = isWide ? out.writeDoubleLE(value, at) : out.writeFloatLE(value, at);
  }
  return at;
}

const DASH = 0x2d;
/** Of `0` to `9`, `a` to `f`, `A` to `F`. */
const valueOfDigit = (code: number): number => (code & 0xf) + (code >> 6) * 9;

function writeId(out: Buffer, start: number, firstId: string, row: number): number {
  let end = start;
  for (let index = 0; end < start + UUID_BYTES; index += 2) {
    if (firstId.charCodeAt(index) === DASH) index += 1;
    out[end++] = valueOfDigit(firstId.charCodeAt(index)) * 16 + valueOfDigit(firstId.charCodeAt(index + 1));
  }
  if (row > 0) out.writeUInt32BE((out.readUInt32BE(end - 4) + row) >>> 0, end - 4);
  return end;
}

function measureNotes({ warnings, texts }: LoggedRows, from: number, until: number): { count: number; bytes: number } {
  let count = 0;
  let bytes = 0;
  for (let row = from; row < until; row++) {
    const warned = warnings[row]?.length ?? 0;
    const written = texts[row] ?? [];
    if (warned + written.length === 0) continue;
    count += 1;
    bytes += NOTE_BYTES + warned * WARNING_BYTES;
    for (const { text } of written) bytes += TEXT_HEAD_BYTES + Buffer.byteLength(text);
  }
  return { count, bytes };
}

/** Nothing for a row without warnings and texts. */
function writeNote(
  out: Buffer,
  start: number,
  { warnings, texts }: LoggedRows,
  { row, from }: { readonly row: number; readonly from: number },
): number {
  const warned = warnings[row] ?? [];
  const written = texts[row] ?? [];
  if (warned.length + written.length === 0) return start;
  let at = out.writeUInt32LE(row - from, start);
  at = out.writeUInt16LE(warned.length, at);
  at = out.writeUInt16LE(written.length, at);
  for (const { input, code } of warned) {
    at = out.writeUInt16LE(input, at);
    at = out.writeUInt8(WARNING_CODES.indexOf(code), at);
  }
  for (const { input, text } of written) {
    at = out.writeUInt16LE(input, at);
    at = out.writeUInt32LE(Buffer.byteLength(text), at);
    at += out.write(text, at, 'utf8');
  }
  return at;
}
