import type { FitRequest } from '../fit-request.js';
import type { HyperparameterSpecs, Resolved } from '../hyperparameters.js';
import { boostTrees, HESSIAN_SUM_FLOOR } from './boost-trees.js';

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
} as const satisfies HyperparameterSpecs;

/** XGBoost's kRtEps: a smaller gain is rounding. */
const GAIN_FLOOR = 1e-6;

/** Trains gradient boosting that cuts whole levels, as XGBoost's `hist` method does. Errors as {@link boostTrees}. */
export function fitLevelWiseBoosting(
  request: FitRequest<Resolved<typeof LEVEL_WISE_SPECS>>,
): ReturnType<typeof boostTrees> {
  const given = request.hyperparameters;
  return boostTrees(request, {
    rounds: given.n_estimators,
    learningRate: given.learning_rate,
    rowShare: given.subsample,
    featureShare: given.colsample_bytree,
    policy: { order: 'level-wise', depthMax: given.max_depth, leavesMax: Number.POSITIVE_INFINITY },
    limits: {
      lambda: given.reg_lambda,
      childHessianMin: Math.max(given.min_child_weight, HESSIAN_SUM_FLOOR),
      childRowsMin: 1,
      gainMin: Math.max(given.gamma, GAIN_FLOOR),
    },
  });
}
