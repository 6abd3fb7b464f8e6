import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Actor, DatasetVersion } from '@gimbal/contracts';
import { DomainError, type ExpectationResult } from '@gimbal/domain';
import { CONFIG } from '@gimbal/platform';
import { checkTable, inputsOf, MemoryStore, type RawTable, shapeStreamedTable, shapeTable } from '@gimbal/tabular';
import { Inject, Injectable } from '@nestjs/common';
import { RegistryClient } from '../clients/registry.client.js';
import type { TrainingConfig } from '../config.js';
import { ColumnSpool } from './column-spool.js';
import { type RowTarget, readCsvRows, readParquetRows } from './read-version-rows.js';
import { openColumns, type StoredTable } from './stored-table.js';

/** A version of a registered dataset; without a number the latest. */
export interface DatasetReference {
  readonly name: string;
  readonly version?: number | undefined;
}

/** Where the inputs of a version are put: into memory that worker threads share, or on the disk. */
export type Storage = 'memory' | 'disk';

/** The rows of a version, held against what is expected of them. */
export interface LoadedVersion {
  readonly version: DatasetVersion;
  /** Every expectation with what was measured, met or not. */
  readonly expectations: readonly ExpectationResult[];
  /** SHA-256 over the content and the definition in force: what a training has learned from. */
  readonly digest: string;
  /**
   * The table in the form in which it is learned, in the order of the file. Call it once, when the expectations are met: it uses up the
   * memory of what was read.
   * @throws DomainError `dataset-invalid`
   */
  table(): StoredTable;
  /** To be called at the end, however it is: removes what lies on the disk. */
  dispose(): Promise<void>;
}

/** Reads registered datasets: streamed out of the registry's artifact store into columns, checked before anything is learned. */
@Injectable()
export class DatasetVersionService {
  constructor(
    private readonly registry: RegistryClient,
    @Inject(CONFIG) private readonly config: Pick<TrainingConfig, 'data'>,
  ) {}

  /** @throws DomainError `dataset-not-found`, `dataset-version-not-found`, `service-unavailable` */
  async find({ name, version }: DatasetReference, actor: Actor): Promise<DatasetVersion> {
    const number = version ?? (await this.registry.latestDatasetVersion(name, actor));
    return await this.registry.datasetVersion(name, number, actor);
  }

  /**
   * Reads all rows of a version in one pass. In memory the inputs take four bytes per row and input, and a block of the file besides; on the
   * disk memory holds a group of rows, later one column. Target, weights, groups, times and texts are in memory in any case.
   * @throws DomainError `dataset-invalid`, `artifact-corrupt`, `service-unavailable`
   */
  async load(version: DatasetVersion, storage: Storage, actor: Actor): Promise<LoadedVersion> {
    return storage === 'disk' ? await this.loadSpooled(version, actor) : await this.loadShared(version, actor);
  }

  private async loadShared(version: DatasetVersion, actor: Actor): Promise<LoadedVersion> {
    const store = new MemoryStore(version.rows, inputsOf(version.definition).length);
    const raw = await this.read(version, { store, flush: async () => undefined }, actor);
    return {
      ...(await check(version, raw)),
      table: () => shapeTable(raw, version.definition),
      dispose: async () => undefined,
    };
  }

  private async loadSpooled(version: DatasetVersion, actor: Actor): Promise<LoadedVersion> {
    const { cacheDir } = this.config.data;
    const spool = await ColumnSpool.create(cacheDir, version.rows, inputsOf(version.definition).length);
    let close = (): void => undefined;
    try {
      const raw = await this.read(version, { store: spool, flush: () => spool.flush() }, actor);
      return {
        ...(await check(version, raw)),
        table: () => {
          const { readColumn: _, keptRows, ...table } = shapeStreamedTable(raw, version.definition);
          const spooled = { place: spool.place, keptRows };
          const opened = openColumns(table, spooled);
          close = opened.close;
          return { ...table, columns: opened.columns, spooled };
        },
        dispose: async () => {
          close();
          await spool.dispose();
        },
      };
    } catch (error) {
      await spool.dispose();
      throw error;
    }
  }

  private async read(version: DatasetVersion, target: RowTarget, actor: Actor): Promise<RawTable> {
    const content = proven(await this.registry.openArtifact(version.digest, actor), version.digest);
    if (version.form.format === 'csv') return await readCsvRows(version, content, target);
    const path = join(this.config.data.cacheDir, `${randomUUID()}.parquet`);
    await mkdir(this.config.data.cacheDir, { recursive: true });
    const file = await open(path, 'wx+', 0o600);
    try {
      await unlink(path); // gone with the process, however it ends
      for await (const chunk of content) await file.appendFile(chunk);
      return await readParquetRows(version, file, target);
    } finally {
      await file.close();
    }
  }
}

async function check(
  version: DatasetVersion,
  raw: RawTable,
): Promise<Pick<LoadedVersion, 'version' | 'expectations' | 'digest'>> {
  const { digest, form, definition, expectations } = version;
  return {
    version,
    expectations: await checkTable(raw, definition, expectations),
    digest: createHash('sha256')
      .update(JSON.stringify([digest, form, definition]))
      .digest('hex'),
  };
}

/** Passes a file on and fails at its end when it is not the one that was named. */
async function* proven(content: AsyncIterable<Uint8Array>, digest: string): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  for await (const chunk of content) {
    hash.update(chunk);
    yield chunk;
  }
  if (hash.digest('hex') !== digest)
    throw new DomainError('artifact-corrupt', 'The file that came is not the one that the version names.');
}
