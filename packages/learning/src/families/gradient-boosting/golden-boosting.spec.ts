import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { createDataset, type Dataset, type Feature, type Task } from '../../dataset/dataset.js';
import { fitModel } from '../fit-model.js';
import { predict } from '../predict.js';

type Cells = readonly (number | null)[];
type Setting =
  | 'l1'
  | 'weights'
  | 'scale_pos_weight'
  | 'monotone'
  | 'value'
  | 'classes'
  | 'categories'
  | 'categories_value';

interface Golden {
  readonly columns: readonly Cells[];
  readonly many: Cells;
  readonly few: Cells;
  readonly binary: readonly number[];
  readonly classes: readonly number[];
  readonly value: readonly number[];
  readonly weights: readonly number[];
  readonly level_wise: Readonly<Record<Setting, readonly number[]>>;
  readonly leaf_wise: Readonly<Record<Setting, readonly number[]>>;
}

// Made by test/golden/make_boosting_golden.py with xgboost 3.2.0 and lightgbm 4.7.0; JSON has no types of its own.
const golden = JSON.parse(
  readFileSync(new URL('../../../test/golden/boosting.json', import.meta.url), 'utf8'),
) as Golden;

const numeric = golden.columns.map((_, j): Feature => ({ name: `x${j}`, kind: 'numeric' }));
const withCategories: Feature[] = [
  { name: 'many', kind: 'categorical' },
  { name: 'few', kind: 'categorical' },
  ...numeric.slice(0, 2),
];

function makeDataset(setting: Setting): Dataset {
  const isCategorical = setting.startsWith('categories');
  const task: Task =
    setting === 'classes'
      ? 'multiclass-classification'
      : setting.endsWith('value')
        ? 'regression'
        : 'binary-classification';
  const cells = isCategorical ? [golden.many, golden.few, ...golden.columns.slice(0, 2)] : golden.columns;
  return createDataset({
    task,
    features: isCategorical ? withCategories : numeric,
    columns: cells.map((column) => column.map((value) => value ?? Number.NaN)),
    target: { regression: golden.value, 'multiclass-classification': golden.classes }[task as string] ?? golden.binary, // the rest is binary
    ...(task === 'multiclass-classification' ? { classes: ['low', 'middle', 'high'] } : {}),
    weights: setting === 'weights' ? golden.weights : null,
  });
}

const RISING_AND_FALLING = { monotone_constraints: { x0: 1, x1: -1, x3: 1 } };

const LEVEL_WISE: Readonly<Record<Setting, Readonly<Record<string, unknown>>>> = {
  l1: { reg_alpha: 0.8 },
  weights: {},
  scale_pos_weight: { scale_pos_weight: 2.5 },
  monotone: RISING_AND_FALLING,
  value: { reg_alpha: 0.5, gamma: 2 },
  classes: {},
  categories: {},
  categories_value: { max_cat_threshold: 6 },
};

const CATEGORY_LIMITS = { cat_smooth: 2, cat_l2: 3, min_data_per_group: 10, max_cat_threshold: 5 };

const LEAF_WISE: Readonly<Record<Setting, Readonly<Record<string, unknown>>>> = {
  l1: { lambda_l1: 0.8 },
  weights: {},
  scale_pos_weight: { scale_pos_weight: 2.5 },
  monotone: RISING_AND_FALLING,
  value: { lambda_l1: 0.5, min_gain_to_split: 2 },
  classes: { min_sum_hessian_in_leaf: 1 },
  categories: CATEGORY_LIMITS,
  categories_value: CATEGORY_LIMITS,
};

const SETTINGS = Object.keys(LEVEL_WISE) as Setting[]; // the keys are those of the type

/** Both sides round leaf values, ours to 2^-20 of log-odds (in regression: of the spread) and theirs to float32. */
function expectClose(setting: Setting, found: Float64Array, expected: readonly number[]): void {
  expect(found).toHaveLength(expected.length);
  const worst = Math.max(...expected.map((value, i) => Math.abs(value - found[i]!)));
  expect(worst).toBeLessThan(setting.endsWith('value') ? 1e-4 : 3e-6);
}

it.each(SETTINGS)('boosts level by level to the answers of XGBoost (%s)', (setting) => {
  const dataset = makeDataset(setting);
  const hyperparameters = {
    n_estimators: 12,
    max_depth: 4,
    learning_rate: 0.3,
    reg_lambda: 1.5,
    ...LEVEL_WISE[setting],
  };
  const model = fitModel({ dataset, algorithm: 'xgboost', hyperparameters, seed: 1 });
  expectClose(setting, predict(model, dataset), golden.level_wise[setting]);
});

it.each(SETTINGS)('boosts leaf by leaf to the answers of LightGBM (%s)', (setting) => {
  const dataset = makeDataset(setting);
  const hyperparameters = {
    n_estimators: 12,
    num_leaves: 10,
    learning_rate: 0.15,
    min_data_in_leaf: 1,
    min_data_in_bin: 1,
    min_sum_hessian_in_leaf: 1e-3,
    lambda_l2: 0.5,
    ...LEAF_WISE[setting],
  };
  const model = fitModel({ dataset, algorithm: 'lightgbm', hyperparameters, seed: 1 });
  expectClose(setting, predict(model, dataset), golden.leaf_wise[setting]);
});
