import { type HyperparameterSpecs, type Resolved, resolveSpecs } from '../families/hyperparameters.js';
import { LearningError } from '../learning-error.js';
import type { TextLimits } from './ngrams/text-vocabulary.js';

/** The hyperparameters of text models. Where scikit-learn has the same one, name and meaning are its own. */
export const TEXT_SPECS = {
  word_ngram_max: { kind: 'integer', default: 2, min: 0, max: 3, description: 'Longest n-gram of words; 0 for none.' },
  char_ngram_min: {
    kind: 'integer',
    default: 3,
    min: 1,
    max: 6,
    description: 'Shortest n-gram of characters inside a word, its edges included.',
  },
  char_ngram_max: {
    kind: 'integer',
    default: 5,
    min: 0,
    max: 6,
    description: 'Longest n-gram of characters inside a word, its edges included; 0 for none.',
  },
  min_df: { kind: 'integer', default: 2, min: 1, max: 1_000_000, description: 'Texts that an n-gram must occur in.' },
  max_features: {
    kind: 'integer',
    default: 50_000,
    min: 1,
    max: 1_000_000,
    description:
      'Most n-grams kept: those that occur in most texts. With many classes fewer are kept, to bound memory.',
  },
  word_weight: {
    kind: 'number',
    default: 1.5,
    min: 0.01,
    max: 100,
    description: 'How much an n-gram of words counts beside one of characters.',
  },
  max_characters: {
    kind: 'integer',
    default: 512,
    min: 16,
    max: 8192,
    description: 'Characters read from the start of a text, and a quarter as many words.',
  },
  C: {
    kind: 'number',
    default: 10,
    min: 1e-3,
    max: 1e3,
    aliases: ['c'],
    description: 'Inverse strength of the L2 penalty; the bias is penalised like a weight.',
  },
  class_weight: {
    kind: 'word',
    default: 'none',
    words: ['none', 'balanced'],
    description: 'balanced lets every class weigh the same.',
  },
  tol: {
    kind: 'number',
    default: 0.015,
    min: 1e-3,
    max: 1,
    description: 'Mean distance of the probabilities from the optimum of their row at which the fit ends.',
  },
  max_iter: { kind: 'integer', default: 30, min: 1, max: 10_000, description: 'Most rounds over the texts.' },
  calibration_folds: {
    kind: 'integer',
    default: 5,
    min: 2,
    max: 20,
    description: 'Folds of the cross-validation that temperature and threshold are learned from.',
  },
  target_accuracy: {
    kind: 'number',
    default: 0.95,
    min: 0,
    max: 1,
    description:
      'Share of right answers among the answered, out of fold, that sets the threshold; 0 answers everything.',
  },
} as const satisfies HyperparameterSpecs;

/** Resolved values of {@link TEXT_SPECS}. */
export type TextHyperparameters = Resolved<typeof TEXT_SPECS>;

/**
 * What n-grams a model counts.
 *
 * @throws LearningError `invalid-hyperparameter` when there are none
 */
export function toLimits(parameters: TextHyperparameters): TextLimits {
  const { word_ngram_max, char_ngram_min, char_ngram_max, max_characters } = parameters;
  if (char_ngram_max > 0 && char_ngram_min > char_ngram_max) {
    throw new LearningError(
      'invalid-hyperparameter',
      `char_ngram_min (${char_ngram_min}) must not be above char_ngram_max (${char_ngram_max}).`,
    );
  }
  if (word_ngram_max === 0 && char_ngram_max === 0) {
    throw new LearningError('invalid-hyperparameter', 'word_ngram_max and char_ngram_max must not both be 0.');
  }
  return {
    charactersMax: max_characters,
    wordGramMax: word_ngram_max,
    characterGramMin: char_ngram_min,
    characterGramMax: char_ngram_max,
  };
}

/**
 * Checks hyperparameters of a text model and fills in defaults.
 *
 * @throws LearningError `invalid-hyperparameter`
 */
export function resolveTextHyperparameters(given: Readonly<Record<string, unknown>>): TextHyperparameters {
  const parameters = resolveSpecs(TEXT_SPECS, given);
  toLimits(parameters);
  return parameters;
}
