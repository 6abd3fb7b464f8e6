import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  createDataset,
  createFeatureTable,
  type Dataset,
  type DatasetSource,
  type Task,
} from '../../dataset/dataset.js';
import { createRandom } from '../../random/random.js';
import { fitModel } from '../fit-model.js';
import type { LinearModel, Model } from '../model.js';
import { predict } from '../predict.js';

interface Weights {
  readonly weights: readonly number[][];
  readonly bias: readonly number[];
}

interface Golden {
  readonly columns: readonly number[][];
  readonly binary: readonly number[];
  readonly classes: readonly number[];
  readonly value: readonly number[];
  readonly weights: readonly number[];
  readonly linear: Readonly<Record<string, Weights>>;
}

// Made by test/golden/make_forest_linear_golden.py with scikit-learn 1.9.1; JSON has no types of its own.
const golden = JSON.parse(
  readFileSync(new URL('../../../test/golden/forest-linear.json', import.meta.url), 'utf8'),
) as Golden;

const numericFeatures = (count: number) =>
  Array.from({ length: count }, (_, j) => ({ name: `x${j}`, kind: 'numeric' as const }));

function goldenDataset(task: Task, weights: readonly number[] | null): Dataset {
  const source = { task, features: numericFeatures(golden.columns.length), columns: golden.columns, weights };
  if (task === 'regression') return createDataset({ ...source, target: golden.value });
  if (task === 'binary-classification') return createDataset({ ...source, target: golden.binary });
  return createDataset({ ...source, target: golden.classes, classes: ['a', 'b', 'c'] });
}

function asLinear(model: Model): LinearModel {
  if (model.kind !== 'linear') throw new Error('not a linear model');
  return model;
}

const EXACT = { tol: 1e-10, max_iter: 2000 };

it.each([
  ['binary_weighted', 'binary-classification', golden.weights, 'logistic_regression', { ...EXACT, C: 0.7 }],
  [
    'binary_balanced',
    'binary-classification',
    null,
    'logistic_regression',
    { ...EXACT, C: 0.7, class_weight: 'balanced' },
  ],
  ['multinomial', 'multiclass-classification', null, 'logistic_regression', { ...EXACT, C: 0.5 }],
  ['ridge', 'regression', null, 'ridge_regression', { alpha: 3 }],
  ['ridge_weighted', 'regression', golden.weights, 'ridge_regression', { alpha: 3 }],
  ['plain', 'regression', null, 'linear_regression', { alpha: 0 }],
] as const)('finds the weights that scikit-learn finds (%s)', (name, task, weights, algorithm, hyperparameters) => {
  const model = asLinear(fitModel({ dataset: goldenDataset(task, weights), algorithm, hyperparameters, seed: 1 }));
  const expected = golden.linear[name]!;
  expect(model.fit.converged).toBe(true);
  expected.weights.forEach((row, output) => {
    row.forEach((weight, j) => {
      // float32 weights: the tolerance is relative for large ones.
      expect(Math.abs(model.numeric[j]!.weights[output]! - weight)).toBeLessThan(2e-7 * Math.max(1, Math.abs(weight)));
    });
    expect(Math.abs(model.bias[output]! - expected.bias[output]!)).toBeLessThan(
      2e-7 * Math.max(1, Math.abs(expected.bias[output]!)),
    );
  });
});

/** Rows with numbers, gaps and codes. */
const rowsWithWeights = fc.array(
  fc.record({
    number: fc.option(fc.integer({ min: -20, max: 20 }), { nil: Number.NaN }),
    code: fc.option(fc.integer({ min: 1, max: 4 }), { nil: Number.NaN }),
    target: fc.integer({ min: 0, max: 2 }),
    copies: fc.integer({ min: 0, max: 3 }),
  }),
  { minLength: 20, maxLength: 60 },
);

