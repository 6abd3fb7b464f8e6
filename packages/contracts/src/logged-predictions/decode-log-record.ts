import { decodeRowsInTurn } from './decode-rows-in-turn.js';
import { decodeRowsSideBySide } from './decode-rows-side-by-side.js';
import {
  type Checksum,
  DEFINITION_HEAD_BYTES,
  KIND,
  LOG_RECORD_HEAD_BYTES,
  PREDICTIONS_HEAD_BYTES,
  peekPayload,
} from './log-record.js';
import { LogDefinition, type LoggedRow } from './logged-rows.js';
import { RecordReader } from './record-reader.js';

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

function decodeRows(payload: Buffer, count: number): readonly LoggedRow[] {
  const kind = payload.readUInt8(0);
  const from = new RecordReader(payload, PREDICTIONS_HEAD_BYTES);
  const isInTurn = kind < KIND.predictions;
  const rows = isInTurn ? decodeRowsInTurn(from, kind, count) : decodeRowsSideBySide(from, kind, count);
  from.end();
  return rows;
}
