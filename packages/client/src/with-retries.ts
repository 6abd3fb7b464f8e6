import { setTimeout as sleep } from 'node:timers/promises';
import { GimbalError } from './gimbal-error.js';
import { isTemporary } from './temporary-failure.js';

/** How often and how long something that can be repeated is tried. */
export interface RetryPolicy {
  /** Tries in all, default 4. */
  readonly attempts: number;
  /** Milliseconds after which no further try begins, default 30 000. */
  readonly deadlineMs: number;
}

export const RETRY_DEFAULTS: RetryPolicy = { attempts: 4, deadlineMs: 30_000 };

const PAUSE_MS_MIN = 100;
const PAUSE_MS_MAX = 5_000;

/**
 * Tries again what failed for a reason that passes, after growing pauses, drawn at random up to their length ("full jitter"), and no
 * sooner than the gateway asks with `Retry-After`. Only for what may be done twice.
 * @param work is told how many milliseconds are left
 * @param mayHelp which failures are tried again
 * @throws what the last try threw
 */
export async function withRetries<T>(
  policy: RetryPolicy,
  work: (leftMs: number) => Promise<T>,
  mayHelp: (error: unknown) => boolean = isTemporary,
): Promise<T> {
  const deadline = performance.now() + policy.deadlineMs;
  for (let attempt = 1; ; attempt++) {
    try {
      return await work(Math.max(1, deadline - performance.now()));
    } catch (error) {
      const pause = pauseMs(attempt, error);
      const isLast = attempt >= policy.attempts || performance.now() + pause >= deadline;
      if (isLast || !mayHelp(error)) throw error;
      await sleep(pause);
    }
  }
}

function pauseMs(attempt: number, error: unknown): number {
  const jittered = Math.random() * Math.min(PAUSE_MS_MAX, PAUSE_MS_MIN * 2 ** (attempt - 1));
  return Math.max(jittered, error instanceof GimbalError ? (error.retryAfterMs ?? 0) : 0);
}
