import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { makeCohort } from '../../test/make-cohort.js';
import { createDataset, createFeatureTable, type Dataset } from '../dataset/dataset.js';
import { evaluateBinary } from '../evaluation/evaluate-binary.js';
import { algorithmsFor } from './algorithm.js';
import { fitModel } from './fit-model.js';
import { predictProbability } from './predict-probability.js';

const BINARY_ALGORITHMS = algorithmsFor('binary-classification');

const cohort = makeCohort({ rows: 600, seed: 11, missingShare: 0.05 });
const unseen = makeCohort({ rows: 2000, seed: 12, missingShare: 0.05 });

it.each(BINARY_ALGORITHMS)('%s ranks unseen rows nearly as well as the rule that made them', (algorithm) => {
  const model = fitModel({ dataset: cohort, algorithm, seed: 1 });
  const { metrics } = evaluateBinary(unseen.target, predictProbability(model, unseen), 0.5);
  expect(metrics.rocAuc).toBeGreaterThan(0.8); // the rule itself reaches .87 without missing cells
});

it.each(BINARY_ALGORITHMS)(
  '%s gives the same model for the same seed, and survives JSON and structured clone',
  (algorithm) => {
    const first = fitModel({ dataset: cohort, algorithm, seed: 5 });
    expect(fitModel({ dataset: cohort, algorithm, seed: 5 })).toEqual(first);
    const expected = predictProbability(first, unseen);
    expect(predictProbability(JSON.parse(JSON.stringify(first)), unseen)).toEqual(expected);
    expect(predictProbability(structuredClone(first), unseen)).toEqual(expected);
  },
);

it('lets the seed move a forest and sampled boosting, and nothing else', () => {
  const differs = (algorithm: string, hyperparameters: Record<string, unknown>): boolean => {
    const predict = (seed: number): Float64Array =>
      predictProbability(fitModel({ dataset: cohort, algorithm, hyperparameters, seed }), unseen);
    const [one, two] = [predict(1), predict(2)];
    return one.some((value, i) => value !== two[i]);
  };
  const few = { n_estimators: 5 };
  expect(differs('random_forest', few)).toBe(true);
  expect(differs('xgboost', { ...few, subsample: 0.7, colsample_bytree: 0.5 })).toBe(true);
  expect(differs('xgboost', few)).toBe(false);
  expect(differs('logistic_regression', {})).toBe(false);
});

it.each(BINARY_ALGORITHMS)('%s does not look at rows outside its training rows', (algorithm) => {
  const rows = Int32Array.from({ length: 300 }, (_, i) => i);
  const head: Dataset = createDataset({
    features: cohort.features,
    columns: cohort.columns.map((column) => column.slice(0, 300)),
    target: cohort.target.slice(0, 300),
  });
  expect(fitModel({ dataset: cohort, rows, algorithm, seed: 2 })).toEqual(
    fitModel({ dataset: head, algorithm, seed: 2 }),
  );
});

/** Four numeric columns of small integers, so that a monotone transform keeps every tie and float32 every order. */
const integerRows = fc.array(
  fc.tuple(
    fc.integer({ min: -20, max: 20 }),
    fc.integer({ min: 0, max: 3 }),
    fc.option(fc.integer({ min: -5, max: 5 }), { nil: Number.NaN }),
    fc.constantFrom(0, 1),
  ),
  { minLength: 30, maxLength: 80 },
);

it.each(['random_forest', 'xgboost', 'lightgbm'])(
  '%s does not change under a monotone transform of a column',
  (algorithm) => {
    fc.assert(
      fc.property(integerRows, (rows) => {
        const target = rows.map((row) => row[3]);
        fc.pre(target.includes(0) && target.includes(1));
        const fitted = (transform: (value: number) => number): Float64Array => {
          const columns = [0, 1, 2].map((j) => rows.map((row) => transform(row[j]!)));
          const features = columns.map((_, j) => ({ name: `x${j}`, kind: 'numeric' as const }));
          const dataset = createDataset({ features, columns, target });
          const model = fitModel({ dataset, algorithm, hyperparameters: { n_estimators: 8 }, seed: 4 });
          return predictProbability(model, dataset);
        };
        expect(fitted((value) => value ** 3 + value)).toEqual(fitted((value) => value));
      }),
      { numRuns: 40 },
    );
  },
);

