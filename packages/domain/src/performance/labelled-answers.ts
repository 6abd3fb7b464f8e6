import type { ScoredRows } from './scored-rows.js';

/** A class that the model abstained from, where the index of an answered one stands. */
export const ABSTAINED = -1;

/** Probabilities of every class with the true one. */
export interface LabelledClasses {
  readonly task: 'multiclass-classification' | 'text-classification';
  readonly classes: readonly string[];
  /** Row-major, rows x classes; a row that has one outside [0, 1] is left out. */
  readonly probabilities: ArrayLike<number>;
  /** Index of the true class. */
  readonly labels: ArrayLike<number>;
  /** Index of the class that was answered, {@link ABSTAINED} for none; without it the most probable one, the first of equals. */
  readonly answered?: ArrayLike<number>;
}

/** Values with the true ones, in the unit of the target. */
export interface LabelledValues {
  readonly task: 'regression';
  readonly values: ArrayLike<number>;
  readonly labels: ArrayLike<number>;
}

/** Answers whose truth is known: a window, or rows that a version did not learn from. Lists of one length. */
export type LabelledAnswers =
  | (ScoredRows & { readonly task: 'binary-classification' | 'anomaly-detection' })
  | LabelledClasses
  | LabelledValues;
