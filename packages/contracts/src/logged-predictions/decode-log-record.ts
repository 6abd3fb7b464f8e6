import {
  type Checksum,
  DEFINITION_HEAD_BYTES,
  KIND,
  LOG_RECORD_HEAD_BYTES,
  PREDICTIONS_HEAD_BYTES,
  peekPayload,
  UUID_BYTES,
} from './log-record.js';
import { LogDefinition, type LoggedRow, type RowText, type RowWarning, WARNING_CODES } from './logged-rows.js';

/** Predictions of one record, with what they refer to. */
export interface DecodedRecord {
  readonly definition: LogDefinition;
  readonly rows: readonly LoggedRow[];
}

/**
 * Reads records to their end, and no further.
 * @param bytes whole records, each definition before the predictions that refer to it
 * @throws RangeError, SyntaxError or ZodError when they are not what {@link encodeDefinition} and {@link encodePredictions} made
 */
export function decodeRecords(bytes: Buffer, checksum: Checksum): DecodedRecord[] {
  const definitions = new Map<number, LogDefinition>();
  const records: DecodedRecord[] = [];
  for (let at = 0; at < bytes.length; ) {
    const start = at + LOG_RECORD_HEAD_BYTES;
    const end = start + bytes.readUInt32LE(at);
    if (end > bytes.length) throw new RangeError('A record goes on after the end of the bytes.');
    const payload = bytes.subarray(start, end);
    if (checksum(payload) !== bytes.readUInt32LE(at + 4)) throw new RangeError('A record has another checksum.');
    const head = peekPayload(payload);
    if (head.kind === 'definition') {
      const json: unknown = JSON.parse(payload.toString('utf8', DEFINITION_HEAD_BYTES));
      definitions.set(head.index, LogDefinition.parse(json));
    } else {
      const definition = definitions.get(head.index);
      if (!definition) throw new RangeError('A record refers to a definition that is not there.');
      records.push({ definition, rows: decodeRows(payload, head.rows) });
    }
    at = end;
  }
  return records;
}

function decodeRows(payload: Buffer, count: number): LoggedRow[] {
  const kind = payload.readUInt8(0);
  const rows: LoggedRow[] = [];
  let at = PREDICTIONS_HEAD_BYTES;
  while (rows.length < count) {
    const { row, end } = decodeRow(payload, at, kind);
    rows.push(row);
    at = end;
  }
  if (at !== payload.length) throw new RangeError('A record has bytes behind its rows.');
  return rows;
}

const uuidOf = (hex: string): string =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;

interface DecodedRow {
  readonly row: LoggedRow;
  readonly end: number;
}

function decodeRow(payload: Buffer, start: number, kind: number): DecodedRow {
  const idEnd = start + 46 + payload.readUInt16LE(start + 44);
  const { values, end: valuesEnd } = decodeValues(payload, idEnd, kind);
  const { warnings, end: warningsEnd } = decodeWarnings(payload, valuesEnd);
  const { texts, end: textsEnd } = decodeTexts(payload, warningsEnd);
  const { classes, end } = decodeClasses(payload, textsEnd, kind);
  const row = {
    id: uuidOf(payload.toString('hex', start, start + UUID_BYTES)),
    createdAtMs: payload.readDoubleLE(start + 16),
    prediction: payload.readDoubleLE(start + 24),
    probability: payload.readDoubleLE(start + 32),
    latencyMs: payload.readFloatLE(start + 40),
    requestId: payload.toString('utf8', start + 46, idEnd),
    ...{ values, warnings, texts, classes },
  };
  return { row, end };
}

/** `u16 count` and as many values. */
function decodeValues(payload: Buffer, start: number, kind: number): { values: Float64Array; end: number } {
  const values = new Float64Array(payload.readUInt16LE(start));
  const step = kind === KIND.predictionsNarrow ? 4 : 8;
  let at = start + 2;
  for (let index = 0; index < values.length; index++, at += step)
    values[index] = step === 4 ? payload.readFloatLE(at) : payload.readDoubleLE(at);
  return { values, end: at };
}

function decodeWarnings(payload: Buffer, start: number): { warnings: RowWarning[]; end: number } {
  const warnings: RowWarning[] = [];
  let at = start + 2;
  for (let left = payload.readUInt16LE(start); left > 0; left--, at += 3) {
    const code = WARNING_CODES[payload.readUInt8(at + 2)];
    if (code === undefined) throw new RangeError('The record has a warning of an unknown kind.');
    warnings.push({ input: payload.readUInt16LE(at), code });
  }
  return { warnings, end: at };
}

function decodeTexts(payload: Buffer, start: number): { texts: RowText[]; end: number } {
  const texts: RowText[] = [];
  let at = start + 2;
  for (let left = payload.readUInt16LE(start); left > 0; left--) {
    const end = at + 6 + payload.readUInt32LE(at + 2);
    if (end > payload.length) throw new RangeError('The record has a text that goes on after its end.');
    texts.push({ input: payload.readUInt16LE(at), text: payload.toString('utf8', at + 6, end) });
    at = end;
  }
  return { texts, end: at };
}

function decodeClasses(payload: Buffer, start: number, kind: number): { classes: Float32Array; end: number } {
  if (kind === KIND.predictionsAlone) return { classes: new Float32Array(0), end: start };
  const classes = new Float32Array(payload.readUInt16LE(start));
  for (let index = 0; index < classes.length; index++) classes[index] = payload.readFloatLE(start + 2 + 4 * index);
  return { classes, end: start + 2 + 4 * classes.length };
}
