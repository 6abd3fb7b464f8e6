import { expect, it } from '@jest/globals';
import { makeTask } from '../../test/make-task.js';
import { createDataset, type Dataset, type FeatureKind, type Task } from '../dataset/dataset.js';
import { splitHoldout } from '../dataset/split-rows.js';
import { createRandom } from '../random/random.js';
import { DATA_CHECKS } from './check-codes.js';
import { checkDataset } from './check-dataset.js';
import { checkSplit, countSharedRows } from './check-split.js';

const TASKS: readonly Task[] = [
  'binary-classification',
  'multiclass-classification',
  'regression',
  'anomaly-detection',
];

/** A sound dataset with one more column. */
function withColumn(task: Task, make: (row: number, target: number) => number, kind: FeatureKind = 'numeric'): Dataset {
  const sound = makeTask({ task, rows: 300, seed: 5 });
  return createDataset({
    ...sound,
    features: [...sound.features, { name: 'x', kind }],
    columns: [...sound.columns, Float64Array.from(sound.target, (target, row) => make(row, target))],
  });
}

const findings = (dataset: Dataset): string[] =>
  checkDataset({ dataset }).map(({ code, column }) => (column === undefined ? code : `${code} ${column}`));

it.each(TASKS)('%s: finds nothing in sound data', (task) => {
  expect(checkDataset({ dataset: makeTask({ task, rows: 300, seed: 5 }) })).toEqual([]);
});

it.each(TASKS)('%s: names a column that is, or nearly is, the target', (task) => {
  const random = createRandom(2);
  expect(findings(withColumn(task, (_, target) => target))).toEqual(['target-copy x']);
  expect(findings(withColumn(task, (_, target) => 7 - 3 * target))).toEqual(['leak x']);
  expect(findings(withColumn(task, (_, target) => target + 0.01 * random.nextFloat()))).toEqual(['leak x']);
  expect(findings(withColumn(task, (_, target) => (random.nextFloat() < 0.3 ? Number.NaN : 5 * target)))).toEqual([
    'leak x',
  ]);
});

it('names a code, a missing mark and a crooked function that tell the target', () => {
  const codes = [3, 1, 2];
  expect(findings(withColumn('multiclass-classification', (_, target) => codes[target]!, 'categorical'))).toEqual([
    'leak x',
  ]);
  expect(findings(withColumn('binary-classification', (row, target) => (target === 1 ? Number.NaN : row % 7)))).toEqual(
    ['leak x'],
  );
  // Both ends are one class: no threshold tells it, the neighbours do.
  const random = createRandom(2);
  const bend = (target: number): number => (target === 1 ? random.nextFloat() : random.nextFloat() < 0.5 ? 3 : -3);
  expect(findings(withColumn('binary-classification', (_, target) => bend(target)))).toEqual(['leak x']);
});

it('does not call a strong, honest column a leak', () => {
  const random = createRandom(3);
  expect(
    findings(
      withColumn(
        'binary-classification',
        (_, target) => target + 0.8 * random.nextFloat() * (random.nextFloat() < 0.1 ? 3 : 1),
      ),
    ),
  ).toEqual([]);
  expect(findings(withColumn('regression', (_, target) => target + random.nextFloat()))).toEqual([]);
});

it('names what numbers rows or dates them', () => {
  const day = (row: number): number => 20_240_101 + (row % 28) + 100 * (row % 12);
  const start = 1_700_000_000;
  const cases: readonly [string, (row: number) => number][] = [
    ['identifier', (row) => row + 1],
    ['identifier', (row) => 90_000_000 - 40 * row],
    ['identifier', (row) => (row * 7) % 300],
    ['date-as-number', day],
    ['date-as-number', (row) => start + ((row * 7919) % 300) * 86_400],
    ['date-as-number', (row) => 1000 * (start + ((row * 7919) % 300) * 86_400)],
  ];
  for (const [code, make] of cases) expect(findings(withColumn('regression', make))).toContain(`${code} x`);
  const random = createRandom(3);
  // Ordinary whole numbers: ages, amounts in cents.
  expect(findings(withColumn('regression', () => 20 + random.nextInteger(60)))).toEqual([]);
  expect(findings(withColumn('regression', () => random.nextInteger(5_000_000)))).toEqual([]);
  expect(findings(withColumn('regression', () => 18_000_000 + random.nextInteger(3_000_000)))).toEqual([]);
});

