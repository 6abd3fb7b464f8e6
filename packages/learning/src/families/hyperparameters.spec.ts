import { expect, it } from '@jest/globals';
import { TEXT_ALGORITHM } from '../text/text-model.js';
import { ALGORITHMS, parseAlgorithm } from './algorithm.js';
import { hyperparametersOf, resolveHyperparameters } from './fit-model.js';

it('has a default within its own range for every parameter', () => {
  for (const algorithm of [...ALGORITHMS, TEXT_ALGORITHM]) {
    const resolved = resolveHyperparameters(algorithm, {});
    expect(Object.keys(resolved)).toEqual(Object.keys(hyperparametersOf(algorithm)));
    expect(resolveHyperparameters(algorithm, resolved)).toEqual(resolved);
  }
});

it('takes the names of well-known libraries for algorithms and parameters', () => {
  expect(parseAlgorithm('xgboost')).toBe('gradient_boosting_level_wise');
  expect(parseAlgorithm('lightgbm')).toBe('gradient_boosting_leaf_wise');
  expect(resolveHyperparameters('xgboost', { eta: 0.1 })['learning_rate']).toBe(0.1);
  expect(resolveHyperparameters('lightgbm', { min_child_samples: 5 })['min_data_in_leaf']).toBe(5);
});

it('reads null as the default', () => {
  expect(resolveHyperparameters('random_forest', { max_depth: null })['max_depth']).toBe(0);
});

it('refuses a wrong parameter by name, with what it may be', () => {
  const given = (algorithm: string, values: Record<string, unknown>) => () => resolveHyperparameters(algorithm, values);
  expect(given('xgboost', { max_depth: 99 })).toThrow('xgboost: max_depth must be an integer in [1, 64], got 99.');
  expect(given('xgboost', { max_depth: 2.5 })).toThrow('max_depth must be an integer');
  expect(given('xgboost', { learning_rate: 0 })).toThrow('learning_rate must be a number in (0, 1], got 0.');
  expect(given('xgboost', { learning_rate: Number.NaN })).toThrow('learning_rate must be');
  expect(given('xgboost', { subsample: '0.5' })).toThrow('subsample must be a number in (0, 1], got 0.5.');
  expect(given('random_forest', { max_features: 'some' })).toThrow(
    'one of auto, sqrt, log2, all, or a share in (0, 1]',
  );
  expect(given('random_forest', { bootstrap: 1 })).toThrow('bootstrap must be true or false, got 1.');
  expect(given('xgboost', { depth: 3 })).toThrow('"depth" is unknown; known are n_estimators');
  expect(given('xgboost', { eta: 0.1, learning_rate: 0.2 })).toThrow('are the same parameter');
  expect(given('catboost', {})).toThrow('"catboost" is not one of: logistic_regression');
  expect(given('toString', {})).toThrow('unknown-algorithm');
});
