import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDomainError } from '@gimbal/domain';
import { type ArtifactStore, FileArtifactStore, Gate, type Logger } from '@gimbal/platform';
import { BatchLimit } from '../inference/batch-limit.js';
import { Batcher } from '../inference/batcher.js';
import { openScorer, type ScorerSettings } from '../inference/open-scorer.js';
import { VersionStatistics } from '../inference/version-statistics.js';
import { WaitingRows } from '../inference/waiting-rows.js';
import { type BreakerLimits, CircuitBreaker } from '../predict/circuit-breaker.js';
import { estimateMemory } from './estimate-memory.js';
import type { ManifestCheck } from './manifest-check.js';
import type { ModelMemory } from './model-memory.js';
import type { RegistryClient } from './registry.client.js';
import { type LoadedGraph, reasonOf, ServedGraph } from './served-graph.js';
import type { PlannedVersion } from './served-models.js';
import { type FileLimits, sweepFiles, timesOfUse } from './sweep-files.js';

export interface VersionLoaderOptions {
  readonly directory: string;
  readonly artifactBytesMax: number;
  readonly fileLimits: FileLimits;
  readonly memory: ModelMemory;
  readonly scorer: ScorerSettings;
  readonly waitingRowsMax: number;
  readonly waitingRowsTotal: number;
  readonly queueTimeoutMs: number;
  /** Longest time that a request waits for its model to be loaded. */
  readonly loadWaitMs: number;
  /** Pause after a load that failed. */
  readonly retryMs: number;
  readonly breaker: BreakerLimits;
  readonly registry: Pick<RegistryClient, 'fetchArtifact'>;
  readonly manifests: Pick<ManifestCheck, 'check'>;
  readonly logger: Logger;
}

/** What comes from the network waits apart from what only has to be opened. */
const FETCHES_AT_ONCE = 4;
const OPENS_AT_ONCE = 4;

/** Looking at every file costs some milliseconds: changes that come together share it. */
const SWEEP_DELAY_MS = 5_000;

/** Makes a version of the plan ready to answer: its file fetched and kept, checked, examined, warmed up. */
export class VersionLoader {
  private readonly options: VersionLoaderOptions;
  private readonly fetching = new Gate(FETCHES_AT_ONCE);
  private readonly opening = new Gate(OPENS_AT_ONCE);
  private readonly waiting: WaitingRows;
  private store: Promise<ArtifactStore> | undefined;
  /** Digests; undefined before a plan is known. */
  private planned: ReadonlySet<string> | undefined;
  private sweeping: NodeJS.Timeout | undefined;

  constructor(options: VersionLoaderOptions) {
    this.options = options;
    this.waiting = new WaitingRows(options.waitingRowsTotal);
  }

  /** The graph of a version, not loaded yet. */
  graphOf(modelName: string, planned: PlannedVersion): ServedGraph {
    const { breaker, waitingRowsMax, loadWaitMs: waitMs, retryMs, memory } = this.options;
    const digest = planned.artifactDigest;
    return new ServedGraph({
      digest,
      readFile: () => this.obtain(digest),
      breaker: new CircuitBreaker(breaker),
      statistics: new VersionStatistics(),
      open: (graph) => this.open(modelName, planned, graph),
      onUnloaded: (graph) => {
        memory.giveBack(graph);
        const { logger } = this.options;
        logger.info({ model: modelName, version: planned.version }, 'version unloaded');
        this.noteUse(digest, graph.usedAtMs);
      },
      waitMs,
      waitingRowsMax,
      retryMs,
    });
  }

  /** When files were last loaded or, where that is known, last used; by digest, in ms since 1970. */
  async timesOfUse(): Promise<ReadonlyMap<string, number>> {
    return timesOfUse(await this.folder('reports'));
  }

  /** Says which files a traffic plan names. Files beyond the limits are deleted soon after, and after each one that is fetched. */
  keepFiles(planned: ReadonlySet<string>): void {
    this.planned = planned;
    this.sweepSoon();
  }

  close(): void {
    clearTimeout(this.sweeping);
    this.planned = undefined;
  }

