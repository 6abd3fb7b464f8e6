import { openDirectSession, type RunnableSession } from './direct-session.js';
import { type GraphShape, type SessionOptions, SessionThread, ThreadLost } from './session-thread.js';
import type { runRows as RunRows } from './session-worker.js';

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
    const { runRows } = await import('./session-worker.js'); // late, since it brings the runtime with it
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

/** The threads that larger graphs share; started when the first of them comes, started anew when one dies. */
export class ThreadPool {
  private readonly threads: (SessionThread | undefined)[];
  private next = 0;

  /** @param size threads, >= 1 */
  constructor(size: number) {
    this.threads = new Array<SessionThread | undefined>(size).fill(undefined);
  }

  /** Every graph keeps one place, so that its rows stay in one thread's memory. */
  assignPlace(): number {
    const place = this.next;
    this.next = (place + 1) % this.threads.length;
    return place;
  }

  at(place: number): SessionThread {
    let thread = this.threads[place];
    if (!thread || thread.isLost) {
      thread = new SessionThread();
      this.threads[place] = thread;
    }
    return thread;
  }

  close(): void {
    for (const thread of this.threads) thread?.end();
  }
}

let nextGraph = 1;

export interface ThreadScorerOptions extends ScorerPlan {
  readonly pool: ThreadPool;
  readonly loadTimeoutMs: number;
  /** A run that takes longer ends its thread; the thread's graphs are loaded again when they are needed. */
  readonly runTimeoutMs: number;
}

/** Runs in a thread of the pool; rows and answers lie in shared memory, so a run costs two small messages. */
export class ThreadScorer implements Scorer {
  readonly shape: GraphShape;
  readonly batchRowsMax: number;
  readonly features: Float32Array;
  private readonly answers: Float32Array;
  private readonly options: ThreadScorerOptions;
  private readonly graph = nextGraph++;
  private readonly place: number;
  private thread: SessionThread | undefined;

  private constructor(options: ThreadScorerOptions) {
    this.options = options;
    this.shape = options.shape;
    this.batchRowsMax = options.batchRowsMax;
    this.features = new Float32Array(new SharedArrayBuffer(this.batchRowsMax * this.shape.samples.length * 4));
    this.answers = new Float32Array(new SharedArrayBuffer(this.batchRowsMax * this.shape.width * 4));
    this.place = options.pool.assignPlace();
  }

  static async open(options: ThreadScorerOptions): Promise<ThreadScorer> {
    const scorer = new ThreadScorer(options);
    await scorer.load();
    return scorer;
  }

  async run(rows: number, texts: readonly string[] | null): Promise<Float32Array> {
    if (!this.thread || this.thread.isLost) await this.load();
    if (!this.thread) throw new ThreadLost('The ONNX thread is gone.');
    await this.thread.ask({ type: 'run', graph: this.graph, rows, texts }, this.options.runTimeoutMs);
    return this.answers.subarray(0, rows * this.shape.width);
  }

  async close(): Promise<void> {
    const { thread } = this;
    this.thread = undefined;
    if (thread && !thread.isLost) await thread.ask({ type: 'release', graph: this.graph }, this.options.loadTimeoutMs);
  }

  private async load(): Promise<void> {
    const { pool, read, shape, batchRowsMax, loadTimeoutMs } = this.options;
    const bytes = await read();
    const thread = pool.at(this.place);
    await thread.ask(
      {
        type: 'load',
        purpose: 'serve',
        graph: this.graph,
        bytes,
        options: SESSION_OPTIONS,
        shape,
        batchRowsMax,
        features: this.features.buffer as SharedArrayBuffer, // made in the constructor
        answers: this.answers.buffer as SharedArrayBuffer, // made in the constructor
      },
      loadTimeoutMs,
    );
    this.thread = thread;
  }
}
