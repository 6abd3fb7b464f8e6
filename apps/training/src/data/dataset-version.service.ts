import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { Actor, DatasetVersion } from '@gimbal/contracts';
import { DomainError, type ExpectationResult } from '@gimbal/domain';
import { CsvReader, checkTable, type LearningTable, type RawTable, shapeTable, TableBuilder } from '@gimbal/tabular';
import { Injectable } from '@nestjs/common';
import { RegistryClient } from '../clients/registry.client.js';

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
  constructor(private readonly registry: RegistryClient) {}

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
    const raw = await readRows(version, await this.registry.openArtifact(version.digest, actor));
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
}

async function readRows(
  { definition, form, rows, fileName, digest }: DatasetVersion,
  content: Readable,
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
  const hash = createHash('sha256');
  for await (const chunk of content) {
    hash.update(chunk);
    const block = reader.push(chunk);
    if (block) builder.take(block, reader.columns);
  }
  const block = reader.end();
  if (block) builder.take(block, reader.columns);
  if (hash.digest('hex') !== digest)
    throw new DomainError('artifact-corrupt', 'The file that came is not the one that the version names.');
  return builder.finish();
}
