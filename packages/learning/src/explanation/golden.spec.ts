import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { wrapLinear, wrapTrees } from '../../test/wrap-model.js';
import { createFeatureTable, type Feature } from '../dataset/dataset.js';
import type { TreeEnsembleModel } from '../families/model.js';
import type { Tree } from '../trees/tree.js';
import { explainModel } from './explain-model.js';

interface TreeCase {
  readonly name: string;
  readonly link: TreeEnsembleModel['link'];
  readonly base: readonly number[];
  readonly scale: number;
  readonly trees: readonly Tree[];
  readonly categorical: readonly number[];
  readonly rows: readonly (readonly (number | null)[])[];
  readonly expected: readonly number[];
  /** By row, output and feature. */
  readonly contributions: readonly (readonly (readonly number[])[])[];
}

interface Golden {
  readonly trees: readonly TreeCase[];
  readonly linear: {
    readonly mean: readonly number[];
    readonly deviation: readonly number[];
    readonly weights: readonly number[];
    readonly bias: number;
    readonly rows: readonly (readonly number[])[];
    readonly expected: number;
    readonly contributions: readonly (readonly number[])[];
  };
}

// Made by test/golden/make_shap_golden.py with shap 0.51.0, scikit-learn 1.9.0, xgboost 3.2.0 and lightgbm 4.7.0; JSON has no types of its own.
const golden = JSON.parse(readFileSync(new URL('../../test/golden/shap.json', import.meta.url), 'utf8')) as Golden;

/** XGBoost and scikit-learn's forests add in float32; the values are of the order of 1. */
const TOLERANCE = 2e-6;

function toTable(rows: readonly (readonly (number | null)[])[], categorical: readonly number[]) {
  const features = rows[0]!.map(
    (_, j): Feature => ({ name: `x${j}`, kind: categorical.includes(j) ? 'categorical' : 'numeric' }),
  );
  return createFeatureTable({ features, columns: features.map((_, j) => rows.map((row) => row[j] ?? Number.NaN)) });
}

function expectClose(found: ArrayLike<number>, expected: readonly number[]): void {
  expect(found).toHaveLength(expected.length);
  expect(Math.max(...expected.map((value, i) => Math.abs(value - found[i]!)))).toBeLessThan(TOLERANCE);
}

/** A few rows are walked, many are looked up in tables: both ways must find the same. */
const REPEATS = [1, 80];

it.each(golden.trees.flatMap((one) => REPEATS.map((repeats) => ({ ...one, repeats }))))(
  'explains trees as the shap package does: $name, $repeats x',
  ({ link, base, scale, trees, categorical, rows, expected, contributions, repeats }) => {
    const table = toTable(rows, categorical);
    // Nine digits in the file name one float32.
    const exact = trees.map((tree) => ({ ...tree, threshold: tree.threshold.map(Math.fround) }));
    const model = wrapTrees({ features: table.features, link, base, scale, trees: exact });
    const repeated = Int32Array.from({ length: rows.length * repeats }, (_, i) => i % rows.length);
    const explanation = explainModel({ model, table, rows: repeated });
    expectClose(explanation.baseValues, expected);
    expectClose(explanation.contributions, Array.from({ length: repeats }, () => contributions.flat(2)).flat());
  },
);

it('explains linear models as the shap package does against the mean row', () => {
  const { mean, deviation, weights, bias, rows, expected, contributions } = golden.linear;
  const table = toTable(rows, []);
  const model = wrapLinear({
    features: table.features,
    link: 'sigmoid',
    bias: [bias],
    numeric: weights.map((weight, j) => ({
      feature: j,
      imputed: mean[j]!,
      offset: mean[j]!,
      scale: 1 / deviation[j]!,
      weights: [weight],
    })),
    categories: [],
  });
  const explanation = explainModel({ model, table });
  expectClose(explanation.baseValues, [expected]);
  expectClose(explanation.contributions, contributions.flat());
});
