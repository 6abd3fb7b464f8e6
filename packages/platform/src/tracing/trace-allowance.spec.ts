import { expect, it } from '@jest/globals';
import { TraceAllowance } from './trace-allowance.js';

it('grants so many a second, however often it is asked, and no more at once after a quiet time', () => {
  const allowance = new TraceAllowance(10);
  const granted = (fromMs: number, untilMs: number): number => {
    let count = 0;
    for (let nowMs = fromMs; nowMs < untilMs; nowMs += 0.1) if (allowance.take(nowMs)) count += 1;
    return count;
  };
  expect(granted(1_000_000, 1_000_001)).toBe(10);
  expect(granted(1_000_001, 1_010_001)).toBeCloseTo(100, -1);
  expect(granted(2_000_000, 2_000_001)).toBe(10);
});
