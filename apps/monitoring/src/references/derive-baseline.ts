import type { Evaluation, Metrics, Task, TaskScores } from '@gimbal/contracts';
import type { Moments, PerformanceBaseline } from '@gimbal/domain';

/** The largest log loss of a row: probabilities are clipped to [1e-15, 1 - 1e-15]. */
const LOG_LOSS_MAX = -Math.log(1e-15);

/** The largest Brier score of a row, summed over classes. */
const CLASSES_BRIER_MAX = 2;

/**
 * A baseline from the metrics that a version was registered with, for one that brought no profile of its own. The spread of
 * the losses is not among them, so the largest possible one is taken: a loss in [0, top] with mean m has a variance of at most
 * m (top - m) (Bhatia and Davis 2000). The interval is then too wide rather than too narrow: it never makes a false alarm.
 * @returns null where no such bound is known: an error of values has no top, and of a ROC-AUC the number of anomalies would be needed
 */
export function deriveBaseline(task: Task, { holdout, scores }: Evaluation): PerformanceBaseline | null {
  if (holdout) return deriveBinary(holdout);
  return scores && (task === 'multiclass-classification' || task === 'text-classification')
    ? deriveClasses(task, scores)
    : null;
}

function deriveBinary(holdout: Metrics): PerformanceBaseline {
  const { rows, positives, accuracy, precision, recall, f1Score, rocAuc, logLoss, brier } = holdout;
  const share = positives / rows;
  return {
    task: 'binary-classification',
    rows,
    metrics: { accuracy, precision, recall, f1: f1Score, roc_auc: rocAuc, log_loss: logLoss, brier },
    losses: [
      { loss: 'brier', ...widestMoments(rows, brier, 1) },
      { loss: 'log_loss', ...widestMoments(rows, Math.min(logLoss, LOG_LOSS_MAX), LOG_LOSS_MAX) },
    ],
    skill: share > 0 && share < 1 ? 1 - brier / (share * (1 - share)) : null,
  };
}

/** Null when the scores of registration lack the one that decides. */
function deriveClasses(task: PerformanceBaseline['task'], { rows, values }: TaskScores): PerformanceBaseline | null {
  const { accuracy = null, brier = null } = values;
  if (rows === 0 || brier === null || !(brier >= 0 && brier <= CLASSES_BRIER_MAX)) return null;
  return {
    task,
    rows,
    metrics: {
      ...{ accuracy, brier },
      macro_f1: values['macro_f1'] ?? null,
      log_loss: values['log_loss'] ?? null,
      answered_accuracy: values['answered_accuracy'] ?? null,
    },
    losses: [{ loss: 'brier', ...widestMoments(rows, brier, CLASSES_BRIER_MAX) }],
    skill: null,
  };
}

const widestMoments = (rows: number, mean: number, top: number): Moments => ({
  rows,
  mean,
  sd: Math.sqrt(mean * (top - mean)),
});
