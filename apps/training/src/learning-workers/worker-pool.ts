import { Worker } from 'node:worker_threads';
import { DomainError } from '@gimbal/domain';
import { LearningError, type LearningErrorCode } from '@gimbal/learning';
import { isSpooled } from '../data/stored-table.js';
import type { LearningResult, LearningResults, LearningTask, TaskMessage, WorkerMessage } from './learning-task.js';

/** A worker without work for this long gives its memory back. */
const IDLE_MS = 5_000;
/** A task told to stop checks between steps of milliseconds; a worker that does not is given up, so that a second is enough for all. */
const STOP_GRACE_MS = 400;
/** ONNX Runtime takes the whole process with it when its thread is ended under it: such a task ends by itself, though nobody waits for it. */
const RUNS_ONNX: ReadonlySet<LearningTask['kind']> = new Set(['export', 'score', 'export-text', 'score-text']);
/** A unit whose worker died (killed, out of memory) is tried this often in all. */
const TRIES_MAX = 2;

/** Work on a table that is too large for memory still takes a byte for each of its values, or some tens of bytes for each row. */
function holdsLargeTable(task: LearningTask): boolean {
  if (task.kind === 'load') return task.spool !== null;
  return 'dataset' in task && isSpooled(task.dataset);
}

/** The lost worker's task could not be saved by trying it again. */
export class WorkerLostError extends Error {
  constructor(options?: ErrorOptions) {
    super('A worker thread ended before its task did.', options);
    this.name = 'WorkerLostError';
  }
}

export interface TaskOptions {
  /** Aborting stops the task, also in mid-work; the promise rejects with the signal's reason. */
  readonly signal: AbortSignal;
  /** Share of the task done, in [0, 1]. */
  readonly onProgress?: (done: number) => void;
  /** A worker has taken the task up. */
  readonly onStart?: () => void;
}

interface PendingTask {
  readonly task: LearningTask;
  readonly options: TaskOptions;
  readonly resolve: (result: LearningResult) => void;
  readonly reject: (reason: unknown) => void;
  tries: number;
}

interface Seat {
  readonly worker: Worker;
  running: { readonly pending: PendingTask; readonly release: () => void } | undefined;
  /** It has held a large table, and ends to give all memory back at once. */
  isEnding: boolean;
  idle: NodeJS.Timeout | undefined;
}

/** Runs learning tasks on worker threads, at most `size` at once, in the order they came. Threads start with the first task. */
export class WorkerPool {
  private readonly seats = new Set<Seat>();
  private readonly queue: PendingTask[] = [];
  private isClosed = false;

  constructor(
    private readonly size: number,
    private readonly script: URL,
  ) {}

  /** Threads that have, or would have, nothing to do now: 0 while tasks wait. */
  get idleThreads(): number {
    if (this.queue.length > 0) return 0;
    return this.size - [...this.seats].filter(({ running }) => running).length;
  }

  /** @throws LearningError what the kernel refused; DomainError what the data were refused for; WorkerLostError; the reason of `options.signal` */
  run<T extends LearningTask>(task: T, options: TaskOptions): Promise<LearningResults[T['kind']]> {
    return new Promise((resolve, reject) => {
      options.signal.throwIfAborted();
      if (this.isClosed) throw new WorkerLostError();
      const settle = resolve as (result: LearningResult) => void; // the worker answers a task of a kind with its kind's result
      this.queue.push({ task, options, resolve: settle, reject, tries: 0 });
      this.assign();
    });
  }

  /** Ends all threads; tasks under way fail. */
  async close(): Promise<void> {
    this.isClosed = true;
    for (const { reject } of this.queue.splice(0)) reject(new WorkerLostError());
    await Promise.all([...this.seats].map(endWorker));
  }

  private assign(): void {
    for (let next = this.findNext(); next >= 0; next = this.findNext()) {
      const { signal } = this.queue[next]?.options ?? {};
      if (signal?.aborted) {
        this.queue.splice(next, 1)[0]?.reject(signal.reason);
        continue;
      }
      const seat = [...this.seats].find(({ running, isEnding }) => !running && !isEnding) ?? this.open();
      if (!seat) return;
      const [pending] = this.queue.splice(next, 1);
      if (pending) this.start(seat, pending);
    }
  }

