import { expect, it } from '@jest/globals';
import { makeCohort } from '../../../test/make-cohort.js';
import { createDataset, createFeatureTable, type Dataset } from '../../dataset/dataset.js';
import { createRandom } from '../../random/random.js';
import { fitModel } from '../fit-model.js';
import { predict } from '../predict.js';

const BOTH = ['xgboost', 'lightgbm'];
const cohort = makeCohort({ rows: 1500, seed: 21, missingShare: 0.05 });

function treesOf(dataset: Dataset, algorithm: string, hyperparameters: Record<string, unknown>, seed = 1) {
  const model = fitModel({ dataset, algorithm, hyperparameters, seed });
  if (model.kind !== 'trees') throw new Error('boosting makes trees');
  return model;
}

it.each(BOTH)('%s stops early, keeps the best round and is the same for the same seed', (algorithm) => {
  const given = { n_estimators: 300, learning_rate: 0.3, early_stopping_rounds: 5, validation_fraction: 0.2 };
  const model = treesOf(cohort, algorithm, given);
  expect(model.trees.length).toBeGreaterThan(1);
  expect(model.trees.length).toBeLessThan(150);
  expect(treesOf(cohort, algorithm, given)).toEqual(model);
  // What is held out depends on the seed, what is kept are the first rounds of the same training.
  const fewer = treesOf(cohort, algorithm, { ...given, n_estimators: model.trees.length });
  expect(fewer.trees).toEqual(model.trees);
});

it.each(BOTH)('%s counts a row of weight 3 as it counts three rows', (algorithm) => {
  const target = Array.from({ length: 200 }, (_, i) => Number((i * 7) % 10 < 4));
  const column = target.map((value, i) => value * 3 + ((i * 13) % 9));
  const weights = target.map((_, i) => (i % 2 === 0 ? 3 : 1));
  const repeated = weights.flatMap((weight, i) => Array.from({ length: weight }, () => i));
  const features = [{ name: 'a', kind: 'numeric' as const }];
  const weighted = createDataset({ features, columns: [column], target, weights });
  const written = createDataset({
    features,
    columns: [repeated.map((i) => column[i]!)],
    target: repeated.map((i) => target[i]!),
  });
  const given = { n_estimators: 10, ...(algorithm === 'lightgbm' ? { min_data_in_leaf: 1 } : {}) };
  const [fromWeights, fromCopies] = [weighted, written].map((dataset) => treesOf(dataset, algorithm, given));
  expect(fromWeights!.trees.map(({ cover }) => cover)).toEqual(fromCopies!.trees.map(({ cover }) => cover));
  const expected = predict(fromCopies!, weighted);
  predict(fromWeights!, weighted).forEach((answer, i) => {
    expect(answer).toBeCloseTo(expected[i]!, 5);
  });
});

it.each(BOTH)('%s answers monotonically where it is told to', (algorithm) => {
  const random = createRandom(5);
  const columns = [0, 1].map(() => Array.from({ length: 800 }, () => Math.fround(random.nextFloat() * 10)));
  const noisy = columns[0]!.map((a, i) =>
    Number(a + Math.sin(3 * a) * 4 + columns[1]![i]! / 3 + 6 * random.nextFloat() > 9),
  );
  const features = ['a', 'b'].map((name) => ({ name, kind: 'numeric' as const }));
  const dataset = createDataset({ features, columns, target: noisy });
  const model = treesOf(dataset, algorithm, { monotone_constraints: { a: 1 } });
  const steps = Array.from({ length: 500 }, (_, i) => i / 50);
  for (const b of [1, 5, 9]) {
    const answers = predict(model, createFeatureTable({ features, columns: [steps, steps.map(() => b)] }));
    expect(answers.every((answer, i) => i === 0 || answer >= answers[i - 1]!)).toBe(true);
  }
  expect(() => treesOf(dataset, algorithm, { monotone_constraints: { c: 1 } })).toThrow('names "c"');
});

