import type { Interval } from '../statistics/wilson-interval.js';
import type { AnswerTask } from './answer-task.js';
import type { CalibrationBin } from './calibration.js';
import type { ClassTable } from './class-table.js';
import type { ConfusionMatrix } from './classification-metrics.js';
import type { LossName, MetricDirection, MetricName, SkillName } from './task-measurement.js';

/** Limits of a performance assessment. */
export interface PerformanceOptions {
  /** Labelled rows below which nothing is concluded. 30 is where the mean of bounded losses is near enough to normal. */
  readonly rowsMin: number;
  /** Two-sided confidence level of every interval, in (0, 1). */
  readonly level: number;
  /** Rise of a mean loss that is not worth acting on, as a share of the baseline's mean loss. */
  readonly lossToleranceShare: number;
  /** Bootstrap resamples for windows up to 5000 rows; fewer for longer windows, never below 200. */
  readonly replicates: number;
}

/** A tenth more loss is let pass: less than two halves of one test set commonly differ by. */
export const DEFAULT_PERFORMANCE_OPTIONS: PerformanceOptions = {
  rowsMin: 30,
  level: 0.95,
  lossToleranceShare: 0.1,
  replicates: 1000,
};

/** A metric of the window beside the baseline's, with its bootstrap interval (null when the window can't give one). */
export interface MetricEstimate {
  readonly metric: MetricName;
  readonly value: number | null;
  readonly baseline: number | null;
  readonly interval: Interval | null;
  readonly direction: MetricDirection;
}

/** Mean loss of the window minus the baseline's. `degraded` when the whole interval lies above the tolerance. */
export interface LossComparison {
  readonly loss: LossName;
  readonly value: number;
  readonly baseline: number;
  readonly excess: number;
  readonly interval: Interval;
  /** Largest excess let pass, in the unit of the loss. */
  readonly threshold: number;
  readonly direction: 'higher-is-worse';
  readonly degraded: boolean;
}

/**
 * `skill` = 1 - deciding loss / that of the best constant answer to the window (its share of positives, its shares of classes, its mean; any score
 * for all rows); <= 0 is no better than that constant. Null where every truth is the same.
 */
export interface SkillEstimate {
  readonly metric: SkillName;
  readonly skill: number | null;
  readonly baseline: number | null;
  readonly interval: Interval | null;
}

/**
 * `healthy`: the deciding loss has not risen beyond doubt and tolerance. `degraded`: it has, or it is beyond doubt worse than that of a
 * constant answer. `insufficient`: too few labels (or no baseline) to say either.
 */
export type PerformanceVerdict = 'healthy' | 'degraded' | 'insufficient';

/** How a loss is called in sentences. */
export const LOSS_TITLES: Readonly<Record<LossName, string>> = {
  brier: 'Brier score',
  log_loss: 'log loss',
  squared_error: 'mean squared error',
  absolute_error: 'mean absolute error',
  ranking_loss: 'ranking loss (1 - ROC-AUC)',
};

/** Three decimals where they tell it, else three digits: losses of values have any size. */
export function showLoss(value: number): string {
  const size = Math.abs(value);
  return value !== 0 && (size < 0.0005 || size >= 1e4) ? value.toPrecision(3) : value.toFixed(3);
}

/** Everything that the verdict rests on. Plain JSON data. */
export interface PerformanceAssessment {
  readonly verdict: PerformanceVerdict;
  readonly reasons: readonly string[];
  readonly task: AnswerTask;
  readonly rows: number;
  /** Binary: positives; anomaly: anomalies; else null, as the threshold and the confusion at it. */
  readonly positives: number | null;
  /** Rows left out: an answer that is none (a probability outside [0, 1], NaN), or a label that the task does not know. */
  readonly invalidRows: number;
  readonly baselineRows: number | null;
  readonly threshold: number | null;
  readonly metrics: readonly MetricEstimate[];
  readonly confusion: ConfusionMatrix | null;
  /** Many classes: each by itself, and who was taken for whom. */
  readonly classes: ClassTable | null;
  /** The one that decides first; empty without a baseline. */
  readonly losses: readonly LossComparison[];
  readonly skill: SkillEstimate;
  readonly calibration: readonly CalibrationBin[];
  readonly options: PerformanceOptions;
}
