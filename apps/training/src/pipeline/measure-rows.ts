import type { Evaluation, Metrics } from '@gimbal/contracts';
import { DomainError, measureCalibration, measureClassification, toBinaryLabels } from '@gimbal/domain';
import type { ValidationFigures } from '@gimbal/learning';

/** The evaluation of a binary classifier: always with its holdout. */
export type BinaryEvaluation = Evaluation & { readonly holdout: Metrics };

/** What is told of a candidate with two classes. */
export type BinaryFigures = ValidationFigures & { readonly task: 'binary-classification' };

/** Rows with their outcome, and what a model said of them. */
export interface JudgedRows {
  readonly labels: ArrayLike<number>;
  /** Of the positive class, in [0, 1]. */
  readonly probabilities: ArrayLike<number>;
  readonly threshold: number;
}

/** Both sides of the threshold in float32, as a served model compares them. */
export function toScoredRows({ labels, probabilities, threshold }: JudgedRows) {
  return {
    labels: toBinaryLabels(labels),
    probabilities: Float32Array.from(probabilities),
    threshold: Math.fround(threshold),
  };
}

/**
 * Measures a model on labelled rows. AUC is null with one class only; precision, recall and F1 count as 0 where they have no denominator.
 * The calibration error is the mean over rows of |mean probability - share of positives| in ten equal bins (Naeini et al. 2015).
 * @throws DomainError `not-enough-data` without rows
 */
export function measureRows(judged: JudgedRows): Metrics {
  const scored = toScoredRows(judged);
  const measured = measureClassification(scored);
  if (!measured) throw new DomainError('not-enough-data', 'There are no rows to judge a model on.');
  const { confusion, accuracy, precision, recall, f1, rocAuc, logLoss, brier } = measured;
  const rows = scored.labels.length;
  const gaps = measureCalibration(scored).map((bin) => bin.rows * Math.abs(bin.meanProbability - bin.positiveShare));
  return {
    rows,
    positives: confusion.truePositives + confusion.falseNegatives,
    threshold: scored.threshold,
    accuracy,
    f1Score: f1 ?? 0,
    precision: precision ?? 0,
    recall: recall ?? 0,
    rocAuc,
    logLoss,
    brier,
    calibrationError: gaps.reduce((sum, gap) => sum + gap, 0) / rows,
    confusion,
  };
}

/** What is told of a cross-validation in an evaluation. */
export const summariseFolds = ({
  folds,
  summary,
}: Pick<BinaryFigures, 'folds' | 'summary'>): Evaluation['crossValidation'] => ({
  folds: folds.length,
  f1Mean: summary.f1.mean,
  f1Deviation: summary.f1.deviation,
  rocAucMean: summary.rocAuc.mean,
});
