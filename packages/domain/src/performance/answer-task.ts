/** What a model answers, as far as answers are logged, compared and judged. */
export type AnswerTask =
  | 'binary-classification'
  | 'multiclass-classification'
  | 'text-classification'
  | 'regression'
  | 'anomaly-detection';
