import { KIND } from './log-record.js';
import type { LoggedRow } from './logged-rows.js';
import { type RecordReader, uuidOf } from './record-reader.js';

/**
 * Rows as earlier versions wrote them, each whole after the other.
 * @throws RangeError when they are not
 */
export const decodeRowsInTurn = (from: RecordReader, kind: number, count: number): LoggedRow[] => {
  const rows: LoggedRow[] = [];
  while (rows.length < count) rows.push(decodeRow(from, kind));
  return rows;
};

const decodeRow = (from: RecordReader, kind: number): LoggedRow => ({
  id: uuidOf(from.id()),
  createdAtMs: from.double(),
  prediction: from.double(),
  probability: from.double(),
  latencyMs: from.float(),
  requestId: from.text(from.short()),
  values: kind === KIND.rowsNarrow ? Float64Array.from(from.floats(from.short())) : from.doubles(from.short()),
  warnings: from.warnings(from.short()),
  texts: from.texts(from.short()),
  classes: from.floats(kind === KIND.rowsWithoutClasses ? 0 : from.short()),
});