  /** The first task that need not wait: of those that hold a large table, one at a time is under way. -1 when there is none. */
  private findNext(): number {
    const isHeld = [...this.seats].some(
      ({ running, isEnding }) => isEnding || (running && holdsLargeTable(running.pending.task)),
    );
    return this.queue.findIndex(({ task, options }) => options.signal.aborted || !(isHeld && holdsLargeTable(task)));
  }

  private open(): Seat | undefined {
    if (this.seats.size >= this.size || this.isClosed) return undefined;
    const worker = new Worker(this.script, { name: 'learning' });
    const seat: Seat = { worker, running: undefined, isEnding: false, idle: undefined };
    this.seats.add(seat);
    let failure: unknown;
    worker.on('message', (message: WorkerMessage) => this.receive(seat, message));
    worker.on('error', (error) => {
      failure = error;
    });
    worker.on('exit', () => this.lose(seat, failure));
    return seat;
  }

  private start(seat: Seat, pending: PendingTask): void {
    clearTimeout(seat.idle);
    seat.worker.ref();
    const { signal } = pending.options;
    const stop = new Int32Array(new SharedArrayBuffer(4));
    let grace: NodeJS.Timeout | undefined;
    const halt = (): void => {
      Atomics.store(stop, 0, 1);
      grace = setTimeout(() => giveUp(seat, pending), STOP_GRACE_MS);
    };
    signal.addEventListener('abort', halt, { once: true });
    const release = (): void => {
      clearTimeout(grace);
      signal.removeEventListener('abort', halt);
    };
    seat.running = { pending, release };
    pending.tries++;
    pending.options.onStart?.();
    if (signal.aborted) halt();
    const message: TaskMessage = { task: pending.task, stop };
    seat.worker.postMessage(message);
  }

  private receive(seat: Seat, message: WorkerMessage): void {
    const { running } = seat;
    if (!running) return;
    const { resolve, reject, options } = running.pending;
    if (message.type === 'progress') {
      options.onProgress?.(message.done);
      return;
    }
    running.release();
    seat.running = undefined;
    seat.isEnding = holdsLargeTable(running.pending.task);
    if (options.signal.aborted) reject(options.signal.reason);
    else if (message.type === 'done') resolve(message.result);
    else if (message.type === 'refused') reject(new DomainError(message.code, message.detail));
    // The worker passed on the code of a LearningError, or `internal-error` for what the kernel never throws on purpose.
    else if (message.code === 'internal-error') reject(new Error(message.detail));
    else reject(new LearningError(message.code as LearningErrorCode, message.detail)); // as the comment above
    this.assign();
    if (seat.isEnding) void seat.worker.terminate();
    else if (!seat.running) this.rest(seat);
  }

  private rest(seat: Seat): void {
    seat.worker.unref();
    seat.idle = setTimeout(() => void seat.worker.terminate(), IDLE_MS).unref();
  }

  private lose(seat: Seat, failure: unknown): void {
    clearTimeout(seat.idle);
    this.seats.delete(seat);
    const { running } = seat;
    if (running) {
      const { pending, release } = running;
      release();
      if (pending.options.signal.aborted) pending.reject(pending.options.signal.reason);
      else if (pending.tries < TRIES_MAX && !this.isClosed) this.queue.unshift(pending);
      else pending.reject(new WorkerLostError({ cause: failure }));
    }
    this.assign();
  }
}

function giveUp({ worker }: Seat, { task, options, reject }: PendingTask): void {
  if (RUNS_ONNX.has(task.kind)) reject(options.signal.reason);
  else void worker.terminate();
}

async function endWorker({ worker, running }: Seat): Promise<void> {
  if (running && RUNS_ONNX.has(running.pending.task.kind)) {
    await new Promise<void>((resolve) => {
      worker.once('exit', () => resolve());
      worker.on('message', ({ type }: WorkerMessage) => type !== 'progress' && resolve());
    });
  }
  await worker.terminate();
}
