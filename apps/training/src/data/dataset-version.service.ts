import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Actor, DatasetVersion } from '@gimbal/contracts';
import { DomainError, type ExpectationResult } from '@gimbal/domain';
import { CONFIG } from '@gimbal/platform';
import { checkTable, inputsOf, type LearningTable, MemoryStore, type RawTable, shapeTable } from '@gimbal/tabular';
import { Inject, Injectable } from '@nestjs/common';
import { RegistryClient } from '../clients/registry.client.js';
import type { TrainingConfig } from '../config.js';
import { ColumnSpool, type SpoolPlace } from './column-spool.js';
import { type RowTarget, readCsvRows, readParquetRows } from './read-version-rows.js';

/** A version of a registered dataset; without a number the latest. */
export interface DatasetReference {
  readonly name: string;
  readonly version?: number | undefined;
}

/** The rows of a version, held against what is expected of them. */
export interface LoadedVersion {
  readonly version: DatasetVersion;
  /** Every expectation with what was measured, met or not. */
  readonly expectations: readonly ExpectationResult[];
  /** SHA-256 over the content and the definition in force: what a training has learned from. */
  readonly digest: string;
  /** Where the inputs lie when they are too large for memory; a worker thread reads them there. Null: in memory. */
  readonly spool: SpoolPlace | null;
  /**
   * The table in the form in which it is learned, in the order of the file. Call it once, when the expectations are met: it uses up the
   * memory of what was read.
   * @throws DomainError `dataset-invalid`
   */
  table(): LearningTable;
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

  /**
   * Reads all rows of a version. Memory: four bytes per row and input, as long as that is less than TRAINING_TABLE_MEMORY, else a group of
   * rows and one column; and what is kept in memory of every row: target, weight, group, time, texts.
   * @throws DomainError `dataset-not-found`, `dataset-version-not-found`, `dataset-invalid`, `artifact-corrupt`, `service-unavailable`
   */
  async load({ name, version: number }: DatasetReference, actor: Actor): Promise<LoadedVersion> {
    const latest = number ?? (await this.registry.latestDatasetVersion(name, actor));
    const version = await this.registry.datasetVersion(name, latest, actor);
    const { definition, expectations, rows } = version;
    const inputs = inputsOf(definition).length;
    const isLarge = Float32Array.BYTES_PER_ELEMENT * rows * inputs > this.config.data.tableBytesMax;
    const spool = isLarge ? await ColumnSpool.create(this.config.data.cacheDir, rows, inputs) : null;
    const dispose = async (): Promise<void> => spool?.dispose();
    try {
      const target = { store: spool ?? new MemoryStore(rows, inputs), flush: async () => spool?.flush() };
      const raw = await this.read(version, target, actor);
      return {
        version,
        expectations: await checkTable(raw, definition, expectations),
        digest: createHash('sha256')
          .update(JSON.stringify([version.digest, version.form, definition]))
          .digest('hex'),
        spool: spool?.place ?? null,
        table: () => shapeTable(raw, definition),
        dispose,
      };
    } catch (error) {
      await dispose();
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
