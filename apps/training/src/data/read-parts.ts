import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { DataOrigin, DatasetDefinition } from '@gimbal/contracts';
import { checkExpectations, type ExpectationResult } from '@gimbal/domain';
import { checkpoint, type TrainingHooks } from '@gimbal/learning';
import { type CsvTable, readCsv } from './read-csv.js';

/** Files of a described dataset: plain data, for worker threads. */
export interface PartFiles {
  readonly definition: DatasetDefinition;
  readonly folder: string;
  /** In the order in which they are read. */
  readonly files: readonly { readonly name: string; readonly file: string; readonly sha256: string }[];
}

/** The rows of some parts of a dataset, one part after the other. */
export interface ReadParts {
  readonly table: CsvTable;
  /** Where each part lies in the table. */
  readonly parts: readonly {
    readonly name: string;
    readonly firstRow: number;
    readonly rows: number;
    readonly sha256: string;
  }[];
  /** Every expectation of the definition with what was measured, met or not. */
  readonly expectations: readonly ExpectationResult[];
}

/** The rows of some parts of a dataset, held against its definition. */
export interface LoadedData extends ReadParts {
  readonly definition: DatasetDefinition;
  readonly origin: DataOrigin;
  /** SHA-256 over the parts' names and contents. */
  readonly digest: string;
}

/** Reads parts of a dataset and holds their rows against the definition. @throws DomainError `dataset-invalid`; LearningError `training-cancelled` */
export async function readParts({ definition, folder, files }: PartFiles, hooks: TrainingHooks): Promise<ReadParts> {
  const { columns, rowsMin, duplicateShareMax, missingToken } = definition;
  const names = columns.map(({ name }) => name);
  const tables: CsvTable[] = [];
  const parts: ReadParts['parts'][number][] = [];
  let firstRow = 0;
  for (const { name, file, sha256 } of files) {
    checkpoint(hooks, tables.length / files.length);
    const form = { file, columns: names, header: 'present', missingToken } as const;
    const table = await readCsv(createReadStream(join(folder, file)), form);
    tables.push(table);
    parts.push({ name, firstRow, rows: table.rowCount, sha256 });
    firstRow += table.rowCount;
  }
  const table = joinTables(tables);
  return { table, parts, expectations: checkExpectations(table.columns, { columns, rowsMin, duplicateShareMax }) };
}

/** Rows of tables with the same columns, one table after the other. */
function joinTables(tables: readonly CsvTable[]): CsvTable {
  const rowCount = tables.reduce((sum, table) => sum + table.rowCount, 0);
  const columns = new Map<string, Float64Array>();
  for (const name of tables[0]?.columns.keys() ?? []) {
    const joined = new Float64Array(rowCount);
    let offset = 0;
    for (const table of tables) {
      joined.set(table.columns.get(name) ?? new Float64Array(table.rowCount).fill(Number.NaN), offset);
      offset += table.rowCount;
    }
    columns.set(name, joined);
  }
  return { rowCount, columns };
}
