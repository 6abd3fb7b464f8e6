import { type ConfusionMatrix, countConfusion, ratesOf } from '@gimbal/domain';
import { scoreRows } from './evaluate-binary.js';
import { averagePrecisionOf, rankScores, rocAucOf } from './ranking-metrics.js';
import { checkWeights, type RowWeights, totalWeight, weightedQuantiles } from './weighted-rows.js';

/** Metrics of anomaly scores. All but the share flagged need rows that are known to be anomalies, and are null without. */
export interface AnomalyMetrics {
  readonly rows: number;
  /** Rows known to be anomalies; a count, without weights. */
  readonly anomalies: number;
  /** float32; an anomaly when score >= threshold. */
  readonly threshold: number;
  /** Share of rows at or above the threshold, in [0, 1]. */
  readonly flaggedShare: number;
  readonly rocAuc: number | null;
  /** Area under the precision-recall curve as average precision. */
  readonly averagePrecision: number | null;
  /** Of the rows flagged, the share of anomalies; 0 when nothing was flagged. */
  readonly precision: number | null;
  readonly recall: number | null;
  readonly f1: number | null;
}

/** Metrics with what they were computed from. */
export interface AnomalyEvaluation {
  readonly task: 'anomaly-detection';
  readonly metrics: AnomalyMetrics;
  /** By weight; null without known anomalies. */
  readonly confusion: ConfusionMatrix | null;
  /** Quantiles of the score. */
  readonly scores: readonly { readonly share: number; readonly value: number }[];
}

const SCORE_SHARES = [0, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1];

/** Ranking of anomaly scores under any weights; null where the rows that count are all of one kind. */
export function prepareAnomaly(target: ArrayLike<number>, scores: ArrayLike<number>) {
  const ranking = rankScores(Float32Array.from(scores), (row) => target[row] === 1);
  return (weights: RowWeights) => {
    const rocAuc = rocAucOf(ranking, weights);
    return { rocAuc, averagePrecision: rocAuc === null ? null : averagePrecisionOf(ranking, weights) };
  };
}

/**
 * Judges anomaly scores, by labels as far as there are some.
 *
 * @param target 1 where a row is known to be an anomaly, else 0
 * @param scores in [0, 1], higher is stranger
 * @throws LearningError `invalid-score` as `evaluateBinary`, `too-few-rows` when nothing counts
 */
export function evaluateAnomaly(
  target: ArrayLike<number>,
  scores: ArrayLike<number>,
  threshold: number,
  weights: RowWeights = null,
): AnomalyEvaluation {
  const rows = scoreRows(target, scores, threshold);
  checkWeights(target.length, weights);
  const confusion = countConfusion(rows, weights ?? undefined);
  const { truePositives, falsePositives, falseNegatives } = confusion;
  const isLabelled = truePositives + falseNegatives > 0;
  const { precision, recall, f1 } = ratesOf(confusion);
  const quantiles = weightedQuantiles(rows.probabilities, weights, SCORE_SHARES);
  return {
    task: 'anomaly-detection',
    metrics: {
      rows: target.length,
      anomalies: Array.from(target).filter((label) => label === 1).length,
      threshold: rows.threshold,
      flaggedShare: (truePositives + falsePositives) / totalWeight(target.length, weights),
      ...prepareAnomaly(target, scores)(weights),
      precision: isLabelled ? (precision ?? 0) : null,
      recall: isLabelled ? recall : null,
      f1: isLabelled ? f1 : null,
    },
    confusion: isLabelled ? confusion : null,
    scores: SCORE_SHARES.map((share, i) => ({ share, value: quantiles[i]! })),
  };
}
