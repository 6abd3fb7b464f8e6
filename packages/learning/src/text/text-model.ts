import type { Hyperparameters } from '../families/hyperparameters.js';
import type { Calibration } from '../families/model.js';
import type { TextVocabulary } from './ngrams/text-vocabulary.js';

/** The one family that learns from texts. */
export const TEXT_ALGORITHM = 'ngram_logistic_regression';

/** The label of a text that the model would rather not answer. */
export const ABSTAINED = -1;

/** How sure a model must be to answer, and how that was chosen. */
export interface Abstention {
  /** Smallest confidence (largest probability) at which the model answers, float32 in [0, 1). */
  readonly threshold: number;
  /** Share of right answers among the answered that was asked for. */
  readonly targetAccuracy: number;
  /** What the threshold gave on texts that the judging model had not seen. */
  readonly coverage: number;
  readonly accuracy: number;
  /** False when no threshold gives the target: then the most accurate one that answers a fair share is taken. */
  readonly reached: boolean;
}

/**
 * Multinomial logistic regression on binary TF-IDF of n-grams. Plain data: structured clone keeps it whole.
 *
 * With F the features of a text, margin_k = sum over F of weights[f, k] / sqrt(sum over F of idf_f^2) + bias_k, probabilities
 * are the softmax of margins / temperature. Weights lie on a power-of-two grid and squares on another, so that both sums are
 * exact in float32 and int64: margins are the same to the last bit in every runtime and for every batch.
 */
export interface TextModel {
  readonly kind: 'text';
  readonly task: 'text-classification';
  readonly algorithm: typeof TEXT_ALGORITHM;
  readonly classes: readonly string[];
  /** All parameters, defaults included. */
  readonly hyperparameters: Hyperparameters;
  readonly seed: number;
  readonly trainRows: number;
  readonly kernelVersion: string;
  readonly vocabulary: TextVocabulary;
  /** ln((1 + texts) / (1 + texts with the n-gram)) + 1, times the weight of words for those; one per feature. */
  readonly idf: Float64Array;
  /** Feature by feature, one per class: the weight that was learned times the feature's idf. */
  readonly weights: Float32Array;
  /** One per class. */
  readonly bias: Float32Array;
  readonly calibration: Extract<Calibration, { kind: 'temperature' }>;
  readonly abstention: Abstention;
  readonly fit: { readonly rounds: number; readonly converged: boolean };
}

/** Resolution of squared idf in sums. */
const SQUARE_UNIT = 2 ** -20;

/** Root of {@link SQUARE_UNIT}: what turns the root of a sum of squares into a length. */
export const LENGTH_UNIT = 2 ** -10;

/** Squares of idf as whole numbers of 2^-20: sums of them are exact, and below 2^53. */
export function quantiseSquares(idf: Float64Array): Float64Array {
  return idf.map((value) => Math.round(value ** 2 / SQUARE_UNIT));
}

/** Length of a text's vector: the root of a sum of quantised squares, float32. 1 unit for a text without features. */
export function lengthOf(sumOfSquares: number): number {
  return Math.fround(Math.sqrt(Math.max(1, sumOfSquares)) * LENGTH_UNIT);
}
