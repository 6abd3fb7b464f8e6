import type { Interval } from '../statistics/wilson-interval.js';
import type { CalibrationBin } from './calibration.js';
import type { ConfusionMatrix } from './classification-metrics.js';

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
  readonly metric: 'accuracy' | 'precision' | 'recall' | 'f1' | 'roc_auc' | 'log_loss' | 'brier';
  readonly value: number | null;
  readonly baseline: number | null;
  readonly interval: Interval | null;
  readonly direction: 'higher-is-better' | 'lower-is-better';
}

/** Mean loss of the window minus the baseline's. `degraded` when the whole interval lies above the tolerance. */
export interface LossComparison {
  readonly loss: 'brier' | 'log_loss';
  readonly value: number;
  readonly baseline: number;
  readonly excess: number;
  readonly interval: Interval;
  /** Largest excess let pass, in the unit of the loss. */
  readonly threshold: number;
  readonly direction: 'higher-is-worse';
  readonly degraded: boolean;
}

/** `skill` = 1 - Brier / Brier of always answering the window's own positive share; <= 0 is no better than that constant. Null with one class only. */
export interface SkillEstimate {
  readonly skill: number | null;
  readonly baseline: number | null;
  readonly interval: Interval | null;
}

/**
 * `healthy`: no loss has risen beyond doubt and tolerance. `degraded`: the Brier score has, or it is beyond doubt worse than a
 * constant answer. `insufficient`: too few labels (or no baseline) to say either.
 */
export type PerformanceVerdict = 'healthy' | 'degraded' | 'insufficient';

/** Everything that the verdict rests on. Plain JSON data. */
export interface PerformanceAssessment {
  readonly verdict: PerformanceVerdict;
  readonly reasons: readonly string[];
  readonly rows: number;
  readonly positives: number;
  /** Rows left out: probability outside [0, 1] or NaN, or a label other than 0 and 1. */
  readonly invalidRows: number;
  readonly baselineRows: number | null;
  readonly threshold: number;
  readonly metrics: readonly MetricEstimate[];
  readonly confusion: ConfusionMatrix | null;
  readonly losses: readonly LossComparison[];
  readonly skill: SkillEstimate;
  readonly calibration: readonly CalibrationBin[];
  readonly options: PerformanceOptions;
}
