import {
  type CalibrationBin,
  type ConfusionMatrix,
  measureCalibration,
  measureClassification,
  rowLosses,
  type ScoredRows,
} from '@gimbal/domain';
import { LearningError } from '../learning-error.js';

/** All metrics of binary predictions at one threshold: plain numbers, ready to be recorded. */
export interface BinaryMetrics {
  readonly rows: number;
  readonly positives: number;
  /** float32 in (0, 1); positive when probability >= threshold. */
  readonly threshold: number;
  readonly accuracy: number;
  /** In [0, 1]; 0 when nothing was called positive. */
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly rocAuc: number;
  /** Mean negative log likelihood in nats, >= 0. */
  readonly logLoss: number;
  /** Mean squared error of the probability, in [0, 1]. */
  readonly brier: number;
  /** Mean over rows of |mean probability - share of positives| in their calibration bin (Naeini et al., 2015), in [0, 1]. */
  readonly expectedCalibrationError: number;
}

/** Metrics with what they were computed from. */
export interface BinaryEvaluation {
  readonly metrics: BinaryMetrics;
  readonly confusion: ConfusionMatrix;
  /** Ten bins of equal width; empty ones are left out. */
  readonly calibration: readonly CalibrationBin[];
}

/**
 * Pairs labels with probabilities as a served model gives them: both sides of the threshold in float32, so that kernel, ONNX
 * Runtime and monitoring call the same rows positive.
 *
 * @throws LearningError `invalid-score` for no rows, unequal lengths, a NaN or a probability outside [0, 1], or a label other than 0 and 1
 */
export function scoreRows(target: ArrayLike<number>, probabilities: ArrayLike<number>, threshold: number): ScoredRows {
  const count = target.length;
  if (count === 0 || probabilities.length !== count) {
    throw new LearningError('invalid-score', `${probabilities.length} probabilities for ${count} labels.`);
  }
  const labels: (0 | 1)[] = [];
  for (let i = 0; i < count; i++) {
    const label = target[i];
    if (label !== 0 && label !== 1)
      throw new LearningError('invalid-score', `The label of row ${i} is neither 0 nor 1.`);
    if (!(probabilities[i]! >= 0 && probabilities[i]! <= 1)) {
      throw new LearningError('invalid-score', `The probability of row ${i} is not in [0, 1].`);
    }
    labels.push(label);
  }
  return { labels, probabilities: Float32Array.from(probabilities), threshold: Math.fround(threshold) };
}

/**
 * Judges probabilities of the positive class against true labels.
 *
 * @throws LearningError `invalid-score` as {@link scoreRows}; `too-few-rows` when a class is absent, since the ROC curve needs both
 */
export function evaluateBinary(
  target: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  threshold: number,
): BinaryEvaluation {
  const rows = scoreRows(target, probabilities, threshold);
  const measured = measureClassification(rows);
  if (measured === null || measured.rocAuc === null) {
    throw new LearningError('too-few-rows', `Of ${target.length} rows to judge, all have the same label.`);
  }
  const { confusion, accuracy, precision, recall, f1, rocAuc, logLoss, brier } = measured;
  const calibration = measureCalibration(rows);
  const gaps = calibration.map((bin) => bin.rows * Math.abs(bin.meanProbability - bin.positiveShare));
  const metrics: BinaryMetrics = {
    rows: target.length,
    positives: confusion.truePositives + confusion.falseNegatives,
    threshold: rows.threshold,
    accuracy,
    precision: precision ?? 0,
    recall: recall ?? 0,
    f1: f1 ?? 0,
    rocAuc,
    logLoss,
    brier,
    expectedCalibrationError: gaps.reduce((sum, gap) => sum + gap, 0) / target.length,
  };
  return { metrics, confusion, calibration };
}

/** Mean negative log likelihood in nats. @throws LearningError `invalid-score` as {@link scoreRows} */
export function meanLogLoss(target: ArrayLike<number>, probabilities: ArrayLike<number>): number {
  const { log } = rowLosses(scoreRows(target, probabilities, 0.5));
  return log.reduce((sum, loss) => sum + loss, 0) / log.length;
}
