import { computeMoments, type Moments } from '../statistics/moments.js';
import { countConfusion, measureRocAuc, rankRows, ratesOf } from './classification-metrics.js';
import { type ScoredRows, selectScored } from './scored-rows.js';
import { type TaskMeasurement, WITHOUT_DECISIONS } from './task-measurement.js';

/** Of each kind: where a rank statistic of two samples is near enough to normal. */
const OF_EACH_MIN = 10;

/**
 * Scores of anomalies, judged by ranking (1 - ROC-AUC): a score is no probability, so that no proper loss of it is to be had. What is caught at the
 * threshold is told and decides nothing.
 */
export function measureAnomalies(window: ScoredRows): TaskMeasurement {
  const { scored, invalid } = selectScored(window);
  const rows = scored.labels.length;
  const order = rankRows(scored.probabilities);
  const confusion = countConfusion(scored);
  const anomalies = confusion.truePositives + confusion.falseNegatives;
  const ranking = measureRankingLoss(scored, order);
  const [rocAuc = null, precision = null, recall = null, f1 = null, gini = null] = measure(scored, order);
  return {
    ...WITHOUT_DECISIONS,
    rows,
    invalid,
    metrics:
      rows === 0
        ? []
        : [
            { metric: 'roc_auc', value: rocAuc, direction: 'higher-is-better' },
            { metric: 'precision', value: precision, direction: 'higher-is-better' },
            { metric: 'recall', value: recall, direction: 'higher-is-better' },
            { metric: 'f1', value: f1, direction: 'higher-is-better' },
          ],
    losses: ranking ? [{ loss: 'ranking_loss', ...ranking }] : [],
    skill: { metric: 'gini', value: gini },
    prepareResamples: () => (draws) => measure(scored, order, draws),
    shortage:
      Math.min(anomalies, rows - anomalies) < OF_EACH_MIN
        ? `${anomalies} anomalies and ${rows - anomalies} ordinary rows, of at least ${OF_EACH_MIN} each`
        : null,
    positives: anomalies,
    threshold: window.threshold,
    confusion: rows === 0 ? null : confusion,
  };
}

/** ROC-AUC, precision, recall, F1 and Gini. */
function measure(scored: ScoredRows, order: Uint32Array, weights?: ArrayLike<number>): (number | null)[] {
  const { precision, recall, f1 } = ratesOf(countConfusion(scored, weights));
  const auc = measureRocAuc(scored, order, weights);
  return [auc, precision, recall, f1, auc === null ? null : 2 * auc - 1];
}

/**
 * 1 - ROC-AUC with its standard error by structural components (DeLong, DeLong, Clarke-Pearson 1988): each anomaly loses the share of ordinary rows
 * that are ranked above it, each ordinary row the share of anomalies below it, ties one half. `sd` is the standard error times sqrt(rows).
 * Null with one kind only.
 */
function measureRankingLoss({ probabilities, labels }: ScoredRows, order: Uint32Array): Moments | null {
  const rows = order.length;
  const anomalies = Array.from(labels).filter((label) => label === 1).length;
  const ordinary = rows - anomalies;
  if (anomalies === 0 || ordinary === 0) return null;
  const lostByAnomaly: number[] = [];
  const lostByOrdinary: number[] = [];
  for (let start = 0, below = { anomalies: 0, ordinary: 0 }; start < rows; ) {
    let end = start;
    const tied = { anomalies: 0, ordinary: 0 };
    for (; end < rows && probabilities[order[end]!] === probabilities[order[start]!]; end++)
      tied[labels[order[end]!] === 1 ? 'anomalies' : 'ordinary']++;
    const above = ordinary - below.ordinary - tied.ordinary / 2;
    for (let i = 0; i < tied.anomalies; i++) lostByAnomaly.push(above / ordinary);
    for (let i = 0; i < tied.ordinary; i++) lostByOrdinary.push((below.anomalies + tied.anomalies / 2) / anomalies);
    below = { anomalies: below.anomalies + tied.anomalies, ordinary: below.ordinary + tied.ordinary };
    start = end;
  }
  const [of, other] = [computeMoments(lostByAnomaly), computeMoments(lostByOrdinary)];
  const variance = of.sd ** 2 / anomalies + other.sd ** 2 / ordinary;
  return { rows, mean: of.mean, sd: Math.sqrt(variance * rows) };
}
