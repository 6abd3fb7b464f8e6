import { expect, it } from '@jest/globals';
import { readEvaluation } from './read-evaluation.js';

it.each([
  ['f1_score', 0.8],
  ['test_f1_score', 0.8],
  ['val_f1', 0.8],
  ['f1_score_X_test', 0.8],
  ['eval/f1_macro', 0.8],
])('a figure of rows that the model has not seen counts by any of its names: %s', (key, value) => {
  expect(readEvaluation('binary-classification', { [key]: value })?.scores).toMatchObject({
    primary: 'macro_f1',
    values: { macro_f1: value },
  });
});

it('figures of the training data, of another task or without the one that the gate goes by make no evaluation', () => {
  expect(readEvaluation('binary-classification', { training_f1_score: 1 })).toBeNull();
  expect(readEvaluation('binary-classification', { accuracy: 1 })).toBeNull();
  expect(readEvaluation('regression', { f1_score: 1, rmse: 2 })).toBeNull();
  expect(readEvaluation('binary-classification', { f1_score: Number.NaN })).toBeNull();
});

it('a regression is held against the mean of its target', () => {
  expect(readEvaluation('regression', { r2_score: 0.4, example_count: 88 })?.scores).toMatchObject({
    primary: 'r2',
    constant: 0,
    rows: 88,
  });
});
