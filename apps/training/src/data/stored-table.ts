import { type Dataset, type FeatureTable, streamColumns } from '@gimbal/learning';
import type { LearningTable } from '@gimbal/tabular';
import { type SpoolPlace, SpoolReader } from './column-spool.js';

/** Where the inputs of a table lie that stay on the disk: plain data, for worker threads. */
export interface SpooledInputs {
  readonly place: SpoolPlace;
  /** Rows of the spool that are rows of the table, ascending, in shared memory; null when all are. */
  readonly keptRows: Int32Array | null;
}

/**
 * A table that can be learned from, wherever its inputs lie. With `spooled` its columns are read when they are asked for; posted to a worker
 * thread they are gone and opened there anew.
 */
export interface StoredTable extends LearningTable {
  readonly spooled?: SpooledInputs;
}

/** A dataset whose columns are on the disk. */
interface SpooledDataset extends Dataset {
  readonly spooled: SpooledInputs;
}

export const isSpooled = (dataset: Dataset): dataset is SpooledDataset => 'spooled' in dataset;

/** Columns of this thread; they can be read until they are closed. */
interface OpenedColumns {
  readonly columns: FeatureTable['columns'];
  close(): void;
}

/** Opens the inputs of a table that stay on the disk. */
export function openColumns(
  { features, rowCount }: Pick<FeatureTable, 'features' | 'rowCount'>,
  { place, keptRows }: SpooledInputs,
): OpenedColumns {
  const reader = new SpoolReader(place);
  const { columns } = streamColumns({
    ...{ features, rowCount, blockRows: place.groupRows },
    readColumn: (feature) => takeKept(reader.read(feature), keptRows, 0),
    readRows: (from, until) => {
      if (!keptRows) return reader.readRows(from, until);
      const kept = keptRows.subarray(from, until);
      const first = kept[0] ?? 0;
      const parts = reader.readRows(first, (kept.at(-1) ?? first - 1) + 1);
      return parts.map((part) => takeKept(part, kept, first));
    },
    release: () => reader.release(),
  });
  return { columns, close: () => reader.close() };
}

function takeKept(values: Float32Array, keptRows: Int32Array | null, first: number): Float32Array {
  return keptRows ? Float32Array.from(keptRows, (row) => values[row - first] ?? Number.NaN) : values;
}
