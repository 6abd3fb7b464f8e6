import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SLOTS, SlidingWindow, slotMs, type WindowLimit } from './sliding-window.js';

const anyLimit = fc.record({
  requests: fc.integer({ min: 1, max: 40 }),
  windowMs: fc.integer({ min: 60, max: 120_000 }),
});
/** Waits between requests, from bursts to pauses longer than a window; and where the clock stands at first. */
const anyTraffic = fc.record({
  limit: anyLimit,
  start: fc.double({ min: 0, max: 1e9, noNaN: true }),
  waits: fc.array(
    fc.oneof(
      fc.constant(0),
      fc.double({ min: 0, max: 0.05, noNaN: true }),
      fc.double({ min: 0, max: 1.5, noNaN: true }),
    ),
    {
      minLength: 1,
      maxLength: 300,
    },
  ),
});

const play = ({ limit, start, waits }: { limit: WindowLimit; start: number; waits: readonly number[] }) => {
  const window = new SlidingWindow(limit);
  let now = start;
  return waits.map((wait) => {
    now += wait * limit.windowMs;
    return { now, decision: window.take(now) };
  });
};

describe('a sliding window', () => {
  it('never admits more than the limit in any stretch of one window', () => {
    fc.assert(
      fc.property(anyTraffic, (traffic) => {
        const admitted = play(traffic).filter(({ decision }) => decision.admitted);
        const { requests, windowMs } = traffic.limit;
        for (let first = 0; first + requests < admitted.length; first += 1) {
          const apart = (admitted[first + requests]?.now ?? 0) - (admitted[first]?.now ?? 0);
          expect(apart).toBeGreaterThanOrEqual(windowMs);
        }
      }),
    );
  });

  it('refuses only when the limit was spent within one window and one slot', () => {
    fc.assert(
      fc.property(anyTraffic, (traffic) => {
        const played = play(traffic);
        const memory = traffic.limit.windowMs + slotMs(traffic.limit);
        for (const [index, { now, decision }] of played.entries()) {
          if (decision.admitted) continue;
          const counted = played
            .slice(0, index)
            .filter((earlier) => earlier.decision.admitted && earlier.now > now - memory - 1e-6);
          expect(counted.length).toBeGreaterThanOrEqual(traffic.limit.requests);
        }
      }),
    );
  });

  it('keeps its word: a caller that waits as told is admitted, and the whole allowance is back after the reset', () => {
    fc.assert(
      fc.property(anyTraffic, (traffic) => {
        const last = play(traffic).at(-1);
        if (!last) return;
        const repeat = (): SlidingWindow => {
          const window = new SlidingWindow(traffic.limit);
          let now = traffic.start;
          for (const wait of traffic.waits) {
            now += wait * traffic.limit.windowMs;
            window.take(now);
          }
          return window;
        };
        const rounding = 1e-3;
        if (!last.decision.admitted) {
          expect(last.decision.retryAfterMs).toBeGreaterThan(0);
          expect(repeat().take(last.now + last.decision.retryAfterMs + rounding).admitted).toBe(true);
        }
        expect(repeat().isIdle(last.now + last.decision.resetAfterMs + rounding)).toBe(true);
      }),
    );
  });

  it('counts down, and refused requests cost nothing', () => {
    const window = new SlidingWindow({ requests: 2, windowMs: 60_000 });
    expect(window.take(0)).toMatchObject({ admitted: true, remaining: 1 });
    expect(window.take(30_000)).toMatchObject({ admitted: true, remaining: 0 });
    for (let now = 30_000; now < 60_000; now += 100) expect(window.take(now).admitted).toBe(false);
    expect(window.take(61_000)).toMatchObject({ admitted: true, remaining: 0 });
    expect(window.take(61_001).admitted).toBe(false);
    expect(window.take(91_000).admitted).toBe(true);
  });

  // The fault of fixed windows: twice the limit across a border.
  it('has no border across which a burst passes twice', () => {
    const limit = { requests: 100, windowMs: 60_000 };
    const window = new SlidingWindow(limit);
    const burst = (now: number) =>
      Array.from({ length: 100 }, () => window.take(now)).filter((one) => one.admitted).length;
    expect(burst(59_900)).toBe(100);
    expect(burst(60_100)).toBe(0);
    expect(burst(60_000 + 59_900 + 60_000 / SLOTS)).toBe(100);
  });

  it('does not lose its memory when the clock stands still or steps back', () => {
    const window = new SlidingWindow({ requests: 1, windowMs: 60_000 });
    expect(window.take(100_000).admitted).toBe(true);
    expect(window.take(40_000).admitted).toBe(false);
    expect(window.take(100_000).admitted).toBe(false);
  });
});
