import { bootstrapIntervals } from '../statistics/bootstrap.js';
import { computeMoments, type Moments } from '../statistics/moments.js';
import { normalQuantile } from '../statistics/normal.js';
import type { Rng } from '../statistics/seeded-rng.js';
import type { Interval } from '../statistics/wilson-interval.js';
import { measureCalibration } from './calibration.js';
import {
  type ClassificationMetrics,
  countConfusion,
  measureClassification,
  measureRocAuc,
  rankRows,
  ratesOf,
} from './classification-metrics.js';
import type { PerformanceBaseline } from './performance-baseline.js';
import {
  DEFAULT_PERFORMANCE_OPTIONS,
  type LossComparison,
  type MetricEstimate,
  type PerformanceAssessment,
  type PerformanceOptions,
  type PerformanceVerdict,
  type SkillEstimate,
} from './performance-result.js';
import { rowLosses } from './row-losses.js';
import { type ScoredRows, selectScored } from './scored-rows.js';

/** `baseline` is null for a version registered without held-out rows; then only the skill can condemn it. */
export interface PerformanceInput {
  readonly window: ScoredRows;
  readonly baseline: PerformanceBaseline | null;
  readonly rng: Rng;
  readonly options?: Partial<PerformanceOptions>;
}

/**
 * Judges a labelled window by proper scores. F1, accuracy and AUC are reported with intervals but decide nothing: F1 rises with
 * the positive share while ranking gets worse, and AUC moves either way on a hundred rows; a rise of the Brier score shows first.
 * Degraded needs the lower end of the excess's interval above the tolerance, where both the window and the baseline count as samples.
 */
export function assessPerformance({ window, baseline, rng, options: given }: PerformanceInput): PerformanceAssessment {
  const options = { ...DEFAULT_PERFORMANCE_OPTIONS, ...given };
  const { scored, invalid } = selectScored(window);
  const metrics = measureClassification(scored);
  const rows = scored.labels.length;
  const losses = metrics && baseline ? compareLosses(scored, baseline, options) : [];
  const bootstrap = bootstrapMetrics(scored, options, rng);
  const skill = estimateSkill({ metrics, baseline, interval: bootstrap[7] ?? null });
  const judged = judge({ rows, losses, skill, options, baseline });
  return {
    ...judged,
    rows,
    positives: metrics ? metrics.confusion.truePositives + metrics.confusion.falseNegatives : 0,
    invalidRows: invalid,
    baselineRows: baseline?.rows ?? null,
    threshold: window.threshold,
    metrics: metrics ? tabulate(metrics, baseline, bootstrap) : [],
    confusion: metrics?.confusion ?? null,
    losses,
    skill,
    calibration: measureCalibration(scored),
    options,
  };
}

function compareLosses(
  scored: ScoredRows,
  baseline: PerformanceBaseline,
  options: PerformanceOptions,
): LossComparison[] {
  const losses = rowLosses(scored);
  return [
    compareLoss('brier', computeMoments(losses.brier), baseline.brierLoss, options),
    compareLoss('log_loss', computeMoments(losses.log), baseline.logLoss, options),
  ];
}

/** Welch's interval of a difference of two means, normal quantile. */
function compareLoss(
  loss: LossComparison['loss'],
  window: Moments,
  baseline: Moments,
  options: PerformanceOptions,
): LossComparison {
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

/** Intervals in the order of {@link tabulate}, then the skill's. */
function bootstrapMetrics(scored: ScoredRows, options: PerformanceOptions, rng: Rng): (Interval | null)[] {
  const rows = scored.labels.length;
  if (rows < options.rowsMin) return [];
  const order = rankRows(scored.probabilities);
  const { brier, log } = rowLosses(scored);
  const replicates = Math.max(200, Math.min(options.replicates, Math.round((options.replicates * 5000) / rows)));
  const mean = (losses: Float64Array, draws: Uint32Array): number =>
    losses.reduce((sum, loss, i) => sum + loss * draws[i]!, 0) / rows;
  const measure = (draws: Uint32Array): (number | null)[] => {
    const confusion = countConfusion(scored, draws);
    const { accuracy, precision, recall, f1 } = ratesOf(confusion);
    const score = mean(brier, draws);
    const share = (confusion.truePositives + confusion.falseNegatives) / rows;
    const auc = measureRocAuc(scored, order, draws);
    return [accuracy, precision, recall, f1, auc, mean(log, draws), score, skillOf(score, share)];
  };
  return bootstrapIntervals(rows, measure, { replicates, level: options.level, rng });
}

const skillOf = (brier: number, share: number): number | null =>
  share > 0 && share < 1 ? 1 - brier / (share * (1 - share)) : null;

function tabulate(
  metrics: ClassificationMetrics,
  baseline: PerformanceBaseline | null,
  intervals: readonly (Interval | null)[],
): MetricEstimate[] {
  const reference = baseline?.metrics ?? null;
  const higher = 'higher-is-better' as const;
  const lower = 'lower-is-better' as const;
  return (
    [
      ['accuracy', metrics.accuracy, reference?.accuracy, higher],
      ['precision', metrics.precision, reference?.precision, higher],
      ['recall', metrics.recall, reference?.recall, higher],
      ['f1', metrics.f1, reference?.f1, higher],
      ['roc_auc', metrics.rocAuc, reference?.rocAuc, higher],
      ['log_loss', metrics.logLoss, reference?.logLoss, lower],
      ['brier', metrics.brier, reference?.brier, lower],
    ] as const
  ).map(([metric, value, base, direction], i) => ({
    metric,
    value,
    baseline: base ?? null,
    interval: intervals[i] ?? null,
    direction,
  }));
}

function estimateSkill(input: {
  metrics: ClassificationMetrics | null;
  baseline: PerformanceBaseline | null;
  interval: Interval | null;
}): SkillEstimate {
  const { metrics, baseline, interval } = input;
  const positives = metrics ? metrics.confusion.truePositives + metrics.confusion.falseNegatives : 0;
  const rows = metrics ? positives + metrics.confusion.trueNegatives + metrics.confusion.falsePositives : 0;
  return {
    skill: metrics ? skillOf(metrics.brier, positives / rows) : null,
    baseline: baseline ? skillOf(baseline.brierLoss.mean, baseline.positives / baseline.rows) : null,
    interval,
  };
}

function judge(input: {
  rows: number;
  losses: readonly LossComparison[];
  skill: SkillEstimate;
  options: PerformanceOptions;
  baseline: PerformanceBaseline | null;
}): { verdict: PerformanceVerdict; reasons: string[] } {
  const { rows, losses, skill, options, baseline } = input;
  if (rows < options.rowsMin)
    return { verdict: 'insufficient', reasons: [`${rows} labelled rows of at least ${options.rowsMin}`] };
  const reasons: string[] = [];
  const brier = losses.find(({ loss }) => loss === 'brier');
  if (brier?.degraded)
    reasons.push(
      `Brier score ${brier.value.toFixed(3)} against ${brier.baseline.toFixed(3)}: excess at least ${brier.interval.lower.toFixed(3)}, ${brier.threshold.toFixed(3)} let pass`,
    );
  if (skill.interval && skill.interval.upper < 0)
    reasons.push(`worse than a constant answer: skill at most ${skill.interval.upper.toFixed(3)}`);
  if (reasons.length > 0) return { verdict: 'degraded', reasons };
  if (!baseline) return { verdict: 'insufficient', reasons: ['no baseline to compare with'] };
  return { verdict: 'healthy', reasons: ['no loss has risen beyond its tolerance and its confidence interval'] };
}
