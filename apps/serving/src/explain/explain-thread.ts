import { Worker } from 'node:worker_threads';
import type { Explanations } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';

/** Rows to be explained, and the file of the model that answered them. */
export interface ExplanationTask {
  readonly digest: string;
  readonly readFile: () => Promise<Uint8Array>;
  /** Names of the inputs, in the order of the columns. */
  readonly inputs: readonly string[];
  /** Row by row, NaN = missing; categories by their codes. */
  readonly features: Float32Array;
  readonly rows: number;
  /** For each row the output that is explained. */
  readonly outputs: Int32Array;
}

export interface ExplainedRows {
  readonly output: Explanations['output'];
  readonly calibrationIncluded: boolean;
  /** For each row, of its output. */
  readonly baseValues: Float64Array;
  /** Rows x inputs. */
  readonly contributions: Float64Array;
  /** What the kernel itself answers: rows x numbers that the graph gives for a row. */
  readonly answers: Float64Array;
}

export interface ThreadTask extends Omit<ExplanationTask, 'readFile'> {
  /** Null when the thread holds the model already. */
  readonly file: Uint8Array | null;
}
/** `code` is that of a `DomainError`, or `internal-error`. */
export type ThreadReply = { readonly held: readonly string[] } & (
  | { readonly done: ExplainedRows }
  | { readonly code: 'explanation-unavailable' | 'internal-error'; readonly detail: string }
);

export interface ExplainThreadOptions {
  /** Time for one request once the model's file was read, in ms. */
  readonly timeoutMs: number;
  /** Requests that may wait. */
  readonly waitingMax: number;
  /** Old space of the thread, in MiB: the trees of a large forest and what is prepared of them. */
  readonly memoryMb: number;
}

interface Pending {
  readonly resolve: (reply: ThreadReply) => void;
  readonly reject: (error: Error) => void;
}

/** A thread without work for this long (ms) gives its memory back. */
const IDLE_MS = 60_000;
/** Sources run in tests as they stand; a build has the compiled file. */
const WORKER_FILE = new URL(
  import.meta.url.endsWith('.ts') ? './explain-worker.ts' : './explain-worker.js',
  import.meta.url,
);

/** Explains rows in a thread of its own, one request after the other: seconds of work that no prediction has to wait for. */
export class ExplainThread {
  private worker: Worker | undefined;
  private held: readonly string[] = [];
  private waiting = 0;
  private last: Promise<unknown> = Promise.resolve();
  private idle: NodeJS.Timeout | undefined;
  private pending: Pending | undefined;

  /** @param script what the thread runs; it takes `ThreadTask` and answers `ThreadReply` */
  constructor(
    private readonly options: ExplainThreadOptions,
    private readonly script: URL = WORKER_FILE,
  ) {}

  /** @throws DomainError `overloaded`, `timeout`, `explanation-unavailable`, what reading the file throws */
  explain(task: ExplanationTask): Promise<ExplainedRows> {
    if (this.waiting >= this.options.waitingMax)
      return Promise.reject(new DomainError('overloaded', 'Too many explanations are waiting; try again shortly.'));
    this.waiting += 1;
    const turn = this.last
      .then(() => this.perform(task))
      .finally(() => {
        this.waiting -= 1;
      });
    this.last = turn.catch(() => undefined); // each caller hears of its own failure
    return turn;
  }

  async close(): Promise<void> {
    clearTimeout(this.idle);
    const { worker } = this;
    if (!worker) return;
    this.fail(worker, new DomainError('service-unavailable', 'Serving is being stopped.'));
    await worker.terminate();
  }

  private rest(): void {
    void this.worker?.terminate();
    this.worker = undefined;
  }

  private async perform({ readFile, ...task }: ExplanationTask): Promise<ExplainedRows> {
    clearTimeout(this.idle);
    const isHeld = this.worker !== undefined && this.held.includes(task.digest);
    const file = isHeld ? null : await readFile();
    const reply = await this.ask({ ...task, file });
    this.held = reply.held;
    this.idle = setTimeout(() => this.rest(), IDLE_MS).unref();
    if ('done' in reply) return reply.done;
    if (reply.code === 'internal-error') throw new Error(reply.detail);
    throw new DomainError(reply.code, reply.detail);
  }

  private ask(task: ThreadTask): Promise<ThreadReply> {
    const worker = this.worker ?? this.start();
    const { timeoutMs } = this.options;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        const failure = new DomainError('timeout', `It took longer than ${timeoutMs} ms; ask for fewer rows.`);
        this.fail(worker, failure);
      }, timeoutMs);
      this.pending = {
        resolve: (reply) => {
          clearTimeout(timer);
          resolve(reply);
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      };
      worker.postMessage(task);
    });
  }

  private start(): Worker {
    const worker = new Worker(this.script, {
      name: 'explain',
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: this.options.memoryMb },
    });
    worker.unref();
    worker.on('message', (reply: ThreadReply) => {
      if (this.worker === worker) this.pending?.resolve(reply); // one that was given up has nobody who waits for it
    });
    worker.on('error', (error) => this.fail(worker, explainLoss(error)));
    worker.on('exit', (code) => this.fail(worker, new Error(`The explaining thread ended with ${code}.`)));
    this.worker = worker;
    this.held = [];
    return worker;
  }

  /** Ends a thread and what waits for it; the next request starts another. */
  private fail(worker: Worker, failure: Error): void {
    if (this.worker !== worker) return;
    this.worker = undefined;
    this.pending?.reject(failure);
    void worker.terminate();
  }
}

function explainLoss(error: unknown): Error {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  if (code !== 'ERR_WORKER_OUT_OF_MEMORY') return new Error('The explaining thread failed.', { cause: error });
  return new DomainError(
    'explanation-unavailable',
    'The model is too large to be explained within the memory allowed.',
  );
}
