import type { OutboundOutcome } from '@gimbal/platform';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { judgeDelivery } from './judge-delivery.js';

const answered = (status: number, retryAfterMs: number | null = null): OutboundOutcome => ({
  kind: 'answered',
  status,
  text: '',
  retryAfterMs,
});
const DAY_MS = 86_400_000;
const trying = (attempts = 1, ageMs = 0) => ({ attempts, ageMs, maxAgeMs: DAY_MS, random: 0.5 });

describe('a try of a delivery', () => {
  it.each([
    [200, 'delivered'],
    [204, 'delivered'],
    [301, 'refused'],
    [307, 'refused'],
    [400, 'refused'],
    [404, 'refused'],
    [410, 'refused'],
    [408, 'pending'],
    [429, 'pending'],
    [500, 'pending'],
    [503, 'pending'],
  ])('that is answered %s leaves it %s', (status, state) => {
    expect(judgeDelivery(answered(status), trying()).state).toBe(state);
  });

  it('that got no answer is made again; one that the guard stopped is not', () => {
    expect(judgeDelivery({ kind: 'unanswered', reason: 'ECONNREFUSED' }, trying()).state).toBe('pending');
    expect(judgeDelivery({ kind: 'refused', reason: 'inside' }, trying())).toEqual({
      state: 'refused',
      error: 'inside',
    });
  });

  it('waits twice as long each time, up to ten minutes', () => {
    const delays = [1, 2, 3, 10, 20].map((attempts) => judgeDelivery(answered(503), trying(attempts)));
    expect(delays).toMatchObject([1_000, 2_000, 4_000, 512_000, 600_000].map((delayMs) => ({ delayMs })));
  });

  it('waits as long as the receiver asks, but not for ever', () => {
    expect(judgeDelivery(answered(429, 90_000), trying())).toMatchObject({ delayMs: 90_000 });
    expect(judgeDelivery(answered(429, 10 * DAY_MS), trying())).toMatchObject({ delayMs: 3_600_000 });
  });

  it('is the last one when the next would come after the longest age', () => {
    expect(judgeDelivery(answered(503), trying(3, DAY_MS - 4_001)).state).toBe('pending');
    expect(judgeDelivery(answered(503), trying(3, DAY_MS - 3_999)).state).toBe('expired');
  });

  it('never waits less than its part of the backoff, however the tries are spread', () => {
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), random, (attempts, chance) => {
        const verdict = judgeDelivery(answered(500), { ...trying(attempts), random: chance });
        const whole = Math.min(1_000 * 2 ** (attempts - 1), 600_000);
        const delayMs = verdict.state === 'pending' ? verdict.delayMs : Number.NaN;
        expect(delayMs).toBeGreaterThanOrEqual(whole * 0.8 - 1);
        expect(delayMs).toBeLessThanOrEqual(whole * 1.2 + 1);
      }),
    );
  });
});
