import { InvalidRowsError } from '../predict/columns.js';
import type { ReadRows, RowReader } from '../predict/row-reader.js';

/** Rows that stand one behind the other in what was sent. */
export interface GoodRows {
  /** Place of the first one. */
  readonly from: number;
  readonly read: ReadRows;
}

/** A row that breaks the signature. */
export interface RefusedRow {
  readonly index: number;
  /** The kind of its first fault. */
  readonly reason: string;
  /** All its faults; they name fields, not values. */
  readonly message: string;
}

/** Reads what can be read: a row that breaks the signature takes no other one's answer away. */
export function readGoodRows(
  reader: Pick<RowReader, 'read'>,
  rows: readonly unknown[],
): { readonly good: readonly GoodRows[]; readonly refused: readonly RefusedRow[] } {
  const all = tryRead(reader, rows);
  if (!(all instanceof InvalidRowsError)) return { good: [{ from: 0, read: all }], refused: [] };
  const refused = rows.flatMap((row, index): RefusedRow[] => {
    const read = tryRead(reader, [row]);
    return read instanceof InvalidRowsError ? [describe(index, read)] : [];
  });
  const ends = [...refused.map(({ index }) => index), rows.length];
  const good = ends.flatMap((end, place): GoodRows[] => {
    const from = place === 0 ? 0 : ends[place - 1]! + 1; // places before this one
    return from < end ? [{ from, read: reader.read(rows.slice(from, end), '', undefined) }] : [];
  });
  return { good, refused };
}

function tryRead(reader: Pick<RowReader, 'read'>, rows: readonly unknown[]): ReadRows | InvalidRowsError {
  try {
    return reader.read(rows, rows.length === 1 ? undefined : '', undefined);
  } catch (error) {
    if (error instanceof InvalidRowsError) return error;
    throw error;
  }
}

const describe = (index: number, { errors, kinds }: InvalidRowsError): RefusedRow => ({
  index,
  reason: kinds.values().next().value ?? 'wrong-type',
  message: errors
    .map(({ path, message }) => `${path} ${message}`.trim())
    .join('; ')
    .slice(0, 1_000),
});
