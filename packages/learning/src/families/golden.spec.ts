import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { createDataset } from '../dataset/dataset.js';
import { evaluateBinary } from '../evaluation/evaluate-binary.js';
import { fitModel } from './fit-model.js';
import { predictProbability } from './predict-probability.js';

interface Golden {
  readonly columns: readonly (number | null)[][];
  readonly columns_missing: readonly (number | null)[][];
  readonly target: readonly number[];
  readonly logistic_regression: {
    readonly mean: readonly number[];
    readonly deviation: readonly number[];
    readonly weights: readonly number[];
    readonly bias: number;
    readonly probabilities: readonly number[];
  };
  readonly random_forest: { readonly probabilities: readonly number[] };
  readonly level_wise: { readonly dense: readonly number[]; readonly missing: readonly number[] };
  readonly leaf_wise: { readonly dense: readonly number[]; readonly missing: readonly number[] };
  readonly metrics: {
    readonly roc_auc: number;
    readonly log_loss: number;
    readonly brier: number;
    readonly f1: number;
  };
}

// Made by test/golden/make_golden.py with scikit-learn 1.9.0, xgboost 3.2.0 and lightgbm 4.7.0; JSON has no types of its own.
const golden = JSON.parse(readFileSync(new URL('../../test/golden/golden.json', import.meta.url), 'utf8')) as Golden;

const toDataset = (columns: readonly (number | null)[][]) =>
  createDataset({
    features: columns.map((_, j) => ({ name: `x${j}`, kind: 'numeric' })),
    columns: columns.map((column) => column.map((value) => value ?? Number.NaN)),
    target: golden.target,
  });
const dense = toDataset(golden.columns);
const withMissing = toDataset(golden.columns_missing);

/** Both sides round leaf values, ours to 2^-20 of log-odds and theirs to float32. */
const TOLERANCE = 2e-6;

function expectClose(found: ArrayLike<number>, expected: readonly number[], tolerance: number): void {
  expect(found).toHaveLength(expected.length);
  const worst = Math.max(...expected.map((value, i) => Math.abs(value - found[i]!)));
  expect(worst).toBeLessThan(tolerance);
}

it('finds the logistic regression that scikit-learn finds, medians and scaling included', () => {
  const hyperparameters = { C: 0.5, tol: 1e-10, max_iter: 1000 };
  const model = fitModel({ dataset: withMissing, algorithm: 'logistic_regression', hyperparameters, seed: 1 });
  if (model.kind !== 'linear') throw new Error('a logistic regression is linear');
  const expected = golden.logistic_regression;
  expectClose(
    model.numeric.map(({ weights: [weight] }) => weight!),
    expected.weights,
    1e-7,
  );
  expectClose(
    model.numeric.map(({ offset }) => offset),
    expected.mean,
    1e-5,
  );
  expectClose(
    model.numeric.map(({ scale }) => 1 / scale),
    expected.deviation,
    1e-5,
  );
  expect(model.bias[0]).toBeCloseTo(expected.bias, 7);
  expect(model.fit.converged).toBe(true);
  expectClose(predictProbability(model, withMissing), expected.probabilities, 1e-7);
});

it('grows the tree that scikit-learn grows', () => {
  const oneTree = { n_estimators: 1, bootstrap: false, max_features: 'all', min_samples_leaf: 7, leaf_smoothing: 0 };
  const model = fitModel({ dataset: dense, algorithm: 'random_forest', hyperparameters: oneTree, seed: 1 });
  expectClose(predictProbability(model, dense), golden.random_forest.probabilities, TOLERANCE);
});

it.each([
  ['dense', dense, golden.level_wise.dense],
  ['missing', withMissing, golden.level_wise.missing],
])('boosts level by level to the probabilities of XGBoost (%s)', (_, dataset, expected) => {
  const hyperparameters = {
    n_estimators: 20,
    max_depth: 4,
    learning_rate: 0.3,
    reg_lambda: 1.5,
    gamma: 0.2,
    min_child_weight: 2,
  };
  const model = fitModel({ dataset, algorithm: 'xgboost', hyperparameters, seed: 1 });
  expectClose(predictProbability(model, dataset), expected, TOLERANCE);
});

it.each([
  ['dense', dense, golden.leaf_wise.dense],
  ['missing', withMissing, golden.leaf_wise.missing],
])('boosts leaf by leaf to the probabilities of LightGBM (%s)', (_, dataset, expected) => {
  const hyperparameters = {
    n_estimators: 20,
    num_leaves: 12,
    learning_rate: 0.15,
    min_data_in_leaf: 1,
    min_data_in_bin: 1,
    min_sum_hessian_in_leaf: 2,
    lambda_l2: 0.5,
  };
  const model = fitModel({ dataset, algorithm: 'lightgbm', hyperparameters, seed: 1 });
  expectClose(predictProbability(model, dataset), expected, TOLERANCE);
});

it('measures what scikit-learn measures', () => {
  const probabilities = golden.logistic_regression.probabilities;
  // Rounded to one digit, which makes many ties: the ROC area must count them half.
  const rounded = probabilities.map((value) => Math.round(value * 10) / 10);
  const { metrics } = evaluateBinary(golden.target, rounded, 0.5);
  expect(metrics.rocAuc).toBeCloseTo(golden.metrics.roc_auc, 12);
  expect(metrics.logLoss).toBeCloseTo(golden.metrics.log_loss, 7);
  expect(metrics.brier).toBeCloseTo(golden.metrics.brier, 7);
  expect(evaluateBinary(golden.target, probabilities, 0.45).metrics.f1).toBeCloseTo(golden.metrics.f1, 12);
});
