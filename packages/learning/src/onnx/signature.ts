import type { Task } from '../dataset/dataset.js';

/**
 * Names and shapes of every exported model, for those who run it. N is the number of rows, F of columns that are not texts, S of
 * columns that are texts, K of classes.
 */
export const ONNX_SIGNATURE = {
  /** float32 [N, F], columns in the order of the model's features, NaN for missing. Absent when every column is a text. */
  input: 'features',
  /** string [N, S], columns in the order of the model's features, '' for missing. Absent when no column is a text. */
  texts: 'texts',
  /** int64 [N]. Binary: 1 when probability >= threshold. Anomaly: 1 when score >= threshold. Multiclass: index of the class. */
  label: 'label',
  /** float32 [N]: probability of the positive class. Binary tasks. */
  probability: 'probability',
  /** float32 [N, K]: probability of each class. Multiclass tasks. */
  probabilities: 'probabilities',
  /** float32 [N]. Regression. */
  value: 'value',
  /** float32 [N], in [0, 1], higher is stranger. Anomaly detection. */
  score: 'score',
} as const;

/** The output that holds a model's answers, by its task. */
export const ANSWER_OUTPUT: Readonly<Record<Task, 'probability' | 'probabilities' | 'value' | 'score'>> = {
  'binary-classification': 'probability',
  'multiclass-classification': 'probabilities',
  regression: 'value',
  'anomaly-detection': 'score',
};

/** Whether a file of this task has a threshold in its graph. */
export function hasThreshold(task: Task): boolean {
  return task === 'binary-classification' || task === 'anomaly-detection';
}

/** Whether a file of this task has the output `label`. */
export function hasLabel(task: Task): boolean {
  return task !== 'regression';
}
