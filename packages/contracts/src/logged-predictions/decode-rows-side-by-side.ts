import { KIND } from './log-record.js';
import type { LoggedRow, RowText, RowWarning } from './logged-rows.js';
import { type RecordReader, uuidOf } from './record-reader.js';

interface Note {
  readonly warnings: readonly RowWarning[];
  readonly texts: readonly RowText[];
}

const NO_NOTE: Note = { warnings: [], texts: [] };

/**
 * Rows of a request, whose numbers stand side by side.
 * @throws RangeError when they do not
 */
export function decodeRowsSideBySide(from: RecordReader, kind: number, count: number): LoggedRow[] {
  const firstId = from.id();
  const createdAtMs = from.double();
  const latencyMs = from.float();
  const inputs = from.short();
  const classCount = from.short();
  const noteCount = from.int();
  const requestId = from.text(from.short());
  const predictions = from.doubles(count);
  const probabilities = from.doubles(count);
  const isNarrow = kind === KIND.predictionsNarrow;
  const values = isNarrow ? Float64Array.from(from.floats(count * inputs)) : from.doubles(count * inputs);
  const classes = from.floats(count * classCount);
  const notes = decodeNotes(from, noteCount);
  return Array.from(predictions, (prediction, row) => ({
    ...{ id: idOf(firstId, row), createdAtMs, latencyMs, requestId, prediction },
    probability: probabilities[row] ?? Number.NaN,
    values: values.subarray(row * inputs, (row + 1) * inputs),
    classes: classes.subarray(row * classCount, (row + 1) * classCount),
    ...(notes.get(row) ?? NO_NOTE),
  }));
}

function decodeNotes(from: RecordReader, count: number): ReadonlyMap<number, Note> {
  const notes = new Map<number, Note>();
  for (let left = count; left > 0; left--) {
    const row = from.int();
    const [warned, written] = [from.short(), from.short()];
    notes.set(row, { warnings: from.warnings(warned), texts: from.texts(written) });
  }
  return notes;
}

/** Ids of the rows of one request count on in their last 32 bits, round past the greatest. */
function idOf(firstId: string, row: number): string {
  const last = (Number.parseInt(firstId.slice(-8), 16) + row) >>> 0;
  return uuidOf(firstId.slice(0, -8) + last.toString(16).padStart(8, '0'));
}
