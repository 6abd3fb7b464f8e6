import { createHash } from 'node:crypto';
import type { DatasetDefinition } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import { CONFIG } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { TrainingConfig } from '../config.js';
import { type TaskOptions, WorkerPool } from '../learning-workers/worker-pool.js';
import type { LoadedData } from './read-parts.js';
import { downloadFile, resolveDataset } from './resolve-dataset.js';
import { synthesizePart } from './synthesize-part.js';

/** Injects the dataset definitions by name, checked at start. */
export const DEFINITIONS = Symbol('training:dataset-definitions');
export type Definitions = ReadonlyMap<string, DatasetDefinition>;

/** The datasets that can be trained on. */
@Injectable()
export class DatasetService {
  private resolving: Promise<unknown> = Promise.resolve();

  constructor(
    @Inject(DEFINITIONS) private readonly definitions: Definitions,
    private readonly pool: WorkerPool,
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
   * @throws DomainError `dataset-not-found`, `dataset-invalid`; WorkerLostError, the reason of the signal
   */
  async load(name: string, parts: readonly string[], options: TaskOptions): Promise<LoadedData> {
    const definition = this.find(name, parts);
    const { origin, folder, parts: resolved } = await this.resolve(definition);
    const files = parts.map((part) => {
      const entry = resolved[part];
      if (!entry) throw new DomainError('dataset-not-found', `${name} was resolved without its part ${part}.`);
      return { name: part, file: entry.file, sha256: entry.sha256 };
    });
    const read = await this.pool.run({ kind: 'read-parts', definition, folder, files }, options);
    const digest = createHash('sha256')
      .update(JSON.stringify([name, files.map((part) => [part.name, part.sha256])]))
      .digest('hex');
    return { definition, origin, digest, ...read };
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
