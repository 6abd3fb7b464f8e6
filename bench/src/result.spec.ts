import { expect, it } from '@jest/globals';
import { measure, median } from './result.js';

const given = { work: 'w', unit: 's', reference_name: 'r' };

it('holds a goal on its very limit, and not beyond', () => {
  const goal = { at_least: 0.5, at_most: 1 };
  const holds = (ours: number) => measure({ ...given, ours, reference: 2, goal }).holds;
  expect([0.999, 1, 2, 2.001].map(holds)).toEqual([false, true, true, false]);
});

it('claims nothing without a reference, or about NaN', () => {
  expect(measure({ ...given, ours: 1, reference: null, goal: { at_most: 1 } })).toMatchObject({
    ratio: null,
    holds: null,
  });
  expect(measure({ ...given, ours: Number.NaN, reference: 1, goal: { at_most: 1 } }).holds).toBe(false);
});

it('takes the middle of an odd count and the mean of the two in the middle of an even one', () => {
  expect([median([3, 1, 2]), median([4, 1, 2, 3])]).toEqual([2, 2.5]);
});
