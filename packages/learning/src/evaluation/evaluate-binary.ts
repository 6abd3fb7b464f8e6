import { decideLabels } from '../families/predict-probability.js';
import { assessCalibration, type Calibration } from './calibration.js';
import { checkProbabilities } from './check-scores.js';
import { rocAuc } from './roc-auc.js';

/** Counts of decided against true labels. */
export interface ConfusionMatrix {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly trueNegatives: number;
  readonly falseNegatives: number;
}

/** Quality of decided labels. Each is in [0, 1]; precision, recall and F1 are 0 where their denominator is 0. */
export interface LabelMetrics {
  readonly accuracy: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/** Quality of probabilities, whatever the threshold. */
export interface ProbabilityMetrics {
  /** In [0, 1]; null when a class is absent. */
  readonly rocAuc: number | null;
  /** Mean negative log likelihood in nats, >= 0; probabilities are kept 1e-15 away from 0 and 1. */
  readonly logLoss: number;
  /** Mean squared error of the probability, in [0, 1]. */
  readonly brier: number;
  /** See {@link Calibration.expectedError}. */
  readonly expectedCalibrationError: number;
}

/** All metrics of binary predictions at one threshold. */
export interface BinaryMetrics extends LabelMetrics, ProbabilityMetrics {
  readonly rows: number;
  readonly positives: number;
  /** Positive when probability >= threshold, in float32. */
  readonly threshold: number;
}

/** Metrics with what they were computed from. */
export interface BinaryEvaluation {
  readonly metrics: BinaryMetrics;
  readonly confusion: ConfusionMatrix;
  readonly calibration: Calibration;
}

/** Counts decided labels against true ones. Both hold 0 and 1 and are equally long. */
export function countConfusion(target: ArrayLike<number>, labels: ArrayLike<number>): ConfusionMatrix {
  const counts = [0, 0, 0, 0]; // index = 2 * target + label
  for (let i = 0; i < target.length; i++) counts[2 * target[i]! + labels[i]!]!++;
  return {
    trueNegatives: counts[0]!,
    falsePositives: counts[1]!,
    falseNegatives: counts[2]!,
    truePositives: counts[3]!,
  };
}

/** Accuracy, precision, recall and F1 of a confusion matrix. */
export function summariseConfusion(confusion: ConfusionMatrix): LabelMetrics {
  const { truePositives, falsePositives, trueNegatives, falseNegatives } = confusion;
  const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
  return {
    accuracy: share(truePositives + trueNegatives, truePositives + trueNegatives + falsePositives + falseNegatives),
    precision: share(truePositives, truePositives + falsePositives),
    recall: share(truePositives, truePositives + falseNegatives),
    f1: share(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives),
  };
}

/** Mean negative log likelihood in nats. @throws LearningError `invalid-score` */
export function logLoss(target: ArrayLike<number>, probabilities: ArrayLike<number>): number {
  checkProbabilities(target, probabilities);
  let sum = 0;
  for (let i = 0; i < target.length; i++) {
    const ofTruth = target[i] === 1 ? probabilities[i]! : 1 - probabilities[i]!;
    sum -= Math.log(Math.min(1 - 1e-15, Math.max(1e-15, ofTruth)));
  }
  return sum / target.length;
}

/** Mean squared error of the probability. @throws LearningError `invalid-score` */
export function brierScore(target: ArrayLike<number>, probabilities: ArrayLike<number>): number {
  checkProbabilities(target, probabilities);
  let sum = 0;
  for (let i = 0; i < target.length; i++) sum += (probabilities[i]! - target[i]!) ** 2;
  return sum / target.length;
}

/**
 * Judges probabilities of the positive class against true labels.
 *
 * @throws LearningError `invalid-score` for no rows, unequal lengths, NaN, or a probability outside [0, 1]
 */
export function evaluateBinary(
  target: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  threshold: number,
): BinaryEvaluation {
  checkProbabilities(target, probabilities);
  const confusion = countConfusion(target, decideLabels(probabilities, threshold));
  const calibration = assessCalibration(target, probabilities);
  const metrics: BinaryMetrics = {
    rows: target.length,
    positives: confusion.truePositives + confusion.falseNegatives,
    threshold,
    ...summariseConfusion(confusion),
    rocAuc: rocAuc(target, probabilities),
    logLoss: logLoss(target, probabilities),
    brier: brierScore(target, probabilities),
    expectedCalibrationError: calibration.expectedError,
  };
  return { metrics, confusion, calibration };
}
