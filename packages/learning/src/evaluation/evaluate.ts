import type { Dataset } from '../dataset/dataset.js';
import { LearningError } from '../learning-error.js';
import { type AnomalyEvaluation, evaluateAnomaly } from './evaluate-anomaly.js';
import { type BinaryEvaluation, evaluateBinary } from './evaluate-binary.js';
import { evaluateMulticlass, type MulticlassEvaluation } from './evaluate-multiclass.js';
import { evaluateRegression, type RegressionEvaluation } from './evaluate-regression.js';
import type { RowWeights } from './weighted-rows.js';

/** A judgement of predictions; `task` tells which. */
export type Evaluation = BinaryEvaluation | MulticlassEvaluation | RegressionEvaluation | AnomalyEvaluation;

/** What is judged: the answers of a model and the truth, row by row. */
export interface JudgedRows extends Pick<Dataset, 'task' | 'classes'> {
  readonly target: ArrayLike<number>;
  /** As `predict` gives them: row-major, rows x outputs. */
  readonly outputs: ArrayLike<number>;
  readonly weights?: RowWeights;
  /** Needed in binary classification and anomaly detection, without influence elsewhere. */
  readonly threshold?: number;
}

/** The threshold of a task that decides by one. */
export function thresholdOf({ task, threshold }: JudgedRows): number {
  if (threshold !== undefined) return threshold;
  throw new LearningError('invalid-argument', `A ${task} is judged at a threshold.`);
}

/**
 * Judges the predictions of any task.
 *
 * @throws LearningError `invalid-score`, `too-few-rows` as the task's own function; `invalid-argument` without a threshold that is needed
 */
export function evaluate(rows: JudgedRows): Evaluation {
  const { task, classes, target, outputs, weights = null } = rows;
  switch (task) {
    case 'binary-classification':
      return evaluateBinary(target, outputs, thresholdOf(rows), weights);
    case 'multiclass-classification':
      return evaluateMulticlass(target, outputs, classes, weights);
    case 'regression':
      return evaluateRegression(target, outputs, weights);
    case 'anomaly-detection':
      return evaluateAnomaly(target, outputs, thresholdOf(rows), weights);
  }
}
