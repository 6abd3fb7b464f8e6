import type { InferenceSession, Tensor as TensorType } from 'onnxruntime-node';
import { type InputSample, type SessionOptions, SessionThread, ThreadLost } from './session-thread.js';

/** Runs one graph: rows in, the probability of the positive class for each out. */
export interface Scorer {
  readonly inputs: number;
  /** Most rows of one run, >= 1. */
  readonly batchRowsMax: number;
  /** Where rows are written before a run, row by row, `batchRowsMax * inputs` long. Not touched while a run is under way. */
  readonly features: Float32Array;
  /**
   * Runs the first `rows` rows of `features`. One run at a time. The result is valid until the next run.
   * @throws Error when the graph fails
   */
  run(rows: number): Promise<Float32Array>;
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
  readonly samples: readonly InputSample[];
  readonly batchRowsMax: number;
}

/** Runs on the event loop: for graphs whose runs take less than a thread's round trip would disturb. */
export class InlineScorer implements Scorer {
  readonly inputs: number;
  readonly batchRowsMax: number;
  readonly features: Float32Array;
  private readonly session: InferenceSession;
  private readonly tensor: typeof TensorType;

  private constructor(session: InferenceSession, tensor: typeof TensorType, plan: ScorerPlan) {
    this.session = session;
    this.tensor = tensor;
    this.inputs = plan.samples.length;
    this.batchRowsMax = plan.batchRowsMax;
    this.features = new Float32Array(this.batchRowsMax * this.inputs);
  }

  static async open(plan: ScorerPlan): Promise<InlineScorer> {
    const { InferenceSession, Tensor } = await import('onnxruntime-node');
    const session = await InferenceSession.create(await plan.read(), SESSION_OPTIONS);
    return new InlineScorer(session, Tensor, plan);
  }

  async run(rows: number): Promise<Float32Array> {
    const input = new this.tensor('float32', this.features.subarray(0, rows * this.inputs), [rows, this.inputs]);
    const { probability } = await this.session.run({ features: input }, ['probability']);
    return probability?.data as Float32Array; // the type was checked when the graph was examined
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

/** Runs in a thread of the pool; rows and probabilities lie in shared memory, so a run costs two small messages. */
export class ThreadScorer implements Scorer {
  readonly inputs: number;
  readonly batchRowsMax: number;
  readonly features: Float32Array;
  private readonly probabilities: Float32Array;
  private readonly options: ThreadScorerOptions;
  private readonly graph = nextGraph++;
  private readonly place: number;
  private thread: SessionThread | undefined;

  private constructor(options: ThreadScorerOptions) {
    this.options = options;
    this.inputs = options.samples.length;
    this.batchRowsMax = options.batchRowsMax;
    this.features = new Float32Array(new SharedArrayBuffer(this.batchRowsMax * this.inputs * 4));
    this.probabilities = new Float32Array(new SharedArrayBuffer(this.batchRowsMax * 4));
    this.place = options.pool.assignPlace();
  }

  static async open(options: ThreadScorerOptions): Promise<ThreadScorer> {
    const scorer = new ThreadScorer(options);
    await scorer.load();
    return scorer;
  }

  async run(rows: number): Promise<Float32Array> {
    if (!this.thread || this.thread.isLost) await this.load();
    if (!this.thread) throw new ThreadLost('The ONNX thread is gone.');
    await this.thread.ask({ type: 'run', graph: this.graph, rows }, this.options.runTimeoutMs);
    return this.probabilities.subarray(0, rows);
  }

  async close(): Promise<void> {
    const { thread } = this;
    this.thread = undefined;
    if (thread && !thread.isLost) await thread.ask({ type: 'release', graph: this.graph }, this.options.loadTimeoutMs);
  }

  private async load(): Promise<void> {
    const { pool, read, samples, batchRowsMax, loadTimeoutMs } = this.options;
    const bytes = await read();
    const thread = pool.at(this.place);
    await thread.ask(
      {
        type: 'load',
        purpose: 'serve',
        graph: this.graph,
        bytes,
        options: SESSION_OPTIONS,
        samples,
        batchRowsMax,
        features: this.features.buffer as SharedArrayBuffer, // made in the constructor
        probabilities: this.probabilities.buffer as SharedArrayBuffer, // made in the constructor
      },
      loadTimeoutMs,
    );
    this.thread = thread;
  }
}
