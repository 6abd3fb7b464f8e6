import type { DatasetVersion } from '@gimbal/contracts';
import type { ExpectationResult } from '@gimbal/domain';
import { checkpoint, type TrainingHooks } from '@gimbal/learning';
import { checkTable, inputsOf, MemoryStore, type RawTable, shapeStreamedTable, shapeTable } from '@gimbal/tabular';
import { ColumnSpool, type SpoolPlace } from './column-spool.js';
import { readCsvRows, readParquetRows, type TableFile } from './read-version-rows.js';
import type { StoredTable } from './stored-table.js';

/** A version with its file at hand: plain data, for worker threads. */
export interface TableSource extends TableFile {
  readonly version: DatasetVersion;
  /** Where the inputs are written; null when they go into shared memory. */
  readonly spool: SpoolPlace | null;
}

/** What was read of a version. */
export interface LoadedTable {
  /** Every expectation with what was measured, met or not. */
  readonly expectations: readonly ExpectationResult[];
  /** In the order of the file; without its columns when they lie in a spool; null when an expectation is not met. */
  readonly table: StoredTable | null;
}

/** Share of the work that reading is; the rest is checking. */
const READING = 0.9;

/**
 * Reads all rows of a version in one pass, holds them against what is expected of them, and gives them the form in which they are learned. In
 * memory the inputs take four bytes per row and input, and a block of the file besides; on the disk memory holds a group of rows, later one
 * column. Target, weights, groups, times and texts are in memory in any case.
 * @throws DomainError `dataset-invalid`; LearningError `training-cancelled`
 */
export async function loadTable(source: TableSource, hooks: TrainingHooks): Promise<LoadedTable> {
  const { version, spool: place } = source;
  const { definition } = version;
  if (!place) {
    const store = new MemoryStore(version.rows, inputsOf(definition).length);
    const raw = await readRows(source, { store, flush: async () => undefined }, hooks);
    const expectations = check(raw, version, hooks);
    return { expectations, table: areMet(expectations) ? shapeTable(raw, definition) : null };
  }
  const spool = await ColumnSpool.create(place);
  try {
    const raw = await readRows(source, { store: spool, flush: () => spool.flush() }, hooks);
    const expectations = check(raw, version, hooks);
    if (!areMet(expectations)) return { expectations, table: null };
    const { readColumn: _, keptRows, ...table } = shapeStreamedTable(raw, definition);
    return { expectations, table: { ...table, columns: [], spooled: { place, keptRows } } };
  } finally {
    await spool.close();
  }
}

function readRows(
  { version, ...file }: TableSource,
  target: Pick<Parameters<typeof readCsvRows>[2], 'store' | 'flush'>,
  hooks: TrainingHooks,
): Promise<RawTable> {
  const read = version.form.format === 'csv' ? readCsvRows : readParquetRows;
  return read(version, file, { ...target, onShare: (share) => checkpoint(hooks, READING * share) });
}

function check(raw: RawTable, { definition, expectations }: DatasetVersion, hooks: TrainingHooks): ExpectationResult[] {
  return checkTable(raw, definition, expectations, () => checkpoint(hooks, READING));
}

const areMet = (expectations: readonly ExpectationResult[]): boolean => expectations.every(({ passed }) => passed);
