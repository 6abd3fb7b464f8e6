import type { ModelSignature } from '@gimbal/contracts';
import { expect, it } from '@jest/globals';
import { RowReader } from '../predict/row-reader.js';
import { readGoodRows } from './read-good-rows.js';

const SIGNATURE: ModelSignature = {
  task: 'regression',
  inputs: [
    { name: 'x', type: 'number', description: '', allowed: null, range: null, missing: 'refused', trainingRange: null },
  ],
  target: 'y',
  codings: {},
};
const reader = new RowReader(SIGNATURE);

it('reads rows that are all good in one run', () => {
  const { good, refused } = readGoodRows(reader, [{ x: 1 }, { x: 2 }]);
  expect([good.map(({ from, read }) => [from, ...read.features]), refused]).toEqual([[[0, 1, 2]], []]);
});

it('leaves bad rows out, wherever they stand, and says what is wrong with each', () => {
  const { good, refused } = readGoodRows(reader, [
    'no row',
    { x: 1 },
    { x: 'one' },
    {},
    { x: 2 },
    { x: 3 },
    { x: 1, y: 1 },
  ]);
  expect(good.map(({ from, read }) => [from, ...read.features])).toEqual([
    [1, 1],
    [4, 2, 3],
  ]);
  expect(refused.map(({ index, reason }) => [index, reason])).toEqual([
    [0, 'wrong-type'],
    [2, 'wrong-type'],
    [3, 'missing-field'],
    [6, 'unknown-field'],
  ]);
  expect(refused[2]?.message).toBe('x is required');
});

it('has nothing to run when every row is bad', () => {
  expect(readGoodRows(reader, [{}, {}])).toMatchObject({ good: [], refused: [{ index: 0 }, { index: 1 }] });
});
