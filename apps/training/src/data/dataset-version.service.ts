import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Actor, DatasetVersion } from '@gimbal/contracts';
import { DomainError, type ExpectationResult } from '@gimbal/domain';
import { CONFIG } from '@gimbal/platform';
import {
  CsvReader,
  checkTable,
  type LearningTable,
  ParquetReader,
  type RawTable,
  shapeTable,
  TableBuilder,
} from '@gimbal/tabular';
import { Inject, Injectable } from '@nestjs/common';
import { RegistryClient } from '../clients/registry.client.js';
import type { TrainingConfig } from '../config.js';

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
  /**
   * The table in the form in which it is learned, in the order of the file. Call it once, when the expectations are met: it uses up the
   * memory of what was read.
   * @throws DomainError `dataset-invalid`
   */
  table(): LearningTable;
}

/** Reads registered datasets: streamed out of the registry's artifact store into columns, checked before anything is learned. */
@Injectable()
export class DatasetVersionService {
  constructor(
    private readonly registry: RegistryClient,
    @Inject(CONFIG) private readonly config: Pick<TrainingConfig, 'data'>,
  ) {}

  /**
   * Reads all rows of a version. Memory: four bytes per row and input, and no more than a block of the file besides.
   * @throws DomainError `dataset-not-found`, `dataset-version-not-found`, `dataset-invalid`, `artifact-corrupt`, `service-unavailable`
   */
  async load({ name, version: number }: DatasetReference, actor: Actor): Promise<LoadedVersion> {
    const version = await this.registry.datasetVersion(
      name,
      number ?? (await this.registry.latestDatasetVersion(name, actor)),
      actor,
    );
    const raw = await this.read(version, actor);
    const { definition, expectations } = version;
    return {
      version,
      expectations: checkTable(raw, definition, expectations),
      digest: createHash('sha256')
        .update(JSON.stringify([version.digest, version.form, definition]))
        .digest('hex'),
      table: () => shapeTable(raw, definition),
    };
  }

  private async read(version: DatasetVersion, actor: Actor): Promise<RawTable> {
    const content = proven(await this.registry.openArtifact(version.digest, actor), version.digest);
    if (version.form.format === 'csv') return await readCsvRows(version, content);
    // The description of a Parquet file is at its end: it is read from the disk.
    const path = join(this.config.data.cacheDir, `${randomUUID()}.parquet`);
    await mkdir(this.config.data.cacheDir, { recursive: true });
    const file = await open(path, 'wx+', 0o600);
    try {
      await unlink(path); // gone with the process, however it ends
      for await (const chunk of content) await file.appendFile(chunk);
      return await readParquetRows(version, file);
    } finally {
      await file.close();
    }
  }
}

async function readCsvRows(
  { definition, form, rows, fileName }: DatasetVersion,
  content: AsyncIterable<Uint8Array>,
): Promise<RawTable> {
  const builder = new TableBuilder(definition, rows, fileName);
  const { delimiter, decimal, encoding, header } = form;
  const reader = new CsvReader({
    file: fileName,
    form: {
      ...(delimiter !== null && { delimiter }),
      ...(decimal !== null && { decimal }),
      ...(encoding !== null && { encoding }),
      ...(header !== null && { header }),
    },
    missingTokens: definition.missingTokens,
    reading: builder.readingOf,
  });
  for await (const chunk of content) {
    const block = reader.push(chunk);
    if (block) builder.take(block, reader.columns);
  }
  const block = reader.end();
  if (block) builder.take(block, reader.columns);
  return builder.finish();
}

async function readParquetRows({ definition, rows, fileName }: DatasetVersion, file: FileHandle): Promise<RawTable> {
  const builder = new TableBuilder(definition, rows, fileName);
  const { size } = await file.stat();
  const source = { bytes: size, slice: (start: number, end: number) => readRange(file, start, end) };
  const reader = await ParquetReader.open(source, {
    file: fileName,
    missingTokens: definition.missingTokens,
    reading: builder.readingOf,
  });
  for await (const block of reader.blocks()) builder.take(block, reader.columns);
  return builder.finish();
}

async function readRange(file: FileHandle, start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(end - start);
  for (let offset = 0; offset < bytes.length; ) {
    const { bytesRead } = await file.read(bytes, offset, bytes.length - offset, start + offset);
    if (bytesRead === 0) throw new DomainError('dataset-invalid', 'The file ends before its description says.');
    offset += bytesRead;
  }
  return bytes;
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
