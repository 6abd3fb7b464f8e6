import { computeMoments, type Moments } from '../statistics/moments.js';
import { type ClassificationMetrics, measureClassification } from './classification-metrics.js';
import { rowLosses } from './row-losses.js';
import { type ScoredRows, selectScored } from './scored-rows.js';

/**
 * How a version did on rows it did not learn from. The spread of the losses is kept beside their mean, because a later window is
 * judged against an estimate, not against a truth.
 */
export interface PerformanceBaseline {
  readonly rows: number;
  readonly positives: number;
  readonly metrics: ClassificationMetrics;
  /** Squared error of the probability per row: mean (the Brier score) and standard deviation. */
  readonly brierLoss: Moments;
  /** Natural-log loss per row, probabilities clipped to [1e-15, 1 - 1e-15]. */
  readonly logLoss: Moments;
}

/**
 * Summarises held-out rows; prefer held-out and out-of-fold rows together: more rows, a narrower baseline.
 * Rows with an invalid probability are left out. Null when none is left.
 */
export function buildPerformanceBaseline(rows: ScoredRows): PerformanceBaseline | null {
  const { scored } = selectScored(rows);
  const metrics = measureClassification(scored);
  if (metrics === null) return null;
  const losses = rowLosses(scored);
  return {
    rows: scored.labels.length,
    positives: metrics.confusion.truePositives + metrics.confusion.falseNegatives,
    metrics,
    brierLoss: computeMoments(losses.brier),
    logLoss: computeMoments(losses.log),
  };
}

/**
 * The baseline with the lower Brier score. After a deployment judge the new version against the stricter of its own baseline and
 * its predecessor's: a version that was bad from the start must not be excused by its own bad baseline.
 */
export function stricterBaseline(
  own: PerformanceBaseline | null,
  former: PerformanceBaseline | null,
): PerformanceBaseline | null {
  if (own === null || former === null) return own ?? former;
  return former.brierLoss.mean < own.brierLoss.mean ? former : own;
}
