import { isProbability } from './scored-rows.js';

/** Answers of one window or of rows out of fold, in the form of their task; lists of one length. */
export type Answers =
  | {
      readonly task: 'binary-classification' | 'anomaly-detection';
      /** Probability of the positive class, or the score of an anomaly, in [0, 1]. */
      readonly probabilities: ArrayLike<number>;
      /** A row is called positive (an anomaly) from here on. */
      readonly threshold: number;
    }
  | {
      readonly task: 'multiclass-classification' | 'text-classification';
      readonly classes: readonly string[];
      /** Index of the class that was answered; -1: the model abstained. */
      readonly answered: ArrayLike<number>;
      /** Probability of the most probable class, in [0, 1]. */
      readonly confidences: ArrayLike<number>;
    }
  | { readonly task: 'regression'; readonly values: ArrayLike<number> };

/** The number that each row was answered with: probability, score, confidence or value. */
export function numbersOf(answers: Answers): ArrayLike<number> {
  if (answers.task === 'regression') return answers.values;
  return 'classes' in answers ? answers.confidences : answers.probabilities;
}

/** Whether a model of the task can have meant the number. */
export const isPossible = (task: Answers['task'], value: number): boolean =>
  task === 'regression' ? Number.isFinite(value) : isProbability(value);

/**
 * How sure a model is of an answer, in [0, 1], told from the number that it gave: a likelier class has more than the less likely one. Null where the
 * number says nothing of it: a value, the score of an anomaly.
 */
export function confidenceOf(task: Answers['task'], value: number): number | null {
  if (task === 'binary-classification') return Math.max(value, 1 - value);
  return task === 'regression' || task === 'anomaly-detection' ? null : value;
}