it.each([
  ['binary-classification', 'logistic_regression', EXACT],
  ['multiclass-classification', 'logistic_regression', EXACT],
  ['regression', 'ridge_regression', { alpha: 2 }],
] as const)('treats a weight as that many copies of a row (%s)', (task, algorithm, hyperparameters) => {
  fc.assert(
    fc.property(rowsWithWeights, (rows) => {
      const targets = rows.map(({ target }) => (task === 'binary-classification' ? Number(target > 0) : target));
      const seen = new Set(rows.flatMap(({ copies }, i) => (copies > 0 ? [targets[i]] : [])));
      fc.pre(seen.size > 1);
      const features = [
        { name: 'a', kind: 'numeric' as const },
        { name: 'b', kind: 'categorical' as const },
      ];
      const fit = (order: readonly number[], weights: readonly number[] | null): Float64Array => {
        const source: DatasetSource = {
          task,
          features,
          columns: [order.map((i) => rows[i]!.number), order.map((i) => rows[i]!.code)],
          target: order.map((i) => targets[i]!),
          weights,
          ...(task === 'multiclass-classification' ? { classes: ['a', 'b', 'c'] } : {}),
        };
        return predict(fitModel({ dataset: createDataset(source), algorithm, hyperparameters, seed: 1 }), asked);
      };
      const asked = createFeatureTable({
        features,
        columns: [
          [-3, 0, 5, Number.NaN],
          [1, 2, Number.NaN, 9],
        ],
      });
      const all = rows.map((_, i) => i);
      const copied = all.flatMap((i) => new Array<number>(rows[i]!.copies).fill(i));
      const weighted = fit(
        all,
        rows.map(({ copies }) => copies),
      );
      fit(copied, null).forEach((value, i) => {
        expect(weighted[i]).toBeCloseTo(value, 4);
      });
    }),
    { numRuns: 30 },
  );
});

function makeLarge(rowCount: number, weights: 'weighted' | 'plain'): Dataset {
  const random = createRandom(5);
  const columns = Array.from({ length: 7 }, () => new Float32Array(rowCount));
  const target = new Float64Array(rowCount);
  for (let i = 0; i < rowCount; i++) {
    columns.forEach((column, j) => {
      column[i] = random.nextFloat() * (j + 1) + (j > 0 ? 0.5 * columns[j - 1]![i]! : 0);
    });
    const margin = columns[0]![i]! * 3 - columns[3]![i]! + 0.5;
    target[i] = Number(random.nextFloat() < 1 / (1 + Math.exp(-margin)));
  }
  const weighted = weights === 'weighted' ? Float32Array.from(target, (_, i) => (i % 5) / 2) : null;
  return createDataset({ features: numericFeatures(7), columns, target, weights: weighted });
}

it.each(['weighted', 'plain'] as const)(
  'starts on a sample of many rows and ends where all of them lead (%s)',
  (weights) => {
    const dataset = makeLarge(40_000, weights);
    const fit = (tol: number) =>
      asLinear(
        fitModel({ dataset, algorithm: 'logistic_regression', hyperparameters: { tol, max_iter: 500 }, seed: 1 }),
      );
    const exact = fit(1e-9);
    const usual = fit(1e-4);
    expect(exact.fit.converged && usual.fit.converged).toBe(true);
    expect(usual.fit.iterations).toBeLessThan(6);
    expect(usual.fit.objective - exact.fit.objective).toBeLessThan(1e-6);
    // The gradient of the loss at the minimum, written out anew.
    const probabilities = predict(exact, dataset);
    const weightOf = (i: number): number => dataset.weights?.[i] ?? 1;
    let gradient = 0;
    let total = 0;
    for (let i = 0; i < dataset.rowCount; i++) {
      gradient += weightOf(i) * (probabilities[i]! - dataset.target[i]!);
      total += weightOf(i);
    }
    expect(Math.abs(gradient / total)).toBeLessThan(1e-6);
  },
);

