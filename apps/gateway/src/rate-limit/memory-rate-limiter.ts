import type { RateLimiter } from './rate-limiter.js';
import { SlidingWindow, type WindowDecision, type WindowLimit } from './sliding-window.js';

/** Callers remembered at most; about 20 MB when full. */
const CALLERS_MAX = 50_000;

/** The limits of one process. Bounded: idle callers are forgotten, and past the bound the longest known one. */
export class MemoryRateLimiter implements RateLimiter {
  private readonly windows = new Map<string, SlidingWindow>();
  private readonly limit: WindowLimit;
  private readonly now: () => number;
  private readonly callersMax: number;
  private sweptAt: number;

  constructor(limit: WindowLimit, now: () => number = () => performance.now(), callersMax = CALLERS_MAX) {
    this.limit = limit;
    this.now = now;
    this.callersMax = callersMax;
    this.sweptAt = now();
  }

  take(caller: string): WindowDecision {
    const now = this.now();
    return this.windowOf(caller, now).take(now);
  }

  /** True when the next request of `caller` would be refused; counts nothing. */
  isSpent(caller: string): boolean {
    return this.windows.get(caller)?.isSpent(this.now()) ?? false;
  }

  /** Callers that are remembered now. */
  get size(): number {
    return this.windows.size;
  }

  private windowOf(caller: string, now: number): SlidingWindow {
    const known = this.windows.get(caller);
    if (known) return known;
    if (now - this.sweptAt > this.limit.windowMs || this.windows.size >= this.callersMax) this.sweep(now);
    const window = new SlidingWindow(this.limit);
    this.windows.set(caller, window);
    return window;
  }

  private sweep(now: number): void {
    this.sweptAt = now;
    for (const [caller, window] of this.windows) if (window.isIdle(now)) this.windows.delete(caller);
    // A tenth at once, so that a flood of new callers does not pay for a sweep each.
    const surplus = this.windows.size >= this.callersMax ? Math.ceil(this.callersMax / 10) : 0;
    for (const caller of [...this.windows.keys()].slice(0, surplus)) this.windows.delete(caller);
  }
}
