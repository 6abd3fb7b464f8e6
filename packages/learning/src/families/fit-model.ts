import { allRows, copyFeature, type Dataset } from '../dataset/dataset.js';
import { LearningError } from '../learning-error.js';
import type { ThreadTeam } from '../parallel/thread-team.js';
import { TEXT_ALGORITHM } from '../text/text-model.js';
import { resolveTextHyperparameters, TEXT_SPECS } from '../text/text-specs.js';
import type { TrainingHooks } from '../training-hooks.js';
import { ALGORITHM_TASKS, type Algorithm, parseAlgorithm } from './algorithm.js';
import type { FitRequest } from './fit-request.js';
import { fitLeafWiseBoosting, LEAF_WISE_SPECS } from './gradient-boosting/leaf-wise-boosting.js';
import { fitLevelWiseBoosting, LEVEL_WISE_SPECS } from './gradient-boosting/level-wise-boosting.js';
import { type HyperparameterSpecs, type Hyperparameters, resolveSpecs } from './hyperparameters.js';
import { fitIsolationForest, ISOLATION_FOREST_SPECS } from './isolation-forest/isolation-forest.js';
import { fitLogisticRegression, LOGISTIC_REGRESSION_SPECS } from './linear/logistic-regression.js';
import { fitRidgeRegression, RIDGE_REGRESSION_SPECS } from './linear/ridge-regression.js';
import { KERNEL_VERSION, type Model, type ModelHeader } from './model.js';
import { EXTRA_TREES_SPECS, RANDOM_FOREST_SPECS } from './random-forest/forest-specs.js';
import { fitExtraTrees, fitRandomForest } from './random-forest/random-forest.js';

/** The hyperparameters of each family, the one that learns from texts among them: defaults, ranges, aliases and a sentence for people. */
const HYPERPARAMETERS: Readonly<Record<Algorithm | typeof TEXT_ALGORITHM, HyperparameterSpecs>> = {
  logistic_regression: LOGISTIC_REGRESSION_SPECS,
  ridge_regression: RIDGE_REGRESSION_SPECS,
  random_forest: RANDOM_FOREST_SPECS,
  extra_trees: EXTRA_TREES_SPECS,
  gradient_boosting_level_wise: LEVEL_WISE_SPECS,
  gradient_boosting_leaf_wise: LEAF_WISE_SPECS,
  isolation_forest: ISOLATION_FOREST_SPECS,
  [TEXT_ALGORITHM]: TEXT_SPECS,
};

/**
 * The hyperparameters of a family.
 *
 * @param algorithm canonical name or alias
 * @throws LearningError `unknown-algorithm`
 */
export function hyperparametersOf(algorithm: string): HyperparameterSpecs {
  return HYPERPARAMETERS[algorithm === TEXT_ALGORITHM ? algorithm : parseAlgorithm(algorithm)];
}

/**
 * Checks hyperparameters and fills in defaults, so that a bad configuration is refused before anything is trained.
 *
 * @param algorithm canonical name or alias
 * @param given values by name or alias; null and undefined mean the default
 * @throws LearningError `unknown-algorithm`, `invalid-hyperparameter` (names the parameter, its range and what was given)
 */
export function resolveHyperparameters(algorithm: string, given: Readonly<Record<string, unknown>>): Hyperparameters {
  const specs = hyperparametersOf(algorithm);
  try {
    return algorithm === TEXT_ALGORITHM ? resolveTextHyperparameters(given) : resolveSpecs(specs, given);
  } catch (error) {
    if (!(error instanceof LearningError)) throw error;
    throw new LearningError(error.code, `${algorithm}: ${error.detail}`);
  }
}

/** What to train and on which rows. */
export interface FitModelRequest {
  readonly dataset: Dataset;
  /** Rows to learn from, by default all; at least one of each class. The result does not depend on who else is trained. */
  readonly rows?: Int32Array;
  /** Canonical name or alias. */
  readonly algorithm: string;
  /** By name or alias; what is absent takes its default. */
  readonly hyperparameters?: Readonly<Record<string, unknown>>;
  /** Integer. The same data, rows, parameters and seed give the same model to the last bit. */
  readonly seed: number;
  readonly hooks?: TrainingHooks;
  /** Threads that help within this one training; the model is the same with any number of them. */
  readonly team?: ThreadTeam;
}

/** Makes the parameters of one family from checked values: each family reads only names from its own specs. */
function fitBody(algorithm: Algorithm, request: Omit<FitRequest<unknown>, 'hyperparameters'>, given: Hyperparameters) {
  switch (algorithm) {
    case 'logistic_regression':
      return fitLogisticRegression({ ...request, hyperparameters: resolveSpecs(LOGISTIC_REGRESSION_SPECS, given) });
    case 'ridge_regression':
      return fitRidgeRegression({ ...request, hyperparameters: resolveSpecs(RIDGE_REGRESSION_SPECS, given) });
    case 'random_forest':
      return fitRandomForest({ ...request, hyperparameters: resolveSpecs(RANDOM_FOREST_SPECS, given) });
    case 'extra_trees':
      return fitExtraTrees({ ...request, hyperparameters: resolveSpecs(EXTRA_TREES_SPECS, given) });
    case 'isolation_forest':
      return fitIsolationForest({ ...request, hyperparameters: resolveSpecs(ISOLATION_FOREST_SPECS, given) });
    case 'gradient_boosting_level_wise':
      return fitLevelWiseBoosting({ ...request, hyperparameters: resolveSpecs(LEVEL_WISE_SPECS, given) });
    case 'gradient_boosting_leaf_wise':
      return fitLeafWiseBoosting({ ...request, hyperparameters: resolveSpecs(LEAF_WISE_SPECS, given) });
  }
}

/**
 * Trains one model. Synchronous: run it in a worker thread, and stop it through `hooks.shouldStop`.
 *
 * @throws LearningError `unknown-algorithm`, `invalid-hyperparameter`, `invalid-argument` (also for a task that the family can't
 *   learn), `too-few-rows`, `invalid-dataset`, `training-cancelled`
 */
export function fitModel(request: FitModelRequest): Model {
  const { dataset, rows = allRows(dataset), seed, hooks = {}, team = null } = request;
  if (!Number.isSafeInteger(seed)) throw new LearningError('invalid-argument', `seed must be an integer, got ${seed}.`);
  const algorithm = parseAlgorithm(request.algorithm);
  if (!ALGORITHM_TASKS[algorithm].includes(dataset.task)) {
    throw new LearningError('invalid-argument', `${request.algorithm} can't learn a ${dataset.task}.`);
  }
  const hyperparameters = resolveHyperparameters(request.algorithm, request.hyperparameters ?? {});
  const header: ModelHeader = {
    task: dataset.task,
    algorithm,
    features: dataset.features.map(copyFeature),
    classes: [...dataset.classes],
    hyperparameters,
    seed,
    trainRows: rows.length,
    kernelVersion: KERNEL_VERSION,
    calibration: null,
  };
  return { ...header, ...fitBody(algorithm, { dataset, rows, seed, hooks, team }, hyperparameters) };
}
