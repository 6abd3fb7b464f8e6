import { expect, it } from '@jest/globals';
import { wrapLinear } from '../../test/wrap-model.js';
import { createFeatureTable } from '../dataset/dataset.js';
import { shapImportance } from './shap-importance.js';

const features = [
  { name: 'strong', kind: 'numeric' },
  { name: 'weak', kind: 'numeric' },
  { name: 'idle', kind: 'numeric' },
] as const;
const term = (feature: number, weight: number) => ({ feature, imputed: 0, offset: 0, scale: 1, weights: [weight] });
const model = wrapLinear({
  features,
  link: 'identity',
  bias: [1],
  numeric: [term(0, -2), term(1, 0.5), term(2, 0)],
  categories: [],
});
const table = createFeatureTable({
  features,
  columns: features.map(() => Array.from({ length: 500 }, (_, i) => (i % 2 === 0 ? 1 : -1))),
});

it('is the mean of the absolute contributions', () => {
  expect(shapImportance({ model, table, seed: 1 })).toEqual({
    output: 'value',
    rowCount: 500,
    importances: [
      { feature: 'strong', meanContribution: 2 },
      { feature: 'weak', meanContribution: 0.5 },
      { feature: 'idle', meanContribution: 0 },
    ],
  });
});

it('samples when there are more rows than it may explain, the same ones for the same seed', () => {
  const measure = () => shapImportance({ model, table, rowsMax: 40, seed: 3 });
  expect(measure().rowCount).toBe(40);
  expect(measure()).toEqual(measure());
});

it('refuses to measure on no rows', () => {
  expect(() => shapImportance({ model, table, rows: Int32Array.of(), seed: 1 })).toThrow(
    expect.objectContaining({ code: 'invalid-argument' }),
  );
});