  private sweepSoon(): void {
    if (!this.planned) return;
    this.sweeping ??= setTimeout(() => {
      this.sweeping = undefined;
      this.sweep().catch((error: unknown) =>
        this.options.logger.warn({ err: error }, 'old model files cannot be deleted'),
      );
    }, SWEEP_DELAY_MS).unref();
  }

  private async sweep(): Promise<void> {
    const { planned } = this;
    if (!planned) return;
    const { fileLimits: limits } = this.options;
    await sweepFiles({ reports: await this.folder('reports'), store: await this.artifacts(), planned, limits });
  }

  /**
   * @throws GraphRefused when the file can't be served as it is; else what may go better another time: it is not what its manifest says, can't be
   *   fetched, or took too long
   */
  private async open(modelName: string, planned: PlannedVersion, graph: ServedGraph): Promise<LoadedGraph> {
    const { memory, manifests, logger } = this.options;
    try {
      await manifests.check(modelName, planned);
      await this.fetchMissing(planned.artifactDigest);
      return await this.opening.pass(() => this.openFile(modelName, planned, graph));
    } catch (error) {
      memory.giveBack(graph);
      const level = graph.fault === reasonOf(error) ? 'debug' : 'error'; // it is tried every few seconds while rows come
      logger[level]({ err: error, model: modelName, version: planned.version }, 'version cannot be loaded');
      throw error;
    }
  }

  private async openFile(modelName: string, planned: PlannedVersion, graph: ServedGraph): Promise<LoadedGraph> {
    const { memory, scorer, waitingRowsMax, queueTimeoutMs, logger } = this.options;
    const { artifactDigest: digest, version } = planned;
    const began = performance.now();
    const bytes = await this.obtain(digest);
    const memoryBytes = estimateMemory(bytes);
    memory.take(graph, memoryBytes);
    let first: Uint8Array | undefined = bytes; // read from disk only when it is needed again
    const read = async (): Promise<Uint8Array> => {
      const held = first;
      first = undefined;
      return held ?? this.obtain(digest);
    };
    const opened = await openScorer({ read, reportPath: await this.reportPath(digest) }, planned.signature, scorer);
    first = undefined;
    const { breaker, statistics } = graph;
    const limit = new BatchLimit(opened.scorer.batchRowsMax, scorer.runMsMax, opened.report.runMsByRows);
    const batcher = new Batcher({
      ...{ scorer: opened.scorer, limit, waitingRowsMax, waiting: this.waiting, queueTimeoutMs, statistics },
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
        batchable: report.certificate.batchable,
        batch_rows: opened.scorer.batchRowsMax,
        memory_bytes: memoryBytes,
        duration_ms: Math.round(performance.now() - began),
      },
      'version loaded',
    );
    this.noteUse(digest, Date.now());
    return { opened, batcher, limit };
  }

  /** For the order in which models are loaded at the next start, and files given up. */
  private noteUse(digest: string, atMs: number): void {
    const at = new Date(atMs);
    this.reportPath(digest)
      .then((path) => utimes(path, at, at))
      .catch(() => undefined); // only that order is lost
  }

  private async fetchMissing(digest: string): Promise<void> {
    const store = await this.artifacts();
    if (await store.find(digest)) return;
    await this.fetching.pass(() => this.fetch(digest));
  }

  private async obtain(digest: string): Promise<Uint8Array> {
    const store = await this.artifacts();
    try {
      return await store.read(digest);
    } catch (error) {
      if (!isDomainError(error, 'artifact-not-found') && !isDomainError(error, 'artifact-corrupt')) throw error;
    }
    return this.fetch(digest);
  }

  private async fetch(digest: string): Promise<Uint8Array> {
    const store = await this.artifacts();
    const bytes = await this.options.registry.fetchArtifact(digest);
    // Files are given up by their reports: one that is refused never gets any other than this empty one.
    await writeFile(await this.reportPath(digest), '', { flag: 'a', mode: 0o600 });
    await store.put(bytes, { expectedDigest: digest });
    this.sweepSoon();
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

  private async reportPath(digest: string): Promise<string> {
    return join(await this.folder('reports'), `${digest}.json`);
  }

  private async folder(name: string): Promise<string> {
    const path = join(this.options.directory, name);
    await mkdir(path, { recursive: true, mode: 0o700 });
    return path;
  }
}
