import {
  type CalibrationBin,
  type ConfusionMatrix,
  countConfusion,
  ratesOf,
  rowLosses,
  type ScoredRows,
  toBinaryLabels,
} from '@gimbal/domain';
import { LearningError } from '../learning-error.js';
import { binCalibration, calibrationError } from './calibration-bins.js';
import { averagePrecisionOf, rankScores, rocAucOf } from './ranking-metrics.js';
import { checkWeights, type RowWeights, weightedMean } from './weighted-rows.js';

/** All metrics of binary predictions at one threshold: plain numbers, ready to be recorded. Weighted when rows have weights. */
export interface BinaryMetrics {
  /** Rows judged, and how many of them are positive; counts, without weights. */
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
  /** Area under the precision-recall curve as average precision, in (0, 1]; the share of positives is chance. */
  readonly averagePrecision: number;
  /** Mean negative log likelihood in nats, >= 0. */
  readonly logLoss: number;
  /** Mean squared error of the probability, in [0, 1]. */
  readonly brier: number;
  /** Mean over rows of |mean probability - share of positives| in their calibration bin (Naeini et al., 2015), in [0, 1]. */
  readonly expectedCalibrationError: number;
}

/** Metrics with what they were computed from. */
export interface BinaryEvaluation {
  readonly task: 'binary-classification';
  readonly metrics: BinaryMetrics;
  /** By weight when rows have weights. */
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
  for (let i = 0; i < count; i++) {
    const label = target[i];
    if (label !== 0 && label !== 1)
      throw new LearningError('invalid-score', `The label of row ${i} is neither 0 nor 1.`);
    if (!(probabilities[i]! >= 0 && probabilities[i]! <= 1)) {
      throw new LearningError('invalid-score', `The probability of row ${i} is not in [0, 1].`);
    }
  }
  return {
    labels: toBinaryLabels(target),
    probabilities: Float32Array.from(probabilities),
    threshold: Math.fround(threshold),
  };
}

function countPositives({ labels }: ScoredRows): number {
  let positives = 0;
  for (let i = 0; i < labels.length; i++) positives += labels[i]!;
  return positives;
}

/** Headline metrics of scored rows under any weights; null where the rows that count do not define one. */
export interface BinaryHeadline {
  readonly confusion: ConfusionMatrix;
  readonly accuracy: number | null;
  readonly precision: number | null;
  readonly recall: number | null;
  readonly f1: number | null;
  readonly rocAuc: number | null;
  readonly averagePrecision: number | null;
  readonly logLoss: number;
  readonly brier: number;
}

/** Sorts and scores once; the function returned judges under weights (of samples, of a bootstrap) in linear time. */
export function prepareBinary(rows: ScoredRows): (weights: RowWeights) => BinaryHeadline {
  const losses = rowLosses(rows);
  const ranking = rankScores(rows.probabilities, (row) => rows.labels[row] === 1);
  return (weights) => {
    const confusion = countConfusion(rows, weights ?? undefined);
    return {
      confusion,
      ...ratesOf(confusion),
      rocAuc: rocAucOf(ranking, weights),
      averagePrecision: averagePrecisionOf(ranking, weights),
      logLoss: weightedMean(losses.log, weights),
      brier: weightedMean(losses.brier, weights),
    };
  };
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
  weights: RowWeights = null,
): BinaryEvaluation {
  const rows = scoreRows(target, probabilities, threshold);
  checkWeights(target.length, weights);
  const { confusion, accuracy, precision, recall, f1, rocAuc, averagePrecision, logLoss, brier } =
    prepareBinary(rows)(weights);
  if (accuracy === null || rocAuc === null || averagePrecision === null) {
    throw new LearningError('too-few-rows', `Of ${target.length} rows to judge, all have the same label.`);
  }
  const calibration = binCalibration(rows.probabilities, (row) => rows.labels[row] === 1, weights);
  const metrics: BinaryMetrics = {
    rows: target.length,
    positives: countPositives(rows),
    threshold: rows.threshold,
    accuracy,
    precision: precision ?? 0,
    recall: recall ?? 0,
    f1: f1 ?? 0,
    rocAuc,
    averagePrecision,
    logLoss,
    brier,
    expectedCalibrationError: calibrationError(calibration),
  };
  return { task: 'binary-classification', metrics, confusion, calibration: calibration.map(({ bin }) => bin) };
}
