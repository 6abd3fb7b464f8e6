import type { WindowDecision } from './sliding-window.js';

/** Counts requests by caller. Two adapters: this process's memory, and Redis for several gateways that share their limits. */
export interface RateLimiter {
  /** Counts one request of `caller` (`key:<id>`, `ip:<address>`) if it is admitted. A promise only where another process is asked. */
  take(caller: string): WindowDecision | Promise<WindowDecision>;
}
/** Injects one limiter for each kind of traffic. */
export const RATE_LIMITERS = Symbol('gateway:rate-limiters');
