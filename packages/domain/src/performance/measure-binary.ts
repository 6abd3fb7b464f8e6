import { computeMoments } from '../statistics/moments.js';
import { measureCalibration } from './calibration.js';
import { countConfusion, measureClassification, measureRocAuc, rankRows, ratesOf } from './classification-metrics.js';
import { rowLosses } from './row-losses.js';
import { type ScoredRows, selectScored } from './scored-rows.js';
import type { TaskMeasurement } from './task-measurement.js';

/**
 * Probabilities of one class, judged by the Brier score. F1, accuracy and AUC decide nothing: F1 rises with the positive share while
 * ranking gets worse, and AUC moves either way on a hundred rows; a rise of the Brier score shows first.
 */
export function measureBinary(window: ScoredRows): TaskMeasurement {
  const { scored, invalid } = selectScored(window);
  const metrics = measureClassification(scored);
  const rows = scored.labels.length;
  const losses = rowLosses(scored);
  const positives = metrics ? metrics.confusion.truePositives + metrics.confusion.falseNegatives : 0;
  return {
    rows,
    invalid,
    metrics: metrics
      ? [
          { metric: 'accuracy', value: metrics.accuracy, direction: 'higher-is-better' },
          { metric: 'precision', value: metrics.precision, direction: 'higher-is-better' },
          { metric: 'recall', value: metrics.recall, direction: 'higher-is-better' },
          { metric: 'f1', value: metrics.f1, direction: 'higher-is-better' },
          { metric: 'roc_auc', value: metrics.rocAuc, direction: 'higher-is-better' },
          { metric: 'log_loss', value: metrics.logLoss, direction: 'lower-is-better' },
          { metric: 'brier', value: metrics.brier, direction: 'lower-is-better' },
        ]
      : [],
    losses: metrics
      ? [
          { loss: 'brier', ...computeMoments(losses.brier) },
          { loss: 'log_loss', ...computeMoments(losses.log) },
        ]
      : [],
    skill: { metric: 'brier_skill', value: metrics && skillOf(metrics.brier, positives / rows) },
    prepareResamples: () => resampleBinary(scored, losses),
    shortage: null,
    positives,
    threshold: window.threshold,
    confusion: metrics?.confusion ?? null,
    calibration: measureCalibration(scored),
    classes: null,
  };
}

/** Against always answering the share of positives. */
const skillOf = (brier: number, share: number): number | null =>
  share > 0 && share < 1 ? 1 - brier / (share * (1 - share)) : null;

function resampleBinary(
  scored: ScoredRows,
  { brier, log }: ReturnType<typeof rowLosses>,
): ReturnType<TaskMeasurement['prepareResamples']> {
  const rows = scored.labels.length;
  const order = rankRows(scored.probabilities);
  const mean = (losses: Float64Array, draws: Uint32Array): number =>
    losses.reduce((sum, loss, i) => sum + loss * draws[i]!, 0) / rows;
  return (draws) => {
    const confusion = countConfusion(scored, draws);
    const { accuracy, precision, recall, f1 } = ratesOf(confusion);
    const score = mean(brier, draws);
    const share = (confusion.truePositives + confusion.falseNegatives) / rows;
    const auc = measureRocAuc(scored, order, draws);
    return [accuracy, precision, recall, f1, auc, mean(log, draws), score, skillOf(score, share)];
  };
}
