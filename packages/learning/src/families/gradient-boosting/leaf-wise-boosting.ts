import type { FitRequest } from '../fit-request.js';
import type { HyperparameterSpecs, Resolved } from '../hyperparameters.js';
import { type BoostedBody, boostTrees, HESSIAN_SUM_FLOOR } from './boost-trees.js';
import { BOOSTING_SPECS } from './boosting-specs.js';

/** Names and defaults are those of LightGBM. */
export const LEAF_WISE_SPECS = {
  n_estimators: {
    kind: 'integer',
    default: 100,
    min: 1,
    max: 10_000,
    aliases: ['num_iterations', 'num_boost_round'],
    description: 'Number of trees.',
  },
  learning_rate: {
    kind: 'number',
    default: 0.1,
    min: 0,
    minExcluded: true,
    max: 1,
    description: 'Factor on the values of each tree.',
  },
  num_leaves: { kind: 'integer', default: 31, min: 2, max: 131_072, description: 'Most leaves of a tree.' },
  max_depth: {
    kind: 'integer',
    default: -1,
    min: -1,
    max: 64,
    description: 'Levels of cuts per tree; 0 or -1 for no limit.',
  },
  min_data_in_leaf: {
    kind: 'integer',
    default: 20,
    min: 1,
    max: 1_000_000,
    aliases: ['min_child_samples'],
    description: 'Least rows in a leaf, counted exactly.',
  },
  min_data_in_bin: {
    kind: 'integer',
    default: 3,
    min: 1,
    max: 1_000_000,
    description: 'Least rows in a bin of values: neighbouring values of fewer rows are not told apart.',
  },
  min_sum_hessian_in_leaf: {
    kind: 'number',
    default: 1e-3,
    min: 0,
    max: 1e9,
    aliases: ['min_child_weight'],
    description: 'Least sum of hessians in a leaf.',
  },
  lambda_l2: {
    kind: 'number',
    default: 0,
    min: 0,
    max: 1e9,
    aliases: ['reg_lambda'],
    description: 'L2 penalty on leaf values.',
  },
  lambda_l1: {
    kind: 'number',
    default: 0,
    min: 0,
    max: 1e9,
    aliases: ['reg_alpha'],
    description: 'L1 penalty on leaf values.',
  },
  min_gain_to_split: {
    kind: 'number',
    default: 0,
    min: 0,
    max: 1e9,
    aliases: ['min_split_gain'],
    description: 'Least gain of a cut.',
  },
  bagging_fraction: {
    kind: 'number',
    default: 1,
    min: 0,
    minExcluded: true,
    max: 1,
    aliases: ['subsample'],
    description: 'Share of rows drawn for each tree.',
  },
  feature_fraction: {
    kind: 'number',
    default: 1,
    min: 0,
    minExcluded: true,
    max: 1,
    aliases: ['colsample_bytree'],
    description: 'Share of columns drawn for each tree.',
  },
  max_cat_to_onehot: {
    kind: 'integer',
    default: 4,
    min: 1,
    max: 255,
    description: 'A column of fewer categories is cut one against all others.',
  },
  max_cat_threshold: {
    kind: 'integer',
    default: 32,
    min: 1,
    max: 254,
    description: 'Most categories that one side of a cut names.',
  },
  cat_smooth: {
    kind: 'number',
    default: 10,
    min: 0,
    max: 1e9,
    description: 'Added to the hessian of a category where categories are ranked; least rows of a ranked category.',
  },
  cat_l2: { kind: 'number', default: 10, min: 0, max: 1e9, description: 'L2 penalty added at a cut of categories.' },
  min_data_per_group: {
    kind: 'integer',
    default: 0,
    min: 0,
    max: 1_000_000,
    description:
      'Least rows between two cuts of ranked categories that are tried; 0 for 100, or a twentieth of the rows where that is less.',
  },
  ...BOOSTING_SPECS,
} as const satisfies HyperparameterSpecs;

/** Below this a gain is rounding of the sums. */
const GAIN_FLOOR = 1e-10;

/** LightGBM always takes 100: on a few hundred rows that leaves no cut of more than four categories to be tried. */
const groupRowsFor = (rows: number): number => Math.max(1, Math.min(100, Math.floor(rows / 20)));

/** Trains gradient boosting that always cuts the leaf with most to gain, as LightGBM does. Errors as {@link boostTrees}. */
export function fitLeafWiseBoosting(request: FitRequest<Resolved<typeof LEAF_WISE_SPECS>>): BoostedBody {
  const given = request.hyperparameters;
  return boostTrees(request, {
    rounds: given.n_estimators,
    learningRate: given.learning_rate,
    rowShare: given.bagging_fraction,
    featureShare: given.feature_fraction,
    binRowsMin: given.min_data_in_bin,
    weighting: { classWeight: given.class_weight, positiveWeight: given.scale_pos_weight },
    monotone: given.monotone_constraints,
    patience: given.early_stopping_rounds,
    heldOutShare: given.validation_fraction,
    softmaxFactor: (classCount) => classCount / (classCount - 1),
    gainFloor: GAIN_FLOOR,
    policy: {
      order: 'leaf-wise',
      depthMax: given.max_depth <= 0 ? Number.POSITIVE_INFINITY : given.max_depth,
      leavesMax: given.num_leaves,
    },
    limits: {
      lambda: given.lambda_l2,
      alpha: given.lambda_l1,
      childHessianMin: Math.max(given.min_sum_hessian_in_leaf, HESSIAN_SUM_FLOOR),
      childRowsMin: given.min_data_in_leaf,
      gainMin: given.min_gain_to_split,
      categories: {
        order: 'ratio',
        oneHotMax: given.max_cat_to_onehot,
        setMax: given.max_cat_threshold,
        smooth: given.cat_smooth,
        lambda: given.cat_l2,
        groupRowsMin: given.min_data_per_group || groupRowsFor(request.rows.length),
      },
    },
  });
}
