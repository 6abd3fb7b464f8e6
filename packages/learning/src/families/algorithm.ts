import type { Task } from '../dataset/dataset.js';
import { LearningError } from '../learning-error.js';

/** The model families the kernel trains, by canonical name. */
export const ALGORITHMS = [
  'logistic_regression',
  'ridge_regression',
  'random_forest',
  'extra_trees',
  'gradient_boosting_level_wise',
  'gradient_boosting_leaf_wise',
  'isolation_forest',
] as const;

/** Canonical name of a model family. */
export type Algorithm = (typeof ALGORITHMS)[number];

const PREDICTION: readonly Task[] = ['binary-classification', 'multiclass-classification', 'regression'];

/** What each family can learn. */
export const ALGORITHM_TASKS: Readonly<Record<Algorithm, readonly Task[]>> = {
  logistic_regression: ['binary-classification', 'multiclass-classification'],
  ridge_regression: ['regression'],
  random_forest: PREDICTION,
  extra_trees: PREDICTION,
  gradient_boosting_level_wise: PREDICTION,
  gradient_boosting_leaf_wise: PREDICTION,
  isolation_forest: ['anomaly-detection'],
};

/** The families that can learn a task. */
export function algorithmsFor(task: Task): Algorithm[] {
  return ALGORITHMS.filter((algorithm) => ALGORITHM_TASKS[algorithm].includes(task));
}

/** Names of well-known libraries, accepted for the family that grows trees the way they do. */
export const ALGORITHM_ALIASES: Readonly<Record<string, Algorithm>> = {
  linear_regression: 'ridge_regression',
  xgboost: 'gradient_boosting_level_wise',
  lightgbm: 'gradient_boosting_leaf_wise',
};

/** What people read. */
export const ALGORITHM_TITLES: Readonly<Record<Algorithm, string>> = {
  logistic_regression: 'Logistic regression',
  ridge_regression: 'Ridge regression',
  random_forest: 'Random forest',
  extra_trees: 'Extra trees',
  gradient_boosting_level_wise: 'Gradient boosting (level-wise)',
  gradient_boosting_leaf_wise: 'Gradient boosting (leaf-wise)',
  isolation_forest: 'Isolation forest',
};

/**
 * Resolves a canonical name or an alias.
 *
 * @throws LearningError `unknown-algorithm`, listing every accepted name
 */
export function parseAlgorithm(name: string): Algorithm {
  const found = ALGORITHMS.find((algorithm) => algorithm === name);
  if (found !== undefined) return found;
  if (Object.hasOwn(ALGORITHM_ALIASES, name)) return ALGORITHM_ALIASES[name]!;
  const known = [...ALGORITHMS, ...Object.keys(ALGORITHM_ALIASES)].join(', ');
  throw new LearningError('unknown-algorithm', `"${name}" is not one of: ${known}.`);
}
