import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ErrorWindow } from './error-window.js';

it('forgets what is older than its length, a tenth at a time', () => {
  const window = new ErrorWindow(10);
  window.add('failure', 500);
  window.add('success', 9_500);
  expect([window.calls, window.errorRate]).toEqual([2, 0.5]);
  window.add('success', 10_500);
  expect([window.calls, window.errorRate]).toEqual([2, 0]);
});

it('holds exactly what happened in the slots that it covers', () => {
  const call = fc.record({ pauseMs: fc.integer({ min: 0, max: 2_500 }), failed: fc.boolean() });
  fc.assert(
    fc.property(fc.array(call, { minLength: 1, maxLength: 60 }), (calls) => {
      const window = new ErrorWindow(5);
      let nowMs = 0;
      const seen: { atMs: number; failed: boolean }[] = [];
      for (const { pauseMs, failed } of calls) {
        nowMs += pauseMs;
        seen.push({ atMs: nowMs, failed });
        window.add(failed ? 'failure' : 'success', nowMs);
      }
      const oldest = Math.floor(nowMs / 500) - 9;
      const kept = seen.filter(({ atMs }) => Math.floor(atMs / 500) >= oldest);
      expect(window.calls).toBe(kept.length);
      expect(window.errorRate).toBeCloseTo(kept.filter(({ failed }) => failed).length / kept.length, 12);
    }),
  );
});
