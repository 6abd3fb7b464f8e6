import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { DataOrigin, DatasetDefinition } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import { CONFIG } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { TrainingConfig } from '../config.js';
import { type CsvTable, readCsv } from './read-csv.js';
import { downloadFile, resolveDataset } from './resolve-dataset.js';
import { synthesizePart } from './synthesize-part.js';

/** Injects the dataset definitions by name, checked at start. */
export const DEFINITIONS = Symbol('training:dataset-definitions');
export type Definitions = ReadonlyMap<string, DatasetDefinition>;

/** The rows of some parts of a dataset, one part after the other. */
export interface LoadedData {
  readonly definition: DatasetDefinition;
  readonly origin: DataOrigin;
  readonly table: CsvTable;
  /** Where each part lies in the table. */
  readonly parts: readonly {
    readonly name: string;
    readonly firstRow: number;
    readonly rows: number;
    readonly sha256: string;
  }[];
  /** SHA-256 over the parts' names and contents. */
  readonly digest: string;
}

/** The datasets that can be trained on. */
@Injectable()
export class DatasetService {
  private resolving: Promise<unknown> = Promise.resolve();

  constructor(
    @Inject(DEFINITIONS) private readonly definitions: Definitions,
    @Inject(CONFIG) private readonly config: TrainingConfig,
  ) {}

  /** @throws DomainError `dataset-not-found` for an unknown dataset or part */
  find(name: string, parts: readonly string[]): DatasetDefinition {
    const definition = this.definitions.get(name);
    if (!definition)
      throw new DomainError(
        'dataset-not-found',
        `There is no dataset ${name}, only ${list([...this.definitions.keys()])}.`,
      );
    const known = definition.parts.map((part) => part.name);
    const foreign = parts.filter((part) => !known.includes(part));
    if (foreign.length > 0)
      throw new DomainError('dataset-not-found', `${name} has no part ${list(foreign)}, only ${list(known)}.`);
    return definition;
  }

  /** Whether the dataset is one whose definition lies with the program, rather than an uploaded one. */
  isDescribed(name: string): boolean {
    return this.definitions.has(name);
  }

  /** Names of a dataset's parts; none for an unknown one. */
  partsOf(name: string): string[] {
    return this.definitions.get(name)?.parts.map((part) => part.name) ?? [];
  }

  /**
   * Makes the whole dataset available and reads the named parts.
   * @param parts at least one, each once
   * @throws DomainError `dataset-not-found`, `dataset-invalid`
   */
  async load(name: string, parts: readonly string[]): Promise<LoadedData> {
    const definition = this.find(name, parts);
    const resolved = await this.resolve(definition);
    const tables: CsvTable[] = [];
    const read: LoadedData['parts'][number][] = [];
    let firstRow = 0;
    for (const part of parts) {
      const entry = resolved.parts[part];
      if (!entry) throw new DomainError('dataset-not-found', `${name} was resolved without its part ${part}.`);
      const form = {
        file: entry.file,
        columns: definition.columns.map((column) => column.name),
        header: 'present',
        missingToken: definition.missingToken,
      } as const;
      const table = await readCsv(createReadStream(join(resolved.folder, entry.file)), form);
      tables.push(table);
      read.push({ name: part, firstRow, rows: table.rowCount, sha256: entry.sha256 });
      firstRow += table.rowCount;
    }
    const digest = createHash('sha256')
      .update(JSON.stringify([name, read.map((part) => [part.name, part.sha256])]))
      .digest('hex');
    return { definition, origin: resolved.origin, table: joinTables(tables), parts: read, digest };
  }

  /** One at a time: two runs that begin together download once. */
  private resolve(definition: DatasetDefinition): ReturnType<typeof resolveDataset> {
    const { cacheDir, dataDir } = this.config.data;
    const sources = {
      cacheFolder: cacheDir,
      dataFolder: dataDir,
      download: downloadFile,
      synthesize: synthesizePart,
    };
    const turn = this.resolving.then(() => resolveDataset(definition, sources));
    this.resolving = turn.catch(() => undefined);
    return turn;
  }
}

const list = (names: readonly string[]): string => names.join(', ');

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