it('learns which way missing values go', () => {
  const values = Array.from({ length: 60 }, (_, i) => (i % 3 === 0 ? Number.NaN : i));
  const target = values.map((value) => Number(Number.isNaN(value)));
  const dataset = createDataset({ features: [{ name: 'a', kind: 'numeric' }], columns: [values], target });
  const asked = createFeatureTable({ features: dataset.features, columns: [[Number.NaN, -100, 30, 1e9]] });
  for (const algorithm of ['random_forest', 'xgboost']) {
    const model = fitModel({ dataset, algorithm, seed: 1 });
    expect(Array.from(predictProbability(model, asked), Math.round)).toEqual([1, 0, 0, 0]);
  }
});

it('gives each code of a categorical column its own weight in a linear model', () => {
  const codes = Array.from({ length: 100 }, (_, i) => [1, 2, 3, 2][i % 4]!);
  const target = codes.map((code, i) => Number(code === 2) ^ Number(i % 10 === 0));
  const columns = [codes];
  const categorical = createDataset({ features: [{ name: 'a', kind: 'categorical' }], columns, target });
  const asked = createFeatureTable({ features: categorical.features, columns: [[1, 2, 3, 7, Number.NaN]] });
  const model = fitModel({ dataset: categorical, algorithm: 'logistic_regression', seed: 1 });
  const [one, two, three, unknown, missing] = predictProbability(model, asked);
  expect(two).toBeGreaterThan(0.7);
  expect(Math.max(one!, three!)).toBeLessThan(0.3);
  expect(missing).toBe(two); // the most frequent code stands in
  expect(unknown).not.toBe(two); // a code that training never saw has no indicator
});

it('stays finite on constant, wholly missing and huge columns', () => {
  const target = Array.from({ length: 40 }, (_, i) => i % 2);
  const dataset = createDataset({
    features: ['constant', 'missing', 'huge'].map((name) => ({ name, kind: 'numeric' })),
    columns: [target.map(() => 0.1), target.map(() => Number.NaN), target.map((_, i) => (i - 20) * 1.6e37)],
    target,
  });
  for (const algorithm of BINARY_ALGORITHMS) {
    const probabilities = predictProbability(fitModel({ dataset, algorithm, seed: 1 }), dataset);
    expect(probabilities.every((value) => value >= 0 && value <= 1)).toBe(true);
  }
});

it('reports progress up to 1 and stops between steps when told to', () => {
  const seen: number[] = [];
  fitModel({ dataset: cohort, algorithm: 'xgboost', seed: 1, hooks: { onProgress: (done) => void seen.push(done) } });
  expect(seen.at(-1)).toBe(1);
  expect(seen.every((done, i) => i === 0 || done >= seen[i - 1]!)).toBe(true);
  for (const algorithm of BINARY_ALGORITHMS) {
    let asked = 0;
    const shouldStop = (): boolean => ++asked > 3;
    expect(() => fitModel({ dataset: cohort, algorithm, seed: 1, hooks: { shouldStop } })).toThrow(
      'training-cancelled',
    );
    expect(asked).toBe(4);
  }
});

it('refuses to learn from one class, a broken seed, and to predict on other columns', () => {
  const one = createDataset({ features: cohort.features, columns: [[1], [1], [1], [1]], target: [1] });
  for (const algorithm of BINARY_ALGORITHMS) {
    expect(() => fitModel({ dataset: one, algorithm, seed: 1 })).toThrow(
      'All 1 training rows have the same target (1)',
    );
  }
  expect(() => fitModel({ dataset: cohort, algorithm: 'xgboost', seed: 0.5 })).toThrow('seed must be an integer');
  const model = fitModel({ dataset: cohort, algorithm: 'logistic_regression', seed: 1 });
  const other = createFeatureTable({ features: [{ name: 'dose', kind: 'numeric' }], columns: [[1]] });
  expect(() => predictProbability(model, other)).toThrow('feature-mismatch');
});
