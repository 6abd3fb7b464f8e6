import { expect, it } from '@jest/globals';
import { makeCohort } from '../../test/make-cohort.js';
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
  expect(dose!.logLossRise).toBeGreaterThan(0.1);
  expect(Math.abs(noise!.logLossRise)).toBeLessThan(dose!.logLossRise / 3);
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
