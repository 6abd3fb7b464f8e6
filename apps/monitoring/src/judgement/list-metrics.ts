import type { OperationFigures } from './assessment-details.js';
import type { Findings } from './conclude-assessment.js';

/** One measured number; `low` and `high` are the ends of its interval, where it has one. */
export interface MeasuredMetric {
  readonly metricName: string;
  readonly metricValue: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/**
 * The numbers of an assessment that are worth following over time: performance on labelled rows (names as the performance assessment has
 * them: `brier`, `macro_f1`, `rmse`, ...), drift, confidence, latency. What the window could not tell is left out.
 */
export function listMetrics(findings: Findings, operations: OperationFigures): MeasuredMetric[] {
  const { performance, drift, predictions } = findings;
  const measured = (performance?.metrics ?? []).map(({ metric, value, baseline, interval, direction }) =>
    metricOf(metric, value, {
      low: interval?.lower ?? null,
      high: interval?.upper ?? null,
      metadata: { rows: performance?.rows, baseline, direction, level: interval?.level ?? null },
    }),
  );
  const { skill = null } = performance ?? {};
  const lowConfidence = predictions?.lowConfidence;
  const { latencyMsMean, latencyMsP50, latencyMsP95, latencyMsP99 } = operations;
  return [
    ...measured,
    // The skill of a regression is R2, which is one of its metrics already.
    skill && !measured.some((metric) => metric?.metricName === skill.metric)
      ? metricOf(skill.metric, skill.skill, {
          low: skill.interval?.lower ?? null,
          high: skill.interval?.upper ?? null,
          metadata: { rows: performance?.rows, baseline: skill.baseline, direction: 'higher-is-better' },
        })
      : null,
    metricOf('drift_score', drift && drift.verdict !== 'insufficient' ? drift.driftedShare : null, {
      metadata: { drifted: drift?.driftedFeatures.length, features: drift?.featureCount },
    }),
    metricOf('low_confidence_share', lowConfidence?.share ?? null, {
      low: lowConfidence?.interval.lower ?? null,
      high: lowConfidence?.interval.upper ?? null,
      metadata: { reference: lowConfidence?.reference ?? null },
    }),
    metricOf('positive_share', operations.positiveShare, {}),
    metricOf('alert_rate', operations.alertRate, {}),
    metricOf('abstention_rate', operations.abstentionRate, {}),
    metricOf('latency_ms_mean', latencyMsMean, {}),
    metricOf('latency_ms_p50', latencyMsP50, {}),
    metricOf('latency_ms_p95', latencyMsP95, {}),
    metricOf('latency_ms_p99', latencyMsP99, {}),
  ].filter((metric) => metric !== null);
}

function metricOf(
  metricName: string,
  metricValue: number | null,
  { low = null, high = null, metadata = {} }: Partial<Omit<MeasuredMetric, 'metricName' | 'metricValue'>>,
): MeasuredMetric | null {
  return metricValue === null ? null : { metricName, metricValue, low, high, metadata };
}
