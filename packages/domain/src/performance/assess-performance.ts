import { bootstrapIntervals } from '../statistics/bootstrap.js';
import type { Moments } from '../statistics/moments.js';
import { normalQuantile } from '../statistics/normal.js';
import type { Rng } from '../statistics/seeded-rng.js';
import type { Interval } from '../statistics/wilson-interval.js';
import type { LabelledAnswers } from './labelled-answers.js';
import { measureAnswers } from './measure-answers.js';
import type { PerformanceBaseline } from './performance-baseline.js';
import {
  DEFAULT_PERFORMANCE_OPTIONS,
  LOSS_TITLES,
  type LossComparison,
  type MetricEstimate,
  type PerformanceAssessment,
  type PerformanceOptions,
  type PerformanceVerdict,
  type SkillEstimate,
  showLoss,
} from './performance-result.js';
import type { LossName, TaskMeasurement } from './task-measurement.js';

/** `baseline` is null for a version registered without held-out rows; then only the skill can condemn it. */
export interface PerformanceInput {
  readonly window: LabelledAnswers;
  readonly baseline: PerformanceBaseline | null;
  readonly rng: Rng;
  readonly options?: Partial<PerformanceOptions>;
}

/**
 * Judges a labelled window by the loss that decides in its task; all other metrics are reported with intervals but decide nothing.
 * Degraded needs the lower end of the excess's interval above the tolerance, where both the window and the baseline count as samples.
 */
export function assessPerformance({ window, baseline, rng, options: given }: PerformanceInput): PerformanceAssessment {
  const options = { ...DEFAULT_PERFORMANCE_OPTIONS, ...given };
  const measured = measureAnswers(window);
  const intervals = bootstrapMetrics(measured, options, rng);
  const losses = baseline ? compareLosses(measured, baseline, options) : [];
  const skill: SkillEstimate = {
    metric: measured.skill.metric,
    skill: measured.skill.value,
    baseline: baseline?.skill ?? null,
    interval: intervals[measured.metrics.length] ?? null,
  };
  const { rows, positives, invalid, threshold, confusion, classes, calibration } = measured;
  return {
    ...judge({ measured, losses, skill, options, baseline }),
    task: window.task,
    ...{ rows, positives, threshold, confusion, classes, losses, skill, calibration, options },
    invalidRows: invalid,
    baselineRows: baseline?.rows ?? null,
    metrics: measured.metrics.map(
      ({ metric, value, direction }, i): MetricEstimate => ({
        ...{ metric, value, direction },
        baseline: baseline?.metrics[metric] ?? null,
        interval: intervals[i] ?? null,
      }),
    ),
  };
}

/** Losses that both sides have, in the order of the window. */
function compareLosses(
  { losses }: TaskMeasurement,
  baseline: PerformanceBaseline,
  options: PerformanceOptions,
): LossComparison[] {
  return losses.flatMap((window) => {
    const before = baseline.losses.find(({ loss }) => loss === window.loss);
    return before ? [compareLoss(window.loss, window, before, options)] : [];
  });
}

/** Welch's interval of a difference of two means, normal quantile. */
function compareLoss(loss: LossName, window: Moments, baseline: Moments, options: PerformanceOptions): LossComparison {
  const excess = window.mean - baseline.mean;
  const error = Math.sqrt(window.sd ** 2 / window.rows + baseline.sd ** 2 / baseline.rows);
  const half = normalQuantile(0.5 + options.level / 2) * error;
  const threshold = options.lossToleranceShare * baseline.mean;
  const interval = { lower: excess - half, upper: excess + half, level: options.level };
  const degraded = interval.lower > threshold;
  return {
    loss,
    value: window.mean,
    baseline: baseline.mean,
    excess,
    interval,
    threshold,
    direction: 'higher-is-worse',
    degraded,
  };
}

/** Intervals of the metrics in their order, then the skill's. */
function bootstrapMetrics(
  { rows, prepareResamples }: TaskMeasurement,
  options: PerformanceOptions,
  rng: Rng,
): (Interval | null)[] {
  if (rows < options.rowsMin) return [];
  const replicates = Math.max(200, Math.min(options.replicates, Math.round((options.replicates * 5000) / rows)));
  return bootstrapIntervals(rows, prepareResamples(), { replicates, level: options.level, rng });
}

function judge(input: {
  measured: TaskMeasurement;
  losses: readonly LossComparison[];
  skill: SkillEstimate;
  options: PerformanceOptions;
  baseline: PerformanceBaseline | null;
}): { verdict: PerformanceVerdict; reasons: string[] } {
  const { measured, losses, skill, options, baseline } = input;
  if (measured.rows < options.rowsMin)
    return { verdict: 'insufficient', reasons: [`${measured.rows} labelled rows of at least ${options.rowsMin}`] };
  if (measured.shortage !== null) return { verdict: 'insufficient', reasons: [measured.shortage] };
  const reasons: string[] = [];
  const deciding = losses.find(({ loss }) => loss === measured.losses[0]?.loss);
  if (deciding?.degraded) {
    const { loss, value, interval, threshold } = deciding;
    const title = LOSS_TITLES[loss];
    reasons.push(
      `${title.charAt(0).toUpperCase()}${title.slice(1)} ${showLoss(value)} against ${showLoss(deciding.baseline)}: excess at least ${showLoss(interval.lower)}, ${showLoss(threshold)} let pass`,
    );
  }
  if (skill.interval && skill.interval.upper < 0)
    reasons.push(`worse than a constant answer: skill at most ${skill.interval.upper.toFixed(3)}`);
  if (reasons.length > 0) return { verdict: 'degraded', reasons };
  if (!baseline) return { verdict: 'insufficient', reasons: ['no baseline to compare with'] };
  return { verdict: 'healthy', reasons: ['no loss has risen beyond its tolerance and its confidence interval'] };
}
