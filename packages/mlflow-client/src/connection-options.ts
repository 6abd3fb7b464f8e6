import type { MlflowError } from './mlflow-error.js';

export type BreakerState = 'closed' | 'half-open' | 'open';

/** One try of a request, as it ended. */
export interface Attempt {
  readonly request: string;
  /** The HTTP status, or the failure when there was none. */
  readonly outcome: number | MlflowError['failure'];
  readonly seconds: number;
}

export interface ConnectionOptions {
  /** Such as `http://127.0.0.1:5000`; a path before `/api` is kept, `user:password@` becomes Basic authentication. */
  readonly trackingUri: string;
  /** Sent as `Authorization: Bearer`. */
  readonly token?: string | undefined;
  /** Time for one try, from connect to the last byte of the answer; default 10 000 ms. For files: between two pieces. */
  readonly timeoutMs?: number;
  /** Tries after the first one, of requests that are safe to repeat; default 3. */
  readonly retries?: number;
  /** Longest wait before the first repeat; it doubles, and the real wait is drawn from all of it (full jitter). Default 200 ms. */
  readonly backoffMs?: number;
  /** Failures in a row after which the server is left alone, and for how long. Default 5, 30 s. */
  readonly breaker?: { readonly failureThreshold: number; readonly recoverySeconds: number };
  /** Largest answer that is read; default 16 MiB. Files are streamed and have no limit. */
  readonly maxAnswerBytes?: number;
  /** Connections kept open, at most; default 8. */
  readonly connections?: number;
  /** Told of every try. */
  readonly onAttempt?: (attempt: Attempt) => void;
  /** Told of every change of the breaker. */
  readonly onBreaker?: (state: BreakerState) => void;
}

/** What is taken where nothing is said. */
export const DEFAULTS = {
  timeoutMs: 10_000,
  retries: 3,
  backoffMs: 200,
  maxAnswerBytes: 16_777_216,
  connections: 8,
  breaker: { failureThreshold: 5, recoverySeconds: 30 },
};
