import { Worker } from 'node:worker_threads';
import type { Task } from '@gimbal/contracts';
import type { InferenceSession } from 'onnxruntime-node';

/** How sample values of one input are drawn for the checks at load. */
export interface InputSample {
  /** The only values there are; null: any between `low` and `high`. */
  readonly values: readonly number[] | null;
  readonly low: number;
  readonly high: number;
  readonly mayMiss: boolean;
  /** The graph takes this input as text: code i of a row stands for text i. Null: as a number. */
  readonly categories: readonly string[] | null;
}

/** What a graph takes and gives, by the signature of its version. */
export interface GraphShape {
  readonly task: Task;
  /** One per column of a row; none when the graph takes free text. */
  readonly samples: readonly InputSample[];
  /** Numbers that a row is answered with: one per class, else one; behind those of a free text 1, or 0 when the graph abstains. */
  readonly width: number;
  /** Between which such a number lies, both ends included: 0 and 1 for probabilities and scores. */
  readonly lowest: number;
  readonly highest: number;
}

/** What was found out about a graph before it takes traffic. */
export interface GraphReport {
  /** Rows answer alike alone and in a batch. */
  readonly batchable: boolean;
  readonly loadMs: number;
  /** `[rows, ms]` of a run, rising by rows: the slowest of eight in the calmest round. One row only when not batchable. */
  readonly runMsByRows: ReadonlyArray<readonly [number, number]>;
}

export type SessionOptions = InferenceSession.SessionOptions;

interface LoadBase {
  readonly type: 'load';
  readonly ticket: number;
  readonly bytes: Uint8Array;
  readonly options: SessionOptions;
  readonly shape: GraphShape;
}
export type LoadRequest = LoadBase &
  (
    | { readonly purpose: 'examine'; readonly batchRowsMax: number }
    | {
        readonly purpose: 'serve';
        readonly graph: number;
        readonly features: SharedArrayBuffer;
        readonly answers: SharedArrayBuffer;
        readonly batchRowsMax: number;
      }
  );
export type ThreadRequest =
  | LoadRequest
  | {
      readonly type: 'run';
      readonly ticket: number;
      readonly graph: number;
      readonly rows: number;
      /** One per row when the graph takes free text. */
      readonly texts: readonly string[] | null;
    }
  | { readonly type: 'release'; readonly ticket: number; readonly graph: number };
/** No request comes after it. */
export interface ThreadEnd {
  readonly type: 'end';
}
export interface ThreadAnswer {
  readonly ticket: number;
  readonly report?: GraphReport;
  /** `refused`: the graph breaks the contract, trying again can't help. */
  readonly fault?: { readonly message: string; readonly refused: boolean };
}

const END_TIMEOUT_MS = 5_000;

type WithoutTicket<R> = R extends unknown ? Omit<R, 'ticket'> : never;

/** A graph that can't be served as it is; the message says what to change. */
export class GraphRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'GraphRefused';
  }
}

/** The thread did not answer in time, or died: everything it held is gone. */
export class ThreadLost extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ThreadLost';
  }
}

interface Pending {
  readonly resolve: (answer: ThreadAnswer) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/** Sources run in tests as they stand; a build has the compiled file. */
const WORKER_FILE = new URL(
  import.meta.url.endsWith('.ts') ? './session-worker.ts' : './session-worker.js',
  import.meta.url,
);
const MEBIBYTE = 1_048_576;

/** One thread that holds ONNX sessions. A request that takes too long ends the thread, because a run can't be interrupted otherwise. */
export class SessionThread {
  private readonly worker: Worker;
  private readonly pending = new Map<number, Pending>();
  private nextTicket = 1;
  private lost: ThreadLost | undefined;

  constructor() {
    this.worker = new Worker(WORKER_FILE, {
      name: 'onnx',
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 8, stackSizeMb: 4 },
    });
    this.worker.on('message', (answer: ThreadAnswer) => this.settle(answer));
    this.worker.on('error', (error) =>
      this.lose(`The ONNX thread failed: ${error instanceof Error ? error.message : String(error)}`),
    );
    this.worker.on('exit', (code) => this.lose(`The ONNX thread ended with ${code}.`));
    this.worker.unref();
  }

  get isLost(): boolean {
    return this.lost !== undefined;
  }

  /**
   * @throws GraphRefused, ThreadLost (also for everything else under way in the thread), or Error when only this request failed
   */
  ask(request: WithoutTicket<ThreadRequest>, timeoutMs: number): Promise<ThreadAnswer> {
    if (this.lost) return Promise.reject(this.lost);
    const ticket = this.nextTicket++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.lose(`The ONNX thread did not answer within ${timeoutMs} ms.`);
        void this.worker.terminate();
      }, timeoutMs);
      this.pending.set(ticket, { resolve, reject, timer });
      this.worker.postMessage({ ...request, ticket });
    });
  }

  /**
   * Ends the thread after the run under way: a thread that is stopped inside the runtime's native code can take the process with it.
   * Not waited for, so that a graph that never comes back does not hold up a shutdown; that one is stopped by force.
   */
  end(): void {
    this.lose('The ONNX thread was ended.');
    this.worker.postMessage({ type: 'end' } satisfies ThreadEnd);
    const force = setTimeout(() => void this.worker.terminate(), END_TIMEOUT_MS).unref();
    this.worker.once('exit', () => clearTimeout(force));
  }

  private settle(answer: ThreadAnswer): void {
    const waiter = this.pending.get(answer.ticket);
    if (!waiter) return;
    this.pending.delete(answer.ticket);
    clearTimeout(waiter.timer);
    if (!answer.fault) waiter.resolve(answer);
    else waiter.reject(answer.fault.refused ? new GraphRefused(answer.fault.message) : new Error(answer.fault.message));
  }

  private lose(reason: string): void {
    this.lost ??= new ThreadLost(reason);
    for (const { reject, timer } of this.pending.values()) {
      clearTimeout(timer);
      reject(this.lost);
    }
    this.pending.clear();
  }
}

/** Bytes that a graph's shared rows may take: 256 rows of 2 000 inputs fit, 1 024 rows of 65 000 do not. */
export const SHARED_BYTES_MAX = 64 * MEBIBYTE;
