import type { DrawCounts } from '../statistics/bootstrap.js';
import type { Moments } from '../statistics/moments.js';
import type { CalibrationBin } from './calibration.js';
import type { ClassTable } from './class-table.js';
import type { ConfusionMatrix } from './classification-metrics.js';

export const METRIC_NAMES = [
  'accuracy',
  'precision',
  'recall',
  'f1',
  'roc_auc',
  'log_loss',
  'brier',
  'macro_f1',
  'balanced_accuracy',
  'answered_accuracy',
  'mae',
  'rmse',
  'r2',
  'bias',
] as const;
export type MetricName = (typeof METRIC_NAMES)[number];

/** `ranking_loss` is 1 - ROC-AUC. */
export const LOSS_NAMES = ['brier', 'log_loss', 'squared_error', 'absolute_error', 'ranking_loss'] as const;
export type LossName = (typeof LOSS_NAMES)[number];

/** `nearer-zero-is-better` for what may miss on both sides. */
export type MetricDirection = 'higher-is-better' | 'lower-is-better' | 'nearer-zero-is-better';

/** One metric of labelled rows; null where they do not define it. */
export interface MeasuredMetric {
  readonly metric: MetricName;
  readonly value: number | null;
  readonly direction: MetricDirection;
}

/**
 * What a task makes of its labelled rows: all that the rules common to every task need to judge them. Each task has one function that makes it;
 * nothing else of a judgement depends on the task.
 */
export interface TaskMeasurement {
  readonly rows: number;
  /** Rows left out: an answer or a label that cannot be one. */
  readonly invalid: number;
  readonly metrics: readonly MeasuredMetric[];
  /**
   * What each loss came to, the one that decides first. `sd` / sqrt(`rows`) is the standard error of the mean. Empty when the rows define none.
   */
  readonly losses: readonly ({ readonly loss: LossName } & Moments)[];
  /** 1 - (deciding loss / that of the best constant answer to these very rows); <= 0 is no better than that constant. */
  readonly skill: { readonly metric: SkillName; readonly value: number | null };
  /** Prepares to tell the metrics in their order and then the skill, of resamples that have row i `draws[i]` times. */
  readonly prepareResamples: () => (draws: DrawCounts) => readonly (number | null)[];
  /** Why so many rows still do not allow a conclusion; null when they do. */
  readonly shortage: string | null;
  readonly positives: number | null;
  readonly threshold: number | null;
  readonly confusion: ConfusionMatrix | null;
  readonly calibration: readonly CalibrationBin[];
  readonly classes: ClassTable | null;
}

/** `gini` is 2 ROC-AUC - 1. */
export type SkillName = 'brier_skill' | 'r2' | 'gini';

/** What a task leaves out of its measurement because it has no such thing. */
export const WITHOUT_DECISIONS = {
  positives: null,
  threshold: null,
  confusion: null,
  calibration: [],
  classes: null,
} as const;
