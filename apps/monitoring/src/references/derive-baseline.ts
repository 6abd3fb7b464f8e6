import type { Metrics } from '@gimbal/contracts';
import type { Moments, PerformanceBaseline } from '@gimbal/domain';

/** The largest log loss of a row: probabilities are clipped to [1e-15, 1 - 1e-15]. */
const LOG_LOSS_MAX = -Math.log(1e-15);

/**
 * A baseline from the holdout metrics that a version was registered with, for one that brought no profile of its own. The spread of
 * the losses is not among them, so the largest possible one is taken: a loss in [0, top] with mean m has a variance of at most
 * m (top - m) (Bhatia and Davis 2000). The interval is then too wide rather than too narrow: it never makes a false alarm.
 */
export function deriveBaseline(holdout: Metrics): PerformanceBaseline {
  const { rows, positives, accuracy, precision, recall, f1Score, rocAuc, logLoss, brier, confusion } = holdout;
  return {
    rows,
    positives,
    metrics: { accuracy, precision, recall, f1: f1Score, rocAuc, logLoss, brier, confusion },
    brierLoss: widestMoments(rows, brier, 1),
    logLoss: widestMoments(rows, Math.min(logLoss, LOG_LOSS_MAX), LOG_LOSS_MAX),
  };
}

const widestMoments = (rows: number, mean: number, top: number): Moments => ({
  rows,
  mean,
  sd: Math.sqrt(mean * (top - mean)),
});
