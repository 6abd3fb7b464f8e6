import { rankFloat32 } from '../statistics/rank-float32.js';
import { rowLosses } from './row-losses.js';
import type { ScoredRows } from './scored-rows.js';

/** Counts at the threshold; a row is called positive when its probability is >= the threshold. */
export interface ConfusionMatrix {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly trueNegatives: number;
  readonly falseNegatives: number;
}

/** Metrics of a binary classifier. `precision` is null when nothing was called positive, `recall` and `f1` when nothing was, `rocAuc` with one class only. */
export interface ClassificationMetrics {
  readonly accuracy: number;
  readonly precision: number | null;
  readonly recall: number | null;
  readonly f1: number | null;
  readonly rocAuc: number | null;
  readonly logLoss: number;
  readonly brier: number;
  readonly confusion: ConfusionMatrix;
}

/** Row order by ascending probability; made once, so that each bootstrap replicate is linear. */
export function rankRows(probabilities: ArrayLike<number>): Uint32Array {
  if (probabilities instanceof Float32Array) return rankFloat32(probabilities);
  return Uint32Array.from({ length: probabilities.length }, (_, i) => i).sort(
    (a, b) => probabilities[a]! - probabilities[b]!,
  );
}

/** Weighted counts at the threshold. */
export function countConfusion(rows: ScoredRows, weights?: ArrayLike<number>): ConfusionMatrix {
  let [truePositives, falsePositives, trueNegatives, falseNegatives] = [0, 0, 0, 0];
  for (let i = 0; i < rows.labels.length; i++) {
    const weight = weights ? weights[i]! : 1;
    const called = rows.probabilities[i]! >= rows.threshold;
    if (rows.labels[i] === 1 && called) truePositives += weight;
    else if (rows.labels[i] === 1) falseNegatives += weight;
    else if (called) falsePositives += weight;
    else trueNegatives += weight;
  }
  return { truePositives, falsePositives, trueNegatives, falseNegatives };
}

const ratio = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null);

/** Accuracy, precision, recall and F1 of a confusion matrix; null where the denominator is 0. */
export function ratesOf(
  confusion: ConfusionMatrix,
): Pick<ClassificationMetrics, 'precision' | 'recall' | 'f1'> & { accuracy: number | null } {
  const { truePositives: tp, falsePositives: fp, trueNegatives: tn, falseNegatives: fn } = confusion;
  return {
    accuracy: ratio(tp + tn, tp + fp + tn + fn),
    precision: ratio(tp, tp + fp),
    recall: ratio(tp, tp + fn),
    f1: ratio(2 * tp, 2 * tp + fp + fn),
  };
}

/**
 * Area under the ROC curve by the Mann-Whitney count, ties one half; null with one class only. `order` is {@link rankRows} of the
 * probabilities.
 */
export function measureRocAuc(rows: ScoredRows, order: Uint32Array, weights?: ArrayLike<number>): number | null {
  let [pairs, negativesBelow, positives] = [0, 0, 0];
  for (let start = 0; start < order.length; ) {
    const score = rows.probabilities[order[start]!]!;
    let [tiedPositives, tiedNegatives] = [0, 0];
    let end = start;
    for (; end < order.length && rows.probabilities[order[end]!] === score; end++) {
      const weight = weights ? weights[order[end]!]! : 1;
      if (rows.labels[order[end]!] === 1) tiedPositives += weight;
      else tiedNegatives += weight;
    }
    pairs += tiedPositives * (negativesBelow + tiedNegatives / 2);
    negativesBelow += tiedNegatives;
    positives += tiedPositives;
    start = end;
  }
  return positives > 0 && negativesBelow > 0 ? pairs / (positives * negativesBelow) : null;
}

/** All metrics of valid rows (see {@link selectScored}); null without rows. */
export function measureClassification(rows: ScoredRows): ClassificationMetrics | null {
  const count = rows.labels.length;
  const confusion = countConfusion(rows);
  const { accuracy, ...rates } = ratesOf(confusion);
  if (accuracy === null) return null;
  const losses = rowLosses(rows);
  return {
    accuracy,
    ...rates,
    rocAuc: measureRocAuc(rows, rankRows(rows.probabilities)),
    logLoss: losses.log.reduce((sum, loss) => sum + loss, 0) / count,
    brier: losses.brier.reduce((sum, loss) => sum + loss, 0) / count,
    confusion,
  };
}
