import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createDataset } from './dataset.js';
import { planFolds, splitHoldout } from './split-rows.js';

const withTarget = (target: readonly number[]) =>
  createDataset({ features: [{ name: 'a', kind: 'numeric' }], columns: [target.map((_, i) => i)], target });

const targets = fc
  .array(fc.constantFrom(0, 1), { minLength: 20, maxLength: 120 })
  .filter(
    (labels) => labels.filter((label) => label === 1).length >= 5 && labels.filter((label) => label === 0).length >= 5,
  );

it('puts every row into exactly one test fold, with sizes and classes even to one row', () => {
  fc.assert(
    fc.property(targets, fc.integer({ min: 2, max: 5 }), fc.integer(), (target, foldCount, seed) => {
      const dataset = withTarget(target);
      const folds = planFolds(dataset, { foldCount, seed });
      const rows = folds.flatMap(({ testRows }) => Array.from(testRows));
      expect(rows.sort((a, b) => a - b)).toEqual(target.map((_, i) => i));
      const sizes = folds.map(({ testRows }) => testRows.length);
      const positives = folds.map(({ testRows }) => testRows.reduce((sum, row) => sum + dataset.target[row]!, 0));
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      expect(Math.max(...positives) - Math.min(...positives)).toBeLessThanOrEqual(1);
      for (const { trainRows, testRows } of folds) {
        expect(trainRows.length + testRows.length).toBe(target.length);
        expect(trainRows.some((row) => testRows.includes(row))).toBe(false);
      }
    }),
  );
});

it('does not depend on the order in which rows are given', () => {
  const dataset = withTarget(Array.from({ length: 40 }, (_, i) => i % 2));
  const rows = Int32Array.from({ length: 40 }, (_, i) => i);
  expect(planFolds(dataset, { foldCount: 5, seed: 3, rows: Int32Array.from(rows).reverse() })).toEqual(
    planFolds(dataset, { foldCount: 5, seed: 3, rows }),
  );
});

it('holds out the asked share of each class', () => {
  const dataset = withTarget(Array.from({ length: 100 }, (_, i) => Number(i < 30)));
  const { trainRows, testRows } = splitHoldout(dataset, { testShare: 0.3, seed: 1 });
  expect(testRows).toHaveLength(30);
  expect(testRows.filter((row) => row < 30)).toHaveLength(9);
  expect(trainRows).toHaveLength(70);
  expect(splitHoldout(dataset, { testShare: 0.3, seed: 2 }).testRows).not.toEqual(testRows);
});

it('refuses a split that leaves a part without a class', () => {
  const dataset = withTarget([1, 1, 0, 0, 0, 0]);
  expect(() => planFolds(dataset, { foldCount: 3, seed: 1 })).toThrow('Class "1" has 2 rows, fewer than the 3 folds.');
  expect(() => splitHoldout(dataset, { testShare: 0.1, seed: 1 })).toThrow('Class "0" with 4 rows');
  expect(() => splitHoldout(dataset, { testShare: 1, seed: 1 })).toThrow('testShare must be in (0, 1), got 1.');
});
