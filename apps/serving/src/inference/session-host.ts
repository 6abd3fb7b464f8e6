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

/** What was tried to see whether rows answer in a batch as they do alone. */
export interface BatchCertificate {
  readonly batchable: boolean;
  /** Different rows that were tried. */
  readonly rows: number;
  readonly batches: number;
  readonly largestBatch: number;
  /** Largest difference that was seen, in units in the last place of float32. */
  readonly worstUlps: number;
  /** Size of the batch that answered otherwise; null when none did. */
  readonly failedAtRows: number | null;
}

/** What was found out about a graph before it takes traffic. */
export interface GraphReport {
  readonly certificate: BatchCertificate;
  readonly loadMs: number;
  /** `[rows, ms]` of a run, rising by rows: the slowest of eight in the calmest round. One row only when not batchable. */
  readonly runMsByRows: ReadonlyArray<readonly [number, number]>;
  /** It has operators that may go round for ever on some rows, so it must run where it can be stopped. */
  readonly mayLoop: boolean;
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
    | {
        readonly purpose: 'examine';
        readonly batchRowsMax: number;
        /** A run of many rows that takes longer than this is of no use. */
        readonly runMsMax: number;
      }
    | {
        readonly purpose: 'serve';
        readonly graph: number;
        /** Null where memory can't be shared: then rows and answers travel with the messages. */
        readonly shared: { readonly features: SharedArrayBuffer; readonly answers: SharedArrayBuffer } | null;
      }
  );
export type ExamineRequest = Extract<LoadRequest, { purpose: 'examine' }>;
export type HostRequest =
  | LoadRequest
  | {
      readonly type: 'run';
      readonly ticket: number;
      readonly graph: number;
      readonly rows: number;
      /** One per row when the graph takes free text. */
      readonly texts: readonly string[] | null;
      /** Where memory is not shared. */
      readonly features?: Float32Array;
    }
  | { readonly type: 'release'; readonly ticket: number; readonly graph: number };
/** No request comes after it. */
export interface HostEnd {
  readonly type: 'end';
}
export interface HostAnswer {
  readonly ticket: number;
  readonly report?: GraphReport;
  /** Of a run, where memory is not shared. */
  readonly answers?: Float32Array;
  /** `refused`: the graph breaks the contract, trying again can't help. */
  readonly fault?: { readonly message: string; readonly refused: boolean };
}

type WithoutTicket<R> = R extends unknown ? Omit<R, 'ticket'> : never;

/** A graph that can't be served as it is; the message says what to change. */
export class GraphRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'GraphRefused';
  }
}

/** The thread or process did not answer in time, or died: everything it held is gone. */
export class HostLost extends Error {
  override name = 'HostLost';
}

/** It was cut short: by its time, or by a system that had no room for it. The same graph may do on a quieter machine. */
export class HostCutShort extends HostLost {
  override name = 'HostCutShort';
}

interface Pending {
  readonly resolve: (answer: HostAnswer) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/** Sources run in tests as they stand; a build has the compiled file. The worker finds its own modules by the same condition. */
const isSource = import.meta.url.endsWith('.ts');
export const WORKER_FILE = new URL(isSource ? './session-worker.ts' : './session-worker.js', import.meta.url);
export const WORKER_OPTIONS: readonly string[] = isSource ? ['--conditions=gimbal-source'] : [];
const MEBIBYTE = 1_048_576;

/** Bytes that a graph's rows may take: 256 rows of 2 000 inputs fit, 1 024 rows of 65 000 do not. */
export const SHARED_BYTES_MAX = 64 * MEBIBYTE;

/** Where ONNX sessions live apart from the event loop. A request that takes too long ends the host, because a run can't be interrupted otherwise. */
export abstract class SessionHost {
  private readonly pending = new Map<number, Pending>();
  private nextTicket = 1;
  private lost: HostLost | undefined;

  /** Memory is the same on both sides. */
  abstract readonly isShared: boolean;

  get isLost(): boolean {
    return this.lost !== undefined;
  }

  /**
   * @throws GraphRefused, HostLost (also for everything else under way in the host), or Error when only this request failed
   */
  ask(request: WithoutTicket<HostRequest>, timeoutMs: number): Promise<HostAnswer> {
    if (this.lost) return Promise.reject(this.lost);
    const ticket = this.nextTicket++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.lose(new HostCutShort(`The model did not answer within ${timeoutMs} ms.`));
        this.kill();
      }, timeoutMs);
      this.pending.set(ticket, { resolve, reject, timer });
      this.post({ ...request, ticket });
    });
  }

  /** Ends the host; what is under way fails. */
  abstract end(): void;

  protected abstract post(message: HostRequest | HostEnd): void;
  /** At once, whatever is under way. */
  protected abstract kill(): void;

  protected settle(answer: HostAnswer): void {
    const waiter = this.pending.get(answer.ticket);
    if (!waiter) return;
    this.pending.delete(answer.ticket);
    clearTimeout(waiter.timer);
    if (!answer.fault) waiter.resolve(answer);
    else waiter.reject(answer.fault.refused ? new GraphRefused(answer.fault.message) : new Error(answer.fault.message));
  }

  /** The first reason counts. */
  protected lose(reason: HostLost): void {
    this.lost ??= reason;
    for (const { reject, timer } of this.pending.values()) {
      clearTimeout(timer);
      reject(this.lost);
    }
    this.pending.clear();
  }
}
