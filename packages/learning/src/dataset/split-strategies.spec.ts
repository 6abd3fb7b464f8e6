import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createDataset, type Task } from './dataset.js';
import { planFolds, planNestedFolds, splitHoldout, splitNestedHoldout } from './split-rows.js';

const make = (target: readonly number[], task: Task = 'binary-classification', classes?: readonly string[]) =>
  createDataset({
    features: [{ name: 'a', kind: 'numeric' }],
    columns: [target.map((_, i) => i)],
    target,
    task,
    ...(classes ? { classes } : {}),
  });

const list = (rows: Int32Array): number[] => Array.from(rows);

// Recorded from the first version: earlier trainings must be repeatable.
it('splits two classes as it always has', () => {
  const dataset = make(Array.from({ length: 57 }, (_, i) => Number((i * 7919) % 13 < 5)));
  expect(list(splitHoldout(dataset, { testShare: 0.25, seed: 11 }).testRows)).toEqual([
    6, 11, 15, 20, 21, 22, 24, 27, 30, 32, 43, 46, 52, 55, 56,
  ]);
  expect(planFolds(dataset, { foldCount: 4, seed: 11 }).map(({ testRows }) => list(testRows))).toEqual([
    [2, 4, 6, 16, 22, 27, 30, 34, 39, 41, 44, 48, 50, 51, 53],
    [19, 21, 23, 24, 29, 31, 32, 33, 36, 46, 47, 49, 52, 56],
    [1, 3, 7, 11, 12, 15, 17, 18, 20, 25, 28, 38, 40, 55],
    [0, 5, 8, 9, 10, 13, 14, 26, 35, 37, 42, 43, 45, 54],
  ]);
});

it('spreads many classes, and the target of a regression, evenly over folds', () => {
  const labels = Array.from({ length: 97 }, (_, i) => (i * 31) % 4);
  const many = make(labels, 'multiclass-classification', ['a', 'b', 'c', 'd']);
  const counts = planFolds(many, { foldCount: 5, seed: 1 }).map(({ testRows }) =>
    [0, 1, 2, 3].map((label) => list(testRows).filter((row) => labels[row] === label).length),
  );
  for (const each of counts.flat()) expect([4, 5]).toContain(each);
  const incomplete = make(labels, 'multiclass-classification', ['a', 'b', 'c', 'd', 'e']);
  expect(() => planFolds(incomplete, { foldCount: 5, seed: 1 })).toThrow('Class "e" has 0 rows, fewer than the 5');

  const values = Array.from({ length: 103 }, (_, i) => Math.exp(((i * 37) % 103) / 20));
  const regression = make(values, 'regression');
  const means = planFolds(regression, { foldCount: 5, seed: 1 }).map(
    ({ testRows }) => list(testRows).reduce((sum, row) => sum + values[row]!, 0) / testRows.length,
  );
  const plain = planFolds(regression, { foldCount: 5, seed: 1, strategy: { kind: 'shuffled' } }).map(
    ({ testRows }) => list(testRows).reduce((sum, row) => sum + values[row]!, 0) / testRows.length,
  );
  const range = (numbers: readonly number[]): number => Math.max(...numbers) - Math.min(...numbers);
  expect(range(means)).toBeLessThan(range(plain) / 2);
});

it('spreads rare anomalies as far as they go, and needs none', () => {
  const folds = planFolds(make([1, 1, ...new Array(18).fill(0)], 'anomaly-detection'), { foldCount: 4, seed: 1 });
  expect(folds.map(({ testRows }) => testRows.length)).toEqual([5, 5, 5, 5]);
  expect(folds.map(({ testRows }) => list(testRows).filter((row) => row < 2).length).sort()).toEqual([0, 0, 1, 1]);
  expect(planFolds(make(new Array(20).fill(0), 'anomaly-detection'), { foldCount: 4, seed: 1 })).toHaveLength(4);
});

const grouped = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 30 }), fc.constantFrom(0, 1)), { minLength: 150, maxLength: 250 })
  .map((rows) => ({ groups: rows.map(([group]) => `g${group}`), target: rows.map(([, label]): number => label) }));

it('never lets a group into two parts, and keeps the classes about even', () => {
  fc.assert(
    fc.property(grouped, fc.integer(), ({ groups, target }, seed) => {
      const strategy = { kind: 'grouped', groups } as const;
      const dataset = make(target);
      const share = target.reduce((sum, label) => sum + label, 0) / target.length;
      for (const { trainRows, testRows } of [
        ...planFolds(dataset, { foldCount: 4, seed, strategy }),
        splitHoldout(dataset, { testShare: 0.25, seed, strategy }),
      ]) {
        const learned = new Set(list(trainRows).map((row) => groups[row]));
        expect(list(testRows).some((row) => learned.has(groups[row]))).toBe(false);
        expect(trainRows.length + testRows.length).toBe(target.length);
        expect(Math.abs(testRows.length / target.length - 0.25)).toBeLessThan(0.06);
        const held = list(testRows).reduce((sum, row) => sum + target[row]!, 0) / testRows.length;
        expect(Math.abs(held - share)).toBeLessThan(0.15);
      }
    }),
    { numRuns: 50 },
  );
});

