import {
  type AssessmentEvidence,
  LOSS_NAMES,
  LOSS_TITLES,
  type MetricEvidence,
  type PerformanceEvidence,
} from '@gimbal/domain';
import { z } from 'zod';

const Interval = z.looseObject({ lower: z.number(), upper: z.number() });

/** What is taken from the numbers that monitoring stores with an assessment; everything else in them is left alone. */
const Details = z.looseObject({
  quality: z
    .looseObject({
      findings: z.array(
        z.looseObject({
          feature: z.string().nullable(),
          check: z.string(),
          severity: z.string(),
          rows: z.number(),
          ofRows: z.number(),
          detail: z.string(),
        }),
      ),
    })
    .nullish(),
  drift: z
    .looseObject({
      driftedFeatures: z.array(z.string()),
      featureCount: z.number(),
      driftedShare: z.number(),
      prediction: z.looseObject({ drifted: z.boolean() }).nullable(),
    })
    .nullish(),
  performance: z
    .looseObject({
      rows: z.number(),
      positives: z.number().nullable(),
      reasons: z.array(z.string()),
      metrics: z.array(
        z.looseObject({
          metric: z.string(),
          value: z.number().nullable(),
          baseline: z.number().nullable(),
          interval: Interval.nullable(),
        }),
      ),
      /** The one that decides first. */
      losses: z.array(
        z.looseObject({
          loss: z.enum(LOSS_NAMES),
          value: z.number(),
          baseline: z.number(),
          interval: Interval,
          threshold: z.number(),
        }),
      ),
    })
    .nullish(),
  predictions: z
    .looseObject({
      lowConfidence: z
        .looseObject({
          share: z.number(),
          reference: z.number().nullable(),
          threshold: z.number(),
          raised: z.boolean(),
        })
        .nullable(),
      anomalies: z.array(z.looseObject({ kind: z.string(), share: z.number(), detail: z.string() })),
    })
    .nullish(),
});
type Details = z.output<typeof Details>;

/** The holdout of the version, as the registry keeps it: the share of positives that it was admitted with. */
const Evaluation = z.looseObject({ holdout: z.looseObject({ rows: z.number(), positives: z.number() }) });

const Quality = z.enum(['ok', 'warning', 'fault']);
const Performance = z.enum(['holds', 'degraded', 'insufficient']);

/** The columns of a finished assessment that are read here. */
export interface AssessmentRow {
  readonly id: string;
  readonly modelName: string;
  readonly modelVersion: number | null;
  readonly trigger: string;
  readonly requestedBy: string;
  readonly from: Date;
  readonly until: Date;
  readonly rows: number;
  readonly labelledRows: number;
  readonly dataQuality: string | null;
  readonly driftDetected: boolean | null;
  readonly performance: string | null;
  readonly details: unknown;
  readonly createdAt: Date;
  readonly completedAt: Date | null;
  readonly model: { readonly evaluation: unknown } | null;
}

/**
 * Reads an assessment as the agent thinks of it. Null when it judged no version (a window without predictions).
 * @throws ZodError when monitoring stored something else than agreed: nothing may be concluded from that
 */
export function readEvidence(row: AssessmentRow): AssessmentEvidence | null {
  if (row.modelVersion === null) return null;
  const details = Details.parse(row.details ?? {});
  return {
    assessmentId: row.id,
    modelName: row.modelName,
    modelVersion: row.modelVersion,
    windowStart: row.from.getTime(),
    windowEnd: row.until.getTime(),
    assessedAt: (row.completedAt ?? row.createdAt).getTime(),
    requestedBy: row.trigger === 'manual' ? row.requestedBy : null,
    rows: row.rows,
    labelledRows: row.labelledRows,
    quality: readQuality(row, details),
    drift: readDrift(row, details),
    performance: readPerformance(row, details),
    predictions: readPredictions(details),
  };
}

function readQuality({ dataQuality }: AssessmentRow, { quality }: Details): AssessmentEvidence['quality'] {
  if (dataQuality === null) return null;
  const findings = (quality?.findings ?? []).map(({ feature, check, severity, rows, ofRows, detail }) => ({
    code: check,
    feature,
    severity,
    message: `${feature ?? 'rows'}: ${check}, ${rows} of ${ofRows} (${detail})`,
  }));
  return { verdict: Quality.parse(dataQuality), findings };
}

function readDrift({ driftDetected }: AssessmentRow, { drift }: Details): AssessmentEvidence['drift'] {
  if (driftDetected === null || !drift) return null;
  return {
    detected: driftDetected,
    share: drift.driftedShare,
    driftedFeatures: drift.driftedFeatures,
    features: drift.featureCount,
    predictionsDrifted: drift.prediction?.drifted ?? false,
  };
}

function readPerformance(row: AssessmentRow, { performance }: Details): PerformanceEvidence | null {
  if (row.performance === null || !performance) return null;
  const admitted = Evaluation.safeParse(row.model?.evaluation).data?.holdout ?? null;
  const [deciding = null] = performance.losses;
  const metric = (name: string): MetricEvidence => {
    const found = performance.metrics.find((one) => one.metric === name);
    return {
      value: found?.value ?? null,
      low: found?.interval?.lower ?? null,
      high: found?.interval?.upper ?? null,
      baseline: found?.baseline ?? null,
    };
  };
  return {
    verdict: Performance.parse(row.performance),
    rows: performance.rows,
    positives: performance.positives,
    baselineRows: admitted?.rows ?? null,
    baselinePositives: admitted?.positives ?? null,
    loss: {
      title: deciding ? LOSS_TITLES[deciding.loss] : 'loss',
      ...metric(deciding?.loss ?? ''),
      ...(deciding && { value: deciding.value, baseline: deciding.baseline }),
    },
    rocAuc: metric('roc_auc'),
    f1: metric('f1'),
    accuracy: metric('accuracy'),
    lossExcessLow: deciding?.interval.lower ?? null,
    lossExcessLimit: deciding?.threshold ?? null,
    reasons: performance.reasons,
  };
}

function readPredictions({ predictions }: Details): AssessmentEvidence['predictions'] {
  if (!predictions) return null;
  const { lowConfidence } = predictions;
  return {
    lowConfidenceShare: lowConfidence?.share ?? null,
    lowConfidenceReference: lowConfidence?.reference ?? null,
    lowConfidenceRiseLimit: lowConfidence?.threshold ?? 0,
    lowConfidenceRaised: lowConfidence?.raised ?? false,
    anomalies: predictions.anomalies.map(({ kind, share: part, detail }) => ({ kind, share: part, detail })),
  };
}