it.each(BOTH)('%s balances classes, so that a rare one is found', (algorithm) => {
  const random = createRandom(9);
  const column = Array.from({ length: 2000 }, () => random.nextFloat());
  const target = column.map((value) => Number(value > 0.9 && random.nextFloat() < 0.3));
  const dataset = createDataset({ features: [{ name: 'a', kind: 'numeric' }], columns: [column], target });
  const found = (hyperparameters: Record<string, unknown>) =>
    predict(treesOf(dataset, algorithm, { n_estimators: 5, ...hyperparameters }), dataset).filter((p) => p > 0.5)
      .length;
  expect(found({})).toBeLessThan(60);
  expect(found({ class_weight: 'balanced' })).toBeGreaterThan(100);
  expect(found({ scale_pos_weight: 30 })).toBeGreaterThan(100);
});

it.each(BOTH)('%s sends unseen, missing and rare categories of 10 000 the same way', (algorithm) => {
  const codes = Array.from({ length: 12_000 }, (_, i) => (i % 6 < 3 ? i % 3 : i));
  const target = codes.map((code, i) => Number(code === 1 || (code > 2 && i % 5 === 0)));
  const features = [{ name: 'a', kind: 'categorical' as const }];
  const model = treesOf(createDataset({ features, columns: [codes], target }), algorithm, { n_estimators: 20 });
  const asked = createFeatureTable({ features, columns: [[1, 0, 5_000_003, Number.NaN, 9_999]] });
  const [one, zero, unseen, missing, rare] = predict(model, asked);
  expect(one).toBeGreaterThan(0.9);
  expect(zero).toBeLessThan(0.1);
  expect(unseen).toBe(missing);
  expect(rare).toBe(missing);
});

it.each(BOTH)('%s learns values of any size', (algorithm) => {
  const column = Array.from({ length: 400 }, (_, i) => i);
  for (const [scale, shift] of [
    [1, 0],
    [1e-9, 0],
    [1e12, 0],
    [1, 1e5],
  ] as const) {
    const target = column.map((x) => shift + scale * (Math.sin(x / 40) + 0.01 * (x % 3)));
    const features = [{ name: 'a', kind: 'numeric' as const }];
    const dataset = createDataset({ task: 'regression', features, columns: [column], target });
    const answers = predict(treesOf(dataset, algorithm, {}), dataset);
    const worst = Math.max(...target.map((value, i) => Math.abs(value - answers[i]!)));
    expect(worst / scale).toBeLessThan(0.5); // at 1e5 float32 itself has steps of 1/128
  }
});

it('gives every class its share of trees and probabilities that sum to one', () => {
  const target = Array.from({ length: 300 }, (_, i) => i % 3);
  const columns = [target.map((k, i) => k + ((i * 7) % 5) / 4)];
  const features = [{ name: 'a', kind: 'numeric' as const }];
  const classes = ['a', 'b', 'c', 'never seen'];
  const dataset = createDataset({ task: 'multiclass-classification', features, columns, target, classes });
  const model = treesOf(dataset, 'lightgbm', { n_estimators: 7 });
  expect(model.trees.map(({ output }) => output)).toEqual(Array.from({ length: 28 }, (_, i) => i % 4));
  const answers = predict(model, dataset);
  for (let row = 0; row < 300; row++) {
    const shares = answers.subarray(4 * row, 4 * row + 4);
    expect(shares.reduce((a, b) => a + b)).toBeCloseTo(1, 6);
    expect(shares[3]).toBeLessThan(0.01);
  }
});

it('keeps a tree of many leaves within its memory for histograms', () => {
  const random = createRandom(2);
  const columns = Array.from({ length: 40 }, () => Array.from({ length: 3000 }, () => random.nextFloat()));
  const features = columns.map((_, j) => ({ name: `x${j}`, kind: 'numeric' as const }));
  const target = columns[0]!.map((value) => Number(value + random.nextFloat() > 1));
  const dataset = createDataset({ features, columns, target });
  const model = treesOf(dataset, 'lightgbm', { n_estimators: 1, num_leaves: 2000, min_data_in_leaf: 1 });
  expect(model.trees[0]!.feature.length).toBeGreaterThan(500);
});
