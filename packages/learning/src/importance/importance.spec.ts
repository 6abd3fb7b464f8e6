import { expect, it } from '@jest/globals';
import { makeCohort } from '../../test/make-cohort.js';
import { makeTask } from '../../test/make-task.js';
import { algorithmsFor } from '../families/algorithm.js';
import { fitModel } from '../families/fit-model.js';
import { gainImportance } from './gain-importance.js';
import { permutationImportance } from './permutation-importance.js';

const BINARY_ALGORITHMS = algorithmsFor('binary-classification');

const dataset = makeCohort({ rows: 800, seed: 31, missingShare: 0 });
const unseen = makeCohort({ rows: 800, seed: 32, missingShare: 0 });

it.each(BINARY_ALGORITHMS)('%s: noise matters least, and shares sum to 1', (algorithm) => {
  const model = fitModel({ dataset, algorithm, hyperparameters: {}, seed: 1 });
  const gains = gainImportance(model);
  expect(gains.map(({ feature }) => feature)).toEqual(['dose', 'slope', 'group', 'noise']);
  expect(gains.reduce((sum, { importance }) => sum + importance, 0)).toBeCloseTo(1, 12);
  const rises = permutationImportance({ model, dataset: unseen, seed: 3 });
  const [dose, , , noise] = rises;
  expect(dose!.lossRise).toBeGreaterThan(0.1);
  expect(Math.abs(noise!.lossRise)).toBeLessThan(dose!.lossRise / 3);
});

it('leaves the data as they were and repeats itself for the same seed', () => {
  const model = fitModel({ dataset, algorithm: 'logistic_regression', seed: 1 });
  const before = unseen.columns.map((column) => Array.from(column));
  const rows = Int32Array.from({ length: 100 }, (_, i) => 3 * i);
  const first = permutationImportance({ model, dataset: unseen, rows, seed: 3 });
  expect(permutationImportance({ model, dataset: unseen, rows, seed: 3 })).toEqual(first);
  expect(unseen.columns.map((column) => Array.from(column))).toEqual(before);
  expect(() => permutationImportance({ model, dataset: unseen, repeats: 1, seed: 3 })).toThrow('repeats must be');
});

it.each(['multiclass-classification', 'regression', 'anomaly-detection'] as const)(
  "%s: measures the rise of the task's own loss",
  (task) => {
    const [learned, judged] = [1, 2].map((seed) => makeTask({ task, rows: 500, seed, weighted: true }));
    const algorithm = task === 'anomaly-detection' ? 'isolation_forest' : 'random_forest';
    const model = fitModel({ dataset: learned!, algorithm, hyperparameters: { n_estimators: 30 }, seed: 1 });
    const [a, b, , noise] = permutationImportance({ model, dataset: judged!, seed: 3 });
    expect(a!.lossRise).toBeGreaterThan(3 * Math.abs(noise!.lossRise));
    expect(b!.lossRise).toBeGreaterThan(noise!.lossRise);
    const loss = { 'multiclass-classification': 'log loss', regression: 'RMSE', 'anomaly-detection': 'ranking loss' }[
      task
    ];
    expect(a!.loss).toBe(loss);
  },
);

it('measures how far scores move where no anomaly is known', () => {
  const known = makeTask({ task: 'anomaly-detection', rows: 300, seed: 1 });
  const unlabelled = { ...known, target: known.target.map(() => 0) };
  const model = fitModel({ dataset: unlabelled, algorithm: 'isolation_forest', hyperparameters: {}, seed: 1 });
  for (const { lossRise, loss } of permutationImportance({ model, dataset: unlabelled, seed: 3 })) {
    expect(loss).toBe('score change');
    expect(lossRise).toBeGreaterThan(0);
  }
});

// What groups are for: two columns that say the same hide each other.
it('shows the importance of twins when they are shuffled together', () => {
  const single = makeTask({ task: 'regression', rows: 500, seed: 1 });
  const twins = {
    ...single,
    features: [...single.features, { name: 'a again', kind: 'numeric' as const }],
    columns: [...single.columns, single.columns[0]!],
  };
  const model = fitModel({
    dataset: twins,
    algorithm: 'random_forest',
    hyperparameters: { n_estimators: 40, max_features: 0.4 },
    seed: 1,
  });
  const alone = permutationImportance({ model, dataset: twins, seed: 3 });
  const together = permutationImportance({ model, dataset: twins, seed: 3, groups: [['a again', 'a']] });
  expect(together.map(({ feature }) => feature)).toEqual(['a again, a', 'b', 'group', 'noise']);
  expect(together[0]!.lossRise).toBeGreaterThan(1.3 * alone[0]!.lossRise);
  expect(together.slice(1)).toEqual(alone.slice(1, 4));
  const groups = (names: readonly (readonly string[])[]) => () =>
    permutationImportance({ model, dataset: twins, seed: 3, groups: names });
  expect(groups([['a', 'unknown']])).toThrow('"unknown" is no feature, or is in two groups.');
  expect(groups([['a', 'b'], ['a']])).toThrow('"a" is no feature, or is in two groups.');
});