it('judges only what is later than what it learned from', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 60, maxLength: 120 }), (times) => {
      fc.pre(new Set(times).size > 8);
      const dataset = make(times, 'regression');
      const strategy = { kind: 'time-ordered', times } as const;
      const parts = [
        ...planFolds(dataset, { foldCount: 4, seed: 1, strategy }),
        splitHoldout(dataset, { testShare: 0.3, seed: 1, strategy }),
      ];
      for (const { trainRows, testRows } of parts) {
        const latest = Math.max(...list(trainRows).map((row) => times[row]!));
        expect(Math.min(...list(testRows).map((row) => times[row]!))).toBeGreaterThan(latest);
      }
      const judged = parts.slice(0, 4).flatMap(({ testRows }) => list(testRows));
      expect(new Set(judged).size).toBe(judged.length);
    }),
  );
});

// scikit-learn 1.9: TimeSeriesSplit(n_splits=3).split(range(11)).
it('expands windows as TimeSeriesSplit does when the order of rows is the time', () => {
  const dataset = make(
    Array.from({ length: 11 }, (_, i) => i),
    'regression',
  );
  const folds = planFolds(dataset, { foldCount: 3, seed: 1, strategy: { kind: 'time-ordered' } });
  expect(folds.map(({ testRows }) => list(testRows))).toEqual([
    [5, 6],
    [7, 8],
    [9, 10],
  ]);
  expect(folds.map(({ trainRows }) => list(trainRows))).toEqual([
    [0, 1, 2, 3, 4],
    [0, 1, 2, 3, 4, 5, 6],
    [0, 1, 2, 3, 4, 5, 6, 7, 8],
  ]);
});

it('says which class, group or time a split lacks', () => {
  const late = make([...new Array(15).fill(0), ...new Array(5).fill(1)]);
  const strategy = { kind: 'time-ordered' } as const;
  expect(() => planFolds(late, { foldCount: 3, seed: 1, strategy })).toThrow(
    'Class "1" has no rows to learn from in fold 0.',
  );
  expect(() => splitHoldout(late, { testShare: 0.2, seed: 1, strategy })).toThrow(
    'Class "0" has no rows to judge in the holdout.',
  );
  const groups = late.target.map((_, i) => i % 2);
  expect(() => planFolds(late, { foldCount: 3, seed: 1, strategy: { kind: 'grouped', groups } })).toThrow(
    "2 groups can't be split into 3 parts.",
  );
  const times = new Array(20).fill(5);
  expect(() => splitHoldout(late, { testShare: 0.2, seed: 1, strategy: { kind: 'time-ordered', times } })).toThrow(
    "1 different times can't be split into 2 parts.",
  );
  times[3] = Number.NaN;
  expect(() => splitHoldout(late, { testShare: 0.2, seed: 1, strategy: { kind: 'time-ordered', times } })).toThrow(
    'Row 3 has no time.',
  );
});

it('nests a validation part and inner folds without touching the rows that judge', () => {
  const dataset = make(Array.from({ length: 80 }, (_, i) => Number(i % 3 === 0)));
  const { trainRows, validationRows, testRows } = splitNestedHoldout(dataset, {
    testShare: 0.2,
    validationShare: 0.2,
    seed: 5,
  });
  expect([trainRows, validationRows, testRows].flatMap(list).sort((a, b) => a - b)).toEqual(
    Array.from({ length: 80 }, (_, i) => i),
  );
  expect(testRows).toEqual(splitHoldout(dataset, { testShare: 0.2, seed: 5 }).testRows);
  expect(Math.abs(validationRows.length - 16)).toBeLessThanOrEqual(1);
  for (const { outer, inner } of planNestedFolds(dataset, { outerFolds: 4, innerFolds: 3, seed: 5 })) {
    expect(inner).toHaveLength(3);
    const seen = new Set(inner.flatMap(({ trainRows: rows, testRows: held }) => [...rows, ...held]));
    expect(list(outer.testRows).some((row) => seen.has(row))).toBe(false);
    expect(seen.size).toBe(outer.trainRows.length);
  }
  expect(() => splitNestedHoldout(dataset, { testShare: 0.5, validationShare: 0.5, seed: 5 })).toThrow(
    'validationShare must be in (0, 0.5), got 0.5.',
  );
});
