import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { createDataset, type Dataset, type Task } from '../../dataset/dataset.js';
import { fitModel } from '../fit-model.js';
import { predict } from '../predict.js';

interface Golden {
  readonly columns: readonly number[][];
  readonly binary: readonly number[];
  readonly classes: readonly number[];
  readonly value: readonly number[];
  readonly weights: readonly number[];
  readonly forest: Readonly<
    Record<
      string,
      {
        readonly hyperparameters: Readonly<Record<string, number | string>>;
        readonly answers: readonly (number | readonly number[])[];
      }
    >
  >;
}

// Made by test/golden/make_forest_linear_golden.py with scikit-learn 1.9.1; JSON has no types of its own.
const golden = JSON.parse(
  readFileSync(new URL('../../../test/golden/forest-linear.json', import.meta.url), 'utf8'),
) as Golden;

const TARGETS: Readonly<Record<string, { readonly task: Task; readonly target: readonly number[] }>> = {
  classes: { task: 'multiclass-classification', target: golden.classes },
  binary: { task: 'binary-classification', target: golden.binary },
  value: { task: 'regression', target: golden.value },
};

function datasetFor(target: string, weights: readonly number[] | null): Dataset {
  return createDataset({
    ...TARGETS[target]!,
    features: golden.columns.map((_, j) => ({ name: `x${j}`, kind: 'numeric' })),
    columns: golden.columns,
    ...(target === 'classes' ? { classes: ['a', 'b', 'c'] } : {}),
    weights,
  });
}

const ONE_TREE = { n_estimators: 1, bootstrap: false, max_features: 'all', leaf_smoothing: 0 };

it.each([
  ['classes', 'classes', null],
  ['classes_balanced', 'classes', null],
  ['classes_weighted', 'classes', golden.weights],
  ['binary_balanced', 'binary', null],
  ['value', 'value', null],
  ['value_weighted', 'value', golden.weights],
])('grows the tree that scikit-learn grows (%s)', (name, target, weights) => {
  const { hyperparameters, answers } = golden.forest[name]!;
  const dataset = datasetFor(target, weights);
  const model = fitModel({
    dataset,
    algorithm: 'random_forest',
    hyperparameters: { ...ONE_TREE, ...hyperparameters },
    seed: 1,
  });
  // A row of weight 0 is unseen; between the rows seen both may cut at another place.
  const seen = golden.classes.flatMap((_, row) => (weights === null || weights[row]! > 0 ? [row] : []));
  const found = predict(model, dataset, Int32Array.from(seen));
  const expected = seen.flatMap((row) => {
    const answer = answers[row]!;
    return typeof answer === 'number' ? [answer] : target === 'binary' ? [answer[1]!] : [...answer];
  });
  expect(found).toHaveLength(expected.length);
  const worst = Math.max(...expected.map((value, i) => Math.abs(value - found[i]!)));
  expect(worst).toBeLessThan(target === 'value' ? 1e-4 : 2e-6); // values are near 500, where float32 steps are 3e-5
});
