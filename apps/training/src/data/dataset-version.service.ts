import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, rm, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Actor, DatasetVersion } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import { CONFIG } from '@gimbal/platform';
import { inputsOf } from '@gimbal/tabular';
import { Inject, Injectable } from '@nestjs/common';
import { RegistryClient } from '../clients/registry.client.js';
import type { TrainingConfig } from '../config.js';
import { type TaskOptions, WorkerPool } from '../learning-workers/worker-pool.js';
import { planSpool, type SpoolPlace } from './column-spool.js';
import type { LoadedTable } from './load-table.js';
import { openColumns } from './stored-table.js';

/** A version of a registered dataset; without a number the latest. */
export interface DatasetReference {
  readonly name: string;
  readonly version?: number | undefined;
}

/** Where the inputs of a version are put: into memory that worker threads share, or on the disk. */
export type Storage = 'memory' | 'disk';

/** The rows of a version, held against what is expected of them. */
export interface LoadedVersion extends LoadedTable {
  readonly version: DatasetVersion;
  /** SHA-256 over the content and the definition in force: what a training has learned from. */
  readonly digest: string;
  /** To be called at the end, however it is: removes what lies on the disk. */
  dispose(): Promise<void>;
}

/** Reads registered datasets: streamed out of the registry's artifact store onto the disk, and from there into columns by a worker thread. */
@Injectable()
export class DatasetVersionService {
  constructor(
    private readonly registry: RegistryClient,
    private readonly pool: WorkerPool,
    @Inject(CONFIG) private readonly config: Pick<TrainingConfig, 'data'>,
  ) {}

  /** @throws DomainError `dataset-not-found`, `dataset-version-not-found`, `service-unavailable` */
  async find({ name, version }: DatasetReference, actor: Actor): Promise<DatasetVersion> {
    const number = version ?? (await this.registry.latestDatasetVersion(name, actor));
    return await this.registry.datasetVersion(name, number, actor);
  }

  /** @throws DomainError `dataset-invalid`, `artifact-corrupt`, `service-unavailable`; WorkerLostError, the reason of the signal */
  async load(version: DatasetVersion, storage: Storage, actor: Actor, options: TaskOptions): Promise<LoadedVersion> {
    const { cacheDir } = this.config.data;
    await mkdir(cacheDir, { recursive: true });
    const inputs = inputsOf(version.definition).length;
    const spool = storage === 'disk' ? await planSpool(cacheDir, version.rows, inputs) : null;
    try {
      const { expectations, table } = await this.read(version, spool, actor, options);
      const opened = table?.spooled && openColumns(table, table.spooled);
      return {
        ...{ version, expectations, digest: digestOf(version) },
        table: table && opened ? { ...table, columns: opened.columns } : table,
        dispose: async () => {
          opened?.close();
          await remove(spool);
        },
      };
    } catch (error) {
      await remove(spool);
      throw error;
    }
  }

  private async read(
    version: DatasetVersion,
    spool: SpoolPlace | null,
    actor: Actor,
    options: TaskOptions,
  ): Promise<LoadedTable> {
    const path = join(this.config.data.cacheDir, `${randomUUID()}.download`);
    const file = await open(path, 'wx+', 0o600);
    try {
      await unlink(path); // gone with the process, however it ends
      await this.download(version, file, actor, options);
      const { size } = await file.stat();
      return await this.pool.run({ kind: 'load', version, descriptor: file.fd, bytes: size, spool }, options);
    } finally {
      await file.close();
    }
  }

  private async download(
    { digest }: DatasetVersion,
    file: FileHandle,
    actor: Actor,
    { signal }: TaskOptions,
  ): Promise<void> {
    try {
      const content = await this.registry.openArtifact(digest, actor, signal);
      for await (const chunk of proven(content, digest)) await file.appendFile(chunk);
    } catch (error) {
      signal.throwIfAborted(); // an aborted call fails with another error
      throw error;
    }
  }
}

const digestOf = ({ digest, form, definition }: DatasetVersion): string =>
  createHash('sha256')
    .update(JSON.stringify([digest, form, definition]))
    .digest('hex');

async function remove(spool: SpoolPlace | null): Promise<void> {
  if (spool) await rm(spool.path, { force: true });
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
