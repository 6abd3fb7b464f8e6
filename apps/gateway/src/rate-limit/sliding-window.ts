/** At most `requests` in any stretch of `windowMs`. */
export interface WindowLimit {
  /** Whole number, >= 1. */
  readonly requests: number;
  /** Milliseconds, >= 60. */
  readonly windowMs: number;
}

/** What a limiter says of one request. */
export interface WindowDecision {
  readonly admitted: boolean;
  readonly limit: WindowLimit;
  /** How many more would be admitted now. */
  readonly remaining: number;
  /** Milliseconds until a request is admitted; 0 when this one is. */
  readonly retryAfterMs: number;
  /** Milliseconds until the whole allowance is back. */
  readonly resetAfterMs: number;
}

/** The window is counted in this many slots, so that a counter costs 250 bytes whatever the limit. */
export const SLOTS = 60;

/** Length of one slot in milliseconds; the one place where it is computed, for every adapter. */
export const slotMs = ({ windowMs }: WindowLimit): number => windowMs / SLOTS;

/** Milliseconds until what was counted in `slot` no longer counts. */
export const leavesInMs = (slot: number, limit: WindowLimit, now: number): number =>
  Math.max(0, (slot + SLOTS + 1) * slotMs(limit) - now);

/**
 * Milliseconds until `total` falls below the limit. `counts` are `[slot, count]`, oldest first.
 */
export function waitMs(
  counts: Iterable<readonly [slot: number, count: number]>,
  total: number,
  limit: WindowLimit,
  now: number,
): number {
  let left = total;
  for (const [slot, count] of counts) {
    if (left < limit.requests) break;
    left -= count;
    if (left < limit.requests) return leavesInMs(slot, limit, now);
  }
  return 0;
}

/**
 * Counts the admitted requests of one caller over a window that slides with every request.
 *
 * A request counts from the moment it is admitted until the end of the slot that lies one window later. So never are more than
 * `requests` admitted in any stretch of `windowMs`, wherever it begins (a fixed window admits twice that across its border), and an
 * allowance comes back at most one slot (a sixtieth of the window) late. Refused requests do not count.
 *
 * Pure: `now` is any clock in milliseconds that does not run backwards.
 */
export class SlidingWindow {
  private readonly limit: WindowLimit;
  private readonly counts = new Uint32Array(SLOTS + 1);
  private newest = Number.NEGATIVE_INFINITY;
  private total = 0;

  constructor(limit: WindowLimit) {
    this.limit = limit;
  }

  /** Counts a request if it is admitted. */
  take(now: number): WindowDecision {
    const slot = this.advance(now);
    if (this.total >= this.limit.requests) return this.decide(now, { admitted: false });
    this.counts[slot % this.counts.length]! += 1; // the index is within the array
    this.total += 1;
    return this.decide(now, { admitted: true });
  }

  /** True when a request would be refused; counts nothing. */
  isSpent(now: number): boolean {
    this.advance(now);
    return this.total >= this.limit.requests;
  }

  /** True when nothing counts any more: forgetting this window changes no decision. */
  isIdle(now: number): boolean {
    this.advance(now);
    return this.total === 0;
  }

  private advance(now: number): number {
    const slot = Math.max(Math.floor(now / slotMs(this.limit)), this.newest);
    const size = this.counts.length;
    if (slot - this.newest >= size) {
      if (this.total > 0) this.counts.fill(0);
      this.total = 0;
    } else {
      for (let next = this.newest + 1; next <= slot; next += 1) {
        this.total -= this.counts[next % size]!; // the index is within the array
        this.counts[next % size] = 0;
      }
    }
    this.newest = slot;
    return slot;
  }

  private decide(now: number, { admitted }: { readonly admitted: boolean }): WindowDecision {
    return {
      admitted,
      limit: this.limit,
      remaining: this.limit.requests - this.total,
      retryAfterMs: admitted ? 0 : waitMs(this.slots(), this.total, this.limit, now),
      resetAfterMs: leavesInMs(this.newestCounted(), this.limit, now),
    };
  }

  private newestCounted(): number {
    const size = this.counts.length;
    for (let slot = this.newest; slot > this.newest - size && slot >= 0; slot -= 1)
      if (this.counts[slot % size] !== 0) return slot;
    return this.newest;
  }

  private *slots(): Generator<readonly [number, number]> {
    const size = this.counts.length;
    for (let slot = Math.max(0, this.newest - size + 1); slot <= this.newest; slot += 1)
      yield [slot, this.counts[slot % size]!]; // the index is within the array
  }
}
