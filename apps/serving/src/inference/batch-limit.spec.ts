import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BatchLimit } from './batch-limit.js';

it('begins with the largest batch that was in time at load', () => {
  const measured = [
    [1, 1],
    [16, 5],
    [64, 20],
    [256, 90],
  ] as const;
  expect(new BatchLimit(256, 25, measured).rows).toBe(64);
  expect(new BatchLimit(32, 25, measured).rows).toBe(32);
  expect(new BatchLimit(256, 1_000, measured).rows).toBe(256);
});

it('leaves alone what half a batch took, and grows when full ones are in time', () => {
  const limit = new BatchLimit(160, 25, [[1, 1]]);
  expect(limit.rows).toBe(1);
  limit.ran(1, 2);
  expect(limit.rows).toBe(11);
  limit.ran(5, 2);
  expect(limit.rows).toBe(11);
  for (let run = 0; run < 100; run++) limit.ran(limit.rows, 2);
  expect(limit.rows).toBe(160);
});

it('never goes below one row, nor below what one row takes', () => {
  const limit = new BatchLimit(64, 25, [[1, 50]]);
  limit.ran(1, 60);
  expect(limit.rows).toBe(5);
  for (let run = 0; run < 20; run++) limit.ran(limit.rows, 1_000);
  expect(limit.rows).toBe(1);
});

it('settles where runs take as long as they may, whatever a row takes', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.01, max: 5, noNaN: true }), (rowMs) => {
      const limit = new BatchLimit(256, 25, [[1, rowMs]]);
      const took: number[] = [];
      for (let run = 0; run < 200; run++) {
        took.push(limit.rows * rowMs);
        limit.ran(limit.rows, limit.rows * rowMs);
      }
      const late = took.slice(100);
      const bestRows = Math.min(256, 25 / rowMs);
      expect(Math.max(...late)).toBeLessThanOrEqual(25 + 17 * rowMs); // one step too far
      expect(Math.max(...late) / rowMs).toBeGreaterThanOrEqual(0.7 * bestRows);
    }),
  );
});
