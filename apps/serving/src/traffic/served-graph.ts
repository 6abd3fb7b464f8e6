import { DomainError } from '@gimbal/domain';
import type { BatchLimit } from '../inference/batch-limit.js';
import { type Batcher, ORDINARY, type Urgency } from '../inference/batcher.js';
import type { OpenedScorer } from '../inference/open-scorer.js';
import { GraphRefused, HostCutShort } from '../inference/session-host.js';
import type { VersionStatistics } from '../inference/version-statistics.js';
import type { CircuitBreaker } from '../predict/circuit-breaker.js';
import type { Resident } from './model-memory.js';

/** A graph in memory. */
export interface LoadedGraph {
  readonly opened: OpenedScorer;
  readonly batcher: Batcher;
  /** How many rows run together now. */
  readonly limit: BatchLimit;
}

export interface ServedGraphOptions {
  /** SHA-256 of the model file. */
  readonly digest: string;
  /** The model file, from the disk; from the registry only when the disk has lost it. */
  readonly readFile: () => Promise<Uint8Array>;
  readonly breaker: CircuitBreaker;
  readonly statistics: VersionStatistics;
  /** Brings the graph into memory. @throws GraphRefused when the file can't be served as it is, else what may not happen again */
  readonly open: (graph: ServedGraph) => Promise<LoadedGraph>;
  /** Told at once when it gives its memory back. */
  readonly onUnloaded: (graph: ServedGraph) => void;
  /** Longest time that a request waits for the graph to be loaded. */
  readonly waitMs: number;
  /** Most rows that wait for that. */
  readonly waitingRowsMax: number;
  /** Pause after a load that failed; a longer one after a load that was cut short. */
  readonly retryMs: number;
}

/** Of the pauses after loads that were cut short, which take what the machine has until then. */
const PAUSE_MS_MAX = 3_600_000;

interface LoadFailure {
  readonly error: unknown;
  /** For so long it is not tried again. */
  readonly pauseMs: number;
  readonly retryAtMs: number;
}

/**
 * The graph of one version, whatever its threshold. It is loaded when rows come for it, and unloaded when its memory is needed; what is
 * counted of it, and its breaker, live on.
 */
export class ServedGraph implements Resident {
  readonly digest: string;
  readonly readFile: () => Promise<Uint8Array>;
  readonly breaker: CircuitBreaker;
  readonly statistics: VersionStatistics;
  private readonly options: ServedGraphOptions;
  private loaded: LoadedGraph | undefined;
  private loading: Promise<LoadedGraph> | undefined;
  private closing: Promise<void> = Promise.resolve();
  private failure: LoadFailure | undefined;
  private isClosed = false;
  private waitingRows = 0;
  private loadedAtMs = 0;
  private answeredBefore = 0;

  constructor(options: ServedGraphOptions) {
    this.options = options;
    this.digest = options.digest;
    this.readFile = options.readFile;
    this.breaker = options.breaker;
    this.statistics = options.statistics;
  }

  /** What was found out about the graph; undefined while it is not loaded. */
  get opened(): OpenedScorer | undefined {
    return this.loaded?.opened;
  }

  get state(): 'loaded' | 'loading' | 'unloaded' {
    return this.loaded ? 'loaded' : this.loading ? 'loading' : 'unloaded';
  }

  /** Why it could not be loaded the last time; undefined when nothing is known against it. */
  get fault(): string | undefined {
    return this.failure && reasonOf(this.failure.error);
  }

  /** It could not be loaded a moment ago, or never can be: for now it is not even tried. */
  get isOut(): boolean {
    return this.failure !== undefined && performance.now() < this.failure.retryAtMs;
  }

  get isBusy(): boolean {
    return this.waitingRows > 0 || this.loading !== undefined || this.loaded?.batcher.isBusy === true;
  }

  /** Most rows of the next run; undefined while it is not loaded. */
  get batchRows(): number | undefined {
    return this.loaded?.limit.rows;
  }

  /** Rows that wait or run. */
  get rowsUnderWay(): number {
    return this.waitingRows + (this.loaded?.batcher.rowsUnderWay ?? 0);
  }

  get usedAtMs(): number {
    return Math.max(this.loadedAtMs, this.statistics.lastAnsweredAtMs);
  }