it('finds least squares of least norm when columns determine each other', () => {
  const random = createRandom(2);
  const first = Array.from({ length: 200 }, () => random.nextFloat());
  const columns = [first, first.map((value) => 3 * value + 1), first.map(() => 5)];
  const target = first.map((value) => 7 * value - 2);
  const dataset = createDataset({ task: 'regression', features: numericFeatures(3), columns, target });
  const model = asLinear(fitModel({ dataset, algorithm: 'linear_regression', hyperparameters: { alpha: 0 }, seed: 1 }));
  predict(model, dataset).forEach((value, i) => {
    expect(value).toBeCloseTo(target[i]!, 4);
  });
  expect(model.numeric[0]!.weights[0]).toBeCloseTo(model.numeric[1]!.weights[0]!, 3); // the load is shared
});

it.each(['logistic_regression', 'ridge_regression'])(
  '%s gives the 1000 most frequent categories a weight of their own',
  (algorithm) => {
    const random = createRandom(3);
    const codes = Array.from({ length: 12_000 }, (_, i) => (i < 6000 ? i % 1000 : 1000 + random.nextInteger(9000)));
    const target = codes.map((code) => Number(code % 2 === 0));
    const task = algorithm === 'ridge_regression' ? 'regression' : 'binary-classification';
    const dataset = createDataset({ task, features: [{ name: 'a', kind: 'categorical' }], columns: [codes], target });
    const model = asLinear(fitModel({ dataset, algorithm, seed: 1 }));
    expect(model.categories).toHaveLength(1000);
    const asked = createFeatureTable({ features: dataset.features, columns: [[0, 1, 99_999]] });
    const [even, odd, unknown] = predict(model, asked);
    expect(even).toBeGreaterThan(0.7);
    expect(odd).toBeLessThan(0.3);
    expect(unknown).toBeGreaterThan(odd!);
    expect(unknown).toBeLessThan(even!);
  },
);

it('searches when there are too many terms for their matrix', () => {
  const random = createRandom(4);
  const columns = [0, 1].map(() => Array.from({ length: 8000 }, () => random.nextInteger(900)));
  const target = columns[0]!.map((code, i) => (code % 7) + (columns[1]![i]! % 3));
  const features = ['a', 'b'].map((name) => ({ name, kind: 'categorical' as const }));
  const dataset = createDataset({ task: 'regression', features, columns, target });
  const model = asLinear(fitModel({ dataset, algorithm: 'ridge_regression', seed: 1 }));
  expect(model.fit.iterations).toBeGreaterThan(1);
  expect(model.fit.converged).toBe(true);
  const errors = predict(model, dataset).map((value, i) => (value - target[i]!) ** 2);
  expect(errors.reduce((sum, error) => sum + error, 0) / errors.length).toBeLessThan(0.2);
});

it.each([
  ['multiclass-classification', 'logistic_regression'],
  ['regression', 'ridge_regression'],
] as const)('stays finite on constant, wholly missing and huge columns (%s)', (task, algorithm) => {
  const target = Array.from({ length: 40 }, (_, i) => i % 3);
  const columns = [target.map(() => 0.1), target.map(() => Number.NaN), target.map((_, i) => (i - 20) * 1.6e37)];
  const classes = task === 'multiclass-classification' ? { classes: ['a', 'b', 'c', 'never seen'] } : {};
  const dataset = createDataset({ task, features: numericFeatures(3), columns, target, ...classes });
  const answers = predict(fitModel({ dataset, algorithm, seed: 1 }), dataset);
  expect(answers.every(Number.isFinite)).toBe(true);
  if (task === 'multiclass-classification')
    expect(Math.max(...answers.filter((_, i) => i % 4 === 3))).toBeLessThan(0.01); // the class that never occurs
});

it('learns values as large as float32 holds', () => {
  const values = Array.from({ length: 50 }, (_, i) => i);
  const target = values.map((value) => (value - 25) * 1e37);
  const dataset = createDataset({ task: 'regression', features: numericFeatures(1), columns: [values], target });
  const answers = predict(
    fitModel({ dataset, algorithm: 'linear_regression', hyperparameters: { alpha: 0 }, seed: 1 }),
    dataset,
  );
  answers.forEach((value, i) => {
    expect(Math.abs(value - target[i]!)).toBeLessThan(1e33);
  });
});
