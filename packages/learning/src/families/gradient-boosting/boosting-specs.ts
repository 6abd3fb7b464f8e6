import type { HyperparameterSpecs } from '../hyperparameters.js';

/** Parameters that both kinds of boosting share. */
export const BOOSTING_SPECS = {
  scale_pos_weight: {
    kind: 'number',
    default: 1,
    min: 0,
    minExcluded: true,
    max: 1e9,
    description: 'Factor on the weight of positive rows in a binary task.',
  },
  class_weight: {
    kind: 'word',
    default: 'none',
    words: ['none', 'balanced'],
    description: '`balanced` lets every class weigh the same in sum.',
  },
  monotone_constraints: {
    kind: 'directions',
    default: {},
    description: 'By feature name: 1 when the answer may only rise with it, -1 when it may only fall.',
  },
  early_stopping_rounds: {
    kind: 'integer',
    default: 0,
    min: 0,
    max: 10_000,
    aliases: ['early_stopping_round', 'n_iter_no_change'],
    description:
      'Stops when held-out rows have not improved for so many rounds and keeps the best; 0 holds nothing out.',
  },
  validation_fraction: {
    kind: 'number',
    default: 0.1,
    min: 0,
    minExcluded: true,
    max: 0.5,
    description: 'Share of the training rows held out for early stopping, drawn by class and seed.',
  },
} as const satisfies HyperparameterSpecs;