it('names columns that tell nothing, and values beyond use', () => {
  expect(findings(withColumn('regression', () => Number.NaN))).toEqual(['column-missing x']);
  expect(findings(withColumn('regression', () => 4))).toEqual(['column-constant x']);
  expect(findings(withColumn('regression', (row) => (row % 50 === 0 ? 1e15 : row % 9)))).toEqual(['huge-values x']);
  const empty = createDataset({
    features: [{ name: 'a', kind: 'numeric' }],
    columns: [new Array(20).fill(1)],
    target: Array.from({ length: 20 }, (_, i) => i % 2),
  });
  expect(findings(empty)).toEqual(['no-usable-column', 'column-constant a']);
});

it('refuses 10 000 categories, and warns of many or of one per row', () => {
  const rows = 30_000;
  const random = createRandom(4);
  const make = (categories: number): Dataset =>
    createDataset({
      features: [{ name: 'city', kind: 'categorical' }],
      columns: [Array.from({ length: rows }, (_, i) => (i * 7919) % categories)],
      target: Array.from({ length: rows }, () => random.nextInteger(2)),
    });
  expect(checkDataset({ dataset: make(10_000) })).toMatchObject([{ code: 'too-many-categories', severity: 'error' }]);
  expect(findings(make(9_999))).toEqual(['many-categories city']);
  expect(findings(make(255))).toEqual([]);
  expect(findings(withColumn('regression', (row) => row % 200, 'categorical'))).toEqual(['identifier x']);
});

it('names targets that can not be learned', () => {
  const sound = makeTask({ task: 'multiclass-classification', rows: 60, seed: 5 });
  const target = (values: readonly number[], classes: readonly string[]): Dataset =>
    createDataset({ ...sound, target: values, classes });
  const rows = Array.from({ length: 60 }, (_, i) => i);
  expect(findings(target(new Array(60).fill(1), ['a', 'b']))).toEqual(['constant-target']);
  const many = Array.from({ length: 61 }, (_, k) => `c${k}`);
  expect(findings(target(rows, many))).toContain('more-classes-than-rows');
  const [small] = checkDataset({
    dataset: target(
      rows.map((i) => (i < 3 ? 2 : i % 2)),
      ['a', 'b', 'c'],
    ),
  });
  expect(small).toEqual({
    code: 'class-too-small',
    severity: 'error',
    message: 'Fewer rows than the 5 folds have: "c" (3). Merge or leave out such classes, or plan fewer folds.',
  });
  const regression = makeTask({ task: 'regression', rows: 60, seed: 5 });
  expect(findings({ ...regression, target: new Float64Array(60).fill(2) })).toEqual(['constant-target']);
  const unlabelled = makeTask({ task: 'anomaly-detection', rows: 60, seed: 5 });
  expect(findings({ ...unlabelled, target: new Float64Array(60) })).toEqual([]);
});

it('counts rows that a split has on both sides, missing cells and signs of zero included', () => {
  const cells = Array.from({ length: 40 }, (_, i) => (i % 4 === 0 ? Number.NaN : (i % 20) - 10));
  const other = Array.from({ length: 40 }, (_, i) => (i % 20 === 10 ? (i < 20 ? 0 : -0) : i % 5));
  const dataset = createDataset({
    features: [
      { name: 'a', kind: 'numeric' },
      { name: 'b', kind: 'numeric' },
    ],
    columns: [cells, other],
    target: Array.from({ length: 40 }, (_, i) => i % 2),
  });
  const halves = {
    trainRows: Int32Array.from({ length: 20 }, (_, i) => i),
    testRows: Int32Array.from({ length: 20 }, (_, i) => 20 + i),
  };
  expect(countSharedRows(dataset, halves)).toBe(20);
  expect(checkSplit(dataset, halves)).toMatchObject([
    {
      code: 'duplicate-rows',
      severity: 'warning',
      message: expect.stringContaining('20 of 20 rows to judge by (100.0 %)'),
    },
  ]);
  const sound = makeTask({ task: 'regression', rows: 2000, seed: 5 });
  expect(checkSplit(sound, splitHoldout(sound, { testShare: 0.3, seed: 1 }))).toEqual([]);
});

it('tells errors before warnings', () => {
  const severities = Object.values(DATA_CHECKS).map(({ severity }) => severity);
  expect(severities.lastIndexOf('error')).toBeLessThan(severities.indexOf('warning'));
});
