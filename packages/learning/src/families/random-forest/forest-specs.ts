import type { HyperparameterSpecs, Resolved } from '../hyperparameters.js';

const SHARED = {
  n_estimators: { kind: 'integer', default: 100, min: 1, max: 10_000, description: 'Number of trees.' },
  max_depth: { kind: 'integer', default: 0, min: 0, max: 256, description: 'Levels of cuts per tree; 0 for no limit.' },
  min_samples_split: {
    kind: 'integer',
    default: 2,
    min: 2,
    max: 1_000_000,
    description: 'Least distinct rows in a node that is cut.',
  },
  min_samples_leaf: {
    kind: 'integer',
    default: 1,
    min: 1,
    max: 1_000_000,
    description: 'Least distinct rows in a leaf.',
  },
  max_features: {
    kind: 'word-or-share',
    default: 'auto',
    words: ['auto', 'sqrt', 'log2', 'all'],
    description:
      'Columns drawn per cut: a rule on their number, or a share of them; auto is sqrt for classes and all for values.',
  },
  leaf_smoothing: {
    kind: 'number',
    default: 0.0001,
    min: 0,
    max: 1,
    description:
      'Weight of equal shares of all classes beside the shares of a leaf, so that no class is impossible; 0 for none. Values are not smoothed.',
  },
} as const satisfies HyperparameterSpecs;

const SAMPLING = {
  max_samples: {
    kind: 'number',
    default: 1,
    min: 0,
    minExcluded: true,
    max: 1,
    description: 'Rows drawn for each tree, as a share of all; only with bootstrap.',
  },
  class_weight: {
    kind: 'word',
    default: 'none',
    words: ['none', 'balanced', 'balanced_subsample'],
    description:
      'balanced lets every class weigh the same in all training rows, balanced_subsample in the rows drawn for each tree.',
  },
} as const satisfies HyperparameterSpecs;

const BOOTSTRAP = 'Draw rows with replacement for each tree; else each tree sees all rows.';

/** Names and defaults are those of scikit-learn's RandomForestClassifier and RandomForestRegressor, which have no `leaf_smoothing`. */
export const RANDOM_FOREST_SPECS = {
  ...SHARED,
  bootstrap: { kind: 'flag', default: true, description: BOOTSTRAP },
  ...SAMPLING,
} as const satisfies HyperparameterSpecs;

/** Names and defaults are those of scikit-learn's ExtraTreesClassifier and ExtraTreesRegressor, which have no `leaf_smoothing`. */
export const EXTRA_TREES_SPECS = {
  ...SHARED,
  bootstrap: { kind: 'flag', default: false, description: BOOTSTRAP },
  ...SAMPLING,
} as const satisfies HyperparameterSpecs;

/** The checked parameters of both kinds of forest. */
export type ForestHyperparameters = Resolved<typeof RANDOM_FOREST_SPECS>;
