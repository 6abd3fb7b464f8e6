import type { FitRequest } from '../fit-request.js';
import type { HyperparameterSpecs, Resolved } from '../hyperparameters.js';
import { type BoostedBody, boostTrees, HESSIAN_SUM_FLOOR } from './boost-trees.js';
import { BOOSTING_SPECS } from './boosting-specs.js';

/** Names and defaults are those of XGBoost. */
export const LEVEL_WISE_SPECS = {
  n_estimators: {
    kind: 'integer',
    default: 100,
    min: 1,
    max: 10_000,
    aliases: ['num_boost_round'],
    description: 'Number of trees.',
  },
  learning_rate: {
    kind: 'number',
    default: 0.3,
    min: 0,
    minExcluded: true,
    max: 1,
    aliases: ['eta'],
    description: 'Factor on the values of each tree.',
  },
  max_depth: { kind: 'integer', default: 6, min: 1, max: 64, description: 'Levels of cuts per tree.' },
  reg_lambda: {
    kind: 'number',
    default: 1,
    min: 0,
    max: 1e9,
    aliases: ['lambda'],
    description: 'L2 penalty on leaf values.',
  },
  reg_alpha: {
    kind: 'number',
    default: 0,
    min: 0,
    max: 1e9,
    aliases: ['alpha'],
    description: 'L1 penalty on leaf values.',
  },
  gamma: {
    kind: 'number',
    default: 0,
    min: 0,
    max: 1e9,
    aliases: ['min_split_loss'],
    description: 'Least gain of a cut.',
  },
  min_child_weight: { kind: 'number', default: 1, min: 0, max: 1e9, description: 'Least sum of hessians in a child.' },
  subsample: {
    kind: 'number',
    default: 1,
    min: 0,
    minExcluded: true,
    max: 1,
    description: 'Share of rows drawn for each tree.',
  },
  colsample_bytree: {
    kind: 'number',
    default: 1,
    min: 0,
    minExcluded: true,
    max: 1,
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
    default: 64,
    min: 1,
    max: 254,
    description: 'Most categories that are tried on one side of a cut.',
  },
  ...BOOSTING_SPECS,
} as const satisfies HyperparameterSpecs;

/** XGBoost's kRtEps: a smaller gain is rounding. */
const GAIN_FLOOR = 1e-6;

/** Trains gradient boosting that cuts whole levels, as XGBoost's `hist` method does. Errors as {@link boostTrees}. */
export function fitLevelWiseBoosting(request: FitRequest<Resolved<typeof LEVEL_WISE_SPECS>>): BoostedBody {
  const given = request.hyperparameters;
  return boostTrees(request, {
    rounds: given.n_estimators,
    learningRate: given.learning_rate,
    rowShare: given.subsample,
    featureShare: given.colsample_bytree,
    binRowsMin: 1,
    weighting: { classWeight: given.class_weight, positiveWeight: given.scale_pos_weight },
    monotone: given.monotone_constraints,
    patience: given.early_stopping_rounds,
    heldOutShare: given.validation_fraction,
    softmaxFactor: () => 2,
    gainFloor: GAIN_FLOOR,
    policy: { order: 'level-wise', depthMax: given.max_depth, leavesMax: Number.POSITIVE_INFINITY },
    limits: {
      lambda: given.reg_lambda,
      alpha: given.reg_alpha,
      childHessianMin: Math.max(given.min_child_weight, HESSIAN_SUM_FLOOR),
      childRowsMin: 1,
      gainMin: given.gamma,
      categories: {
        order: 'weight',
        oneHotMax: given.max_cat_to_onehot,
        setMax: given.max_cat_threshold,
        smooth: 0,
        lambda: 0,
        groupRowsMin: 1,
      },
    },
  });
}