  get answered(): number {
    return this.statistics.success.count - this.answeredBefore;
  }

  /**
   * Runs rows, once the graph is loaded; see {@link Batcher.score}.
   * @throws DomainError as that; `no-model-available` when it cannot be loaded, or not in time
   */
  score(
    features: Float32Array,
    rows: number,
    texts: readonly string[] | null = null,
    urgency: Urgency = ORDINARY,
  ): Promise<Float32Array> {
    if (this.loaded) return this.loaded.batcher.score(features, rows, texts, urgency);
    return this.scoreOnceLoaded(features, rows, texts, urgency);
  }

  /** Loads the graph unless it is loaded. Whoever asks meanwhile shares one load. @throws what `open` throws, also for a while after */
  load(): Promise<LoadedGraph> {
    if (this.loaded) return Promise.resolve(this.loaded);
    if (this.isClosed)
      return Promise.reject(new DomainError('no-model-available', 'The version was taken out of traffic.'));
    if (this.isOut) return Promise.reject(this.failure?.error);
    this.loading ??= this.open().finally(() => {
      this.loading = undefined;
    });
    return this.loading;
  }

  /** Frees its memory when its last rows are answered; the next rows load it again. */
  unload(): void {
    const { loaded } = this;
    if (!loaded) return;
    this.loaded = undefined;
    this.options.onUnloaded(this);
    this.closing = loaded.batcher.idle().then(() => loaded.opened.scorer.close());
    this.closing.catch(() => undefined); // told to whoever closes
  }

  /** After a load that failed: tries anew when its pause is over, while others answer. What comes of it is told by `fault`. */
  tryAgain(): void {
    if (this.failure && !this.isOut) this.load().catch(() => undefined); // the next pause began
  }

  /** Unloads it for good. @throws what the runtime says when it cannot be freed */
  async close(): Promise<void> {
    this.isClosed = true;
    await this.loading?.catch(() => undefined);
    this.unload();
    await this.closing;
  }

  private async open(): Promise<LoadedGraph> {
    const beganMs = performance.now();
    try {
      const loaded = await this.options.open(this);
      this.failure = undefined;
      this.loadedAtMs = Date.now();
      this.answeredBefore = this.statistics.success.count;
      this.loaded = loaded;
      return loaded;
    } catch (error) {
      const nowMs = performance.now();
      const pauseMs = this.pauseAfter(error, nowMs - beganMs);
      this.failure = { error, pauseMs, retryAtMs: nowMs + pauseMs };
      throw error;
    }
  }

  private async scoreOnceLoaded(
    features: Float32Array,
    rows: number,
    texts: readonly string[] | null,
    urgency: Urgency,
  ): Promise<Float32Array> {
    if (this.waitingRows + rows > this.options.waitingRowsMax)
      throw new DomainError('overloaded', 'Too many rows wait for this model to be loaded; try again shortly.');
    this.waitingRows += rows;
    try {
      const { batcher } = await this.loadInTime();
      return await batcher.score(features, rows, texts, urgency);
    } finally {
      this.waitingRows -= rows;
    }
  }

  /** @param tookMs time of the load, which a pause is never shorter than when all of it was in vain */
  private pauseAfter(error: unknown, tookMs: number): number {
    if (error instanceof GraphRefused) return Number.POSITIVE_INFINITY;
    const { retryMs } = this.options;
    if (!(error instanceof HostCutShort)) return retryMs;
    const lastMs = this.failure?.error instanceof HostCutShort ? this.failure.pauseMs : 0;
    return Math.min(Math.max(2 * lastMs, tookMs, retryMs), PAUSE_MS_MAX);
  }

  private async loadInTime(): Promise<LoadedGraph> {
    const { waitMs } = this.options;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new DomainError('no-model-available', 'The model is being loaded; try again shortly.')),
        waitMs,
      );
    });
    const loading = this.load().catch((error: unknown) => {
      throw new DomainError('no-model-available', 'The model cannot be loaded.', { cause: error });
    });
    try {
      return await Promise.race([loading, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Why a load failed, for people. */
export function reasonOf(error: unknown): string {
  if (error instanceof DomainError) return error.detail;
  return error instanceof Error ? error.message : String(error);
}
