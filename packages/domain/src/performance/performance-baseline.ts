import type { Moments } from '../statistics/moments.js';
import type { AnswerTask } from './answer-task.js';
import type { LabelledAnswers } from './labelled-answers.js';
import { measureAnswers } from './measure-answers.js';
import type { LossName, MetricName } from './task-measurement.js';

/**
 * How a version did on rows it did not learn from. The spread of the losses is kept beside their mean, because a later window is
 * judged against an estimate, not against a truth.
 */
export interface PerformanceBaseline {
  readonly task: AnswerTask;
  readonly rows: number;
  readonly metrics: Readonly<Partial<Record<MetricName, number | null>>>;
  /** The one that decides first. `sd` / sqrt(`rows`) is the standard error of the mean. Never empty. */
  readonly losses: readonly ({ readonly loss: LossName } & Moments)[];
  readonly skill: number | null;
}

/**
 * Summarises held-out rows; prefer held-out and out-of-fold rows together: more rows, a narrower baseline.
 * Rows with an impossible answer or label are left out. Null when none is left, or when they define no loss (anomalies of one kind only).
 */
export function buildPerformanceBaseline(answers: LabelledAnswers): PerformanceBaseline | null {
  const { rows, metrics, losses, skill } = measureAnswers(answers);
  if (losses.length === 0) return null;
  return {
    task: answers.task,
    rows,
    metrics: Object.fromEntries(metrics.map(({ metric, value }) => [metric, value])),
    losses,
    skill: skill.value,
  };
}

/** Mean of the loss that decides, in its own unit. */
export const decidingLoss = ({ losses }: PerformanceBaseline): number => losses[0]?.mean ?? Number.POSITIVE_INFINITY;

/**
 * The baseline with the lower deciding loss. After a deployment judge the new version against the stricter of its own baseline and
 * its predecessor's: a version that was bad from the start must not be excused by its own bad baseline.
 */
export function stricterBaseline(
  own: PerformanceBaseline | null,
  former: PerformanceBaseline | null,
): PerformanceBaseline | null {
  if (own === null || former === null) return own ?? former;
  return decidingLoss(former) < decidingLoss(own) ? former : own;
}
