import { openDirectSession, type RunnableSession } from './direct-session.js';
import type { HostPlace } from './host-places.js';
import type { runRows as RunRows } from './run-rows.js';
import type { GraphShape, SessionHost, SessionOptions } from './session-host.js';

/** Runs one graph: rows in, the numbers that answer each out. */
export interface Scorer {
  readonly shape: GraphShape;
  /** Most rows of one run, >= 1. */
  readonly batchRowsMax: number;
  /** Where rows are written before a run, row by row, `batchRowsMax` rows long. Not touched while a run is under way. */
  readonly features: Float32Array;
  /**
   * Runs the first `rows` rows of `features`, or `texts` when the graph takes free text. One run at a time. The result, `shape.width`
   * numbers a row, is valid until the next run.
   * @throws Error when the graph fails
   */
  run(rows: number, texts: readonly string[] | null): Promise<Float32Array>;
  /** Frees the graph; after the last run. */
  close(): Promise<void>;
}

/** One thread a run, no spinning, no arena that keeps what a large batch once needed. */
export const SESSION_OPTIONS: SessionOptions = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
  enableCpuMemArena: false,
  logSeverityLevel: 3,
};

export interface ScorerPlan {
  /** The ONNX file; called again when a thread has to load it anew. */
  readonly read: () => Promise<Uint8Array>;
  readonly shape: GraphShape;
  readonly batchRowsMax: number;
}

/** Runs on the event loop: for graphs whose runs take less than a thread's round trip would disturb. */
export class InlineScorer implements Scorer {
  readonly shape: GraphShape;
  readonly batchRowsMax: number;
  readonly features: Float32Array;
  private readonly session: RunnableSession;
  private readonly runRows: typeof RunRows;

  private constructor(session: RunnableSession, runRows: typeof RunRows, { shape, batchRowsMax }: ScorerPlan) {
    this.session = session;
    this.runRows = runRows;
    this.shape = shape;
    this.batchRowsMax = batchRowsMax;
    this.features = new Float32Array(batchRowsMax * shape.samples.length);
  }

  static async open(plan: ScorerPlan): Promise<InlineScorer> {
    const { InferenceSession } = await import('onnxruntime-node');
    const { runRows } = await import('./run-rows.js'); // late, since it brings the runtime with it
    const bytes = await plan.read();
    const session =
      openDirectSession(bytes, SESSION_OPTIONS) ?? (await InferenceSession.create(bytes, SESSION_OPTIONS));
    return new InlineScorer(session, runRows, plan);
  }

  run(count: number, texts: readonly string[] | null): Promise<Float32Array> {
    const features = this.features.subarray(0, count * this.shape.samples.length);
    return this.runRows(this.session, { count, features, texts }, this.shape);
  }

  close(): Promise<void> {
    return this.session.release();
  }
}

let nextGraph = 1;

export interface HostedScorerOptions extends ScorerPlan {
  /** Given up when the scorer is closed. */
  readonly place: HostPlace;
  readonly loadTimeoutMs: number;
  /** A run that takes longer ends its host; what that held is loaded again when it is needed. */
  readonly runTimeoutMs: number;
}

/** Runs in a thread, where rows and answers lie in shared memory and a run costs two small messages, or in a process. */
export class HostedScorer implements Scorer {
  readonly shape: GraphShape;
  readonly batchRowsMax: number;
  readonly features: Float32Array;
  private readonly answers: Float32Array;
  private readonly options: HostedScorerOptions;
  private readonly graph = nextGraph++;
  private host: SessionHost | undefined;

  private constructor(options: HostedScorerOptions) {
    this.options = options;
    this.shape = options.shape;
    this.batchRowsMax = options.batchRowsMax;
    const allocate = (numbers: number) =>
      new Float32Array(options.place.isShared ? new SharedArrayBuffer(numbers * 4) : new ArrayBuffer(numbers * 4));
    this.features = allocate(this.batchRowsMax * this.shape.samples.length);
    this.answers = allocate(this.batchRowsMax * this.shape.width);
  }

  static async open(options: HostedScorerOptions): Promise<HostedScorer> {
    const scorer = new HostedScorer(options);
    try {
      await scorer.load();
      return scorer;
    } catch (error) {
      options.place.leave();
      throw error;
    }
  }

  async run(rows: number, texts: readonly string[] | null): Promise<Float32Array> {
    const host = this.host && !this.host.isLost ? this.host : await this.load();
    const features = host.isShared ? undefined : this.features.subarray(0, rows * this.shape.samples.length);
    const { answers } = await host.ask(
      { type: 'run', graph: this.graph, rows, texts, ...(features && { features }) },
      this.options.runTimeoutMs,
    );
    return answers ?? this.answers.subarray(0, rows * this.shape.width);
  }

  async close(): Promise<void> {
    const { host } = this;
    this.host = undefined;
    try {
      if (host && !host.isLost) await host.ask({ type: 'release', graph: this.graph }, this.options.loadTimeoutMs);
    } finally {
      this.options.place.leave();
    }
  }

  private async load(): Promise<SessionHost> {
    const { place, read, shape, loadTimeoutMs } = this.options;
    const bytes = await read();
    const host = place.host();
    const shared = host.isShared && {
      features: this.features.buffer as SharedArrayBuffer, // made in the constructor
      answers: this.answers.buffer as SharedArrayBuffer, // made in the constructor
    };
    await host.ask(
      {
        type: 'load',
        purpose: 'serve',
        graph: this.graph,
        bytes,
        options: SESSION_OPTIONS,
        shape,
        shared: shared || null,
      },
      loadTimeoutMs,
    );
    this.host = host;
    return host;
  }
}
