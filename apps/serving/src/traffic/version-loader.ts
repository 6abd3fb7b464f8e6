import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isDomainError } from '@gimbal/domain';
import { type ArtifactStore, FileArtifactStore, type Logger } from '@gimbal/platform';
import { Batcher } from '../inference/batcher.js';
import { openScorer, type ScorerSettings } from '../inference/open-scorer.js';
import { VersionStatistics } from '../inference/version-statistics.js';
import { type BreakerLimits, CircuitBreaker } from '../predict/circuit-breaker.js';
import type { RegistryClient } from './registry.client.js';
import type { PlannedVersion, ServedGraph } from './served-models.js';

export interface VersionLoaderOptions {
  readonly directory: string;
  readonly artifactBytesMax: number;
  readonly artifactsKept: number;
  readonly scorer: ScorerSettings;
  readonly waitingRowsMax: number;
  readonly breaker: BreakerLimits;
  readonly registry: RegistryClient;
  readonly logger: Logger;
}

/** Makes a version of the plan ready to answer: its file fetched and kept, checked, examined, warmed up. */
export class VersionLoader {
  private readonly options: VersionLoaderOptions;
  private store: Promise<ArtifactStore> | undefined;

  constructor(options: VersionLoaderOptions) {
    this.options = options;
  }

  /**
   * @throws GraphRefused when the file can't be served as it is; DomainError when it can't be fetched or kept
   */
  async load(modelName: string, planned: PlannedVersion): Promise<ServedGraph> {
    const { scorer, waitingRowsMax, breaker: limits, logger } = this.options;
    const { artifactDigest: digest, version } = planned;
    const began = performance.now();
    const bytes = await this.obtain(digest);
    const reportPath = join(await this.folder('reports'), `${digest}.json`);
    let first: Uint8Array | undefined = bytes; // read from disk only when it is needed again
    const read = async (): Promise<Uint8Array> => {
      const held = first;
      first = undefined;
      return held ?? (await this.artifacts()).read(digest);
    };
    const opened = await openScorer({ read, reportPath }, planned.signature, scorer);
    first = undefined;
    const breaker = new CircuitBreaker(limits);
    const statistics = new VersionStatistics();
    const batcher = new Batcher({
      scorer: opened.scorer,
      waitingRowsMax,
      statistics,
      onOutcome: (outcome, error) => {
        const to = breaker.record(outcome, performance.now());
        if (to) logger.warn({ model: modelName, version, to, err: error }, 'circuit breaker changed');
      },
    });
    const { where, report } = opened;
    logger.info(
      {
        model: modelName,
        version,
        where,
        batchable: report.batchable,
        batch_rows: opened.scorer.batchRowsMax,
        duration_ms: Math.round(performance.now() - began),
      },
      'version loaded',
    );
    return { digest, readFile: () => this.obtain(digest), opened, batcher, breaker, statistics };
  }

  /** Deletes files of versions that are out of the plan, but for the newest few. */
  async sweep(digests: ReadonlySet<string>): Promise<void> {
    const reports = await this.folder('reports');
    const unused: { digest: string; mtimeMs: number }[] = [];
    for (const name of await readdir(reports)) {
      const digest = /^([0-9a-f]{64})\.json$/.exec(name)?.[1];
      if (digest !== undefined && !digests.has(digest))
        unused.push({ digest, mtimeMs: (await stat(join(reports, name))).mtimeMs });
    }
    unused.sort((left, right) => right.mtimeMs - left.mtimeMs);
    const store = await this.artifacts();
    for (const { digest } of unused.slice(this.options.artifactsKept)) {
      await store.remove(digest);
      await rm(join(reports, `${digest}.json`), { force: true });
    }
  }

  private async obtain(digest: string): Promise<Uint8Array> {
    const store = await this.artifacts();
    try {
      return await store.read(digest);
    } catch (error) {
      if (!isDomainError(error, 'artifact-not-found') && !isDomainError(error, 'artifact-corrupt')) throw error;
    }
    const bytes = await this.options.registry.fetchArtifact(digest);
    await store.put(bytes, { expectedDigest: digest });
    return bytes;
  }

  private artifacts(): Promise<ArtifactStore> {
    const { directory, artifactBytesMax } = this.options;
    this.store ??= FileArtifactStore.open({
      directory: join(directory, 'artifacts'),
      maxBytes: artifactBytesMax,
    }).catch((error: unknown) => {
      this.store = undefined;
      throw error;
    });
    return this.store;
  }

  private async folder(name: string): Promise<string> {
    const path = join(this.options.directory, name);
    await mkdir(path, { recursive: true, mode: 0o700 });
    return path;
  }
}
