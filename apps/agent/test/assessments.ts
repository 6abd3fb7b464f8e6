import type { PrismaClient } from '@gimbal/db';

/** What monitoring may have found. */
export type Finding = 'healthy' | 'drift' | 'degraded' | 'data-fault' | 'prior-shift';

const metric = (name: string, value: number, half: number, baseline: number) => ({
  metric: name,
  value,
  baseline,
  interval: { lower: value - half, upper: value + half, level: 0.95 },
  direction: name === 'brier' ? 'lower-is-better' : 'higher-is-better',
});

const performance = (given: {
  brier: number;
  rocAuc: number;
  f1: number;
  accuracy: number;
  positives: number;
  rows: number;
}) => ({
  rows: given.rows,
  positives: given.positives,
  reasons: given.brier > 0.2 ? [`Brier score ${given.brier} against 0.13`] : [],
  metrics: [
    metric('accuracy', given.accuracy, 0.06, 0.82),
    metric('f1', given.f1, 0.06, 0.8),
    metric('roc_auc', given.rocAuc, 0.05, 0.9),
    metric('brier', given.brier, 0.03, 0.13),
  ],
  losses: [
    {
      loss: 'brier',
      value: given.brier,
      baseline: 0.13,
      interval: { lower: given.brier - 0.13 - 0.04, upper: given.brier - 0.13 + 0.04, level: 0.95 },
      threshold: 0.013,
    },
  ],
});
const drifted = { driftedFeatures: ['ca', 'thal'], featureCount: 13, driftedShare: 0.7, prediction: { drifted: true } };
const stable = { driftedFeatures: [], featureCount: 13, driftedShare: 0, prediction: { drifted: false } };
const fault = {
  feature: 'chol',
  check: 'stuck',
  severity: 'fault',
  rows: 123,
  ofRows: 123,
  detail: 'one value in every row',
};
const predictions = { lowConfidence: { share: 0.1, reference: 0.1, threshold: 0.1, raised: false }, anomalies: [] };

const GOOD = { brier: 0.13, rocAuc: 0.9, f1: 0.8, accuracy: 0.82, positives: 90, rows: 200 };
const BAD = { brier: 0.24, rocAuc: 0.71, f1: 0.78, accuracy: 0.68, positives: 149, rows: 200 };

/** An assessment as its row holds it. */
const FOUND = {
  healthy: {
    verdict: 'healthy',
    dataQuality: 'ok',
    driftDetected: false,
    performance: 'holds',
    details: { quality: { findings: [] }, drift: stable, performance: performance(GOOD), predictions },
  },
  drift: {
    verdict: 'drift',
    dataQuality: 'ok',
    driftDetected: true,
    performance: 'holds',
    details: { quality: { findings: [] }, drift: drifted, performance: performance(GOOD), predictions },
  },
  degraded: {
    verdict: 'degraded',
    dataQuality: 'ok',
    driftDetected: true,
    performance: 'degraded',
    details: { quality: { findings: [] }, drift: drifted, performance: performance(BAD), predictions },
  },
  'data-fault': {
    verdict: 'data-fault',
    dataQuality: 'fault',
    driftDetected: true,
    performance: 'degraded',
    details: { quality: { findings: [fault] }, drift: drifted, performance: performance(BAD), predictions },
  },
  'prior-shift': {
    verdict: 'healthy',
    dataQuality: 'ok',
    driftDetected: false,
    performance: 'holds',
    details: {
      quality: { findings: [] },
      drift: stable,
      performance: performance({ ...GOOD, f1: 0.6, positives: 40 }),
      predictions,
    },
  },
} as const;

/** Stores a finished assessment of a version, as monitoring does before it tells the agent. */
export async function arrangeAssessment(
  rows: PrismaClient,
  given: { readonly model: string; readonly version: number; readonly found: Finding; readonly requestedBy?: string },
): Promise<string> {
  const { id: modelId } = await rows.modelVersion.findFirstOrThrow({
    where: { modelName: given.model, version: given.version },
    select: { id: true },
  });
  const now = new Date();
  const { id } = await rows.healthAssessment.create({
    data: {
      ...FOUND[given.found],
      modelName: given.model,
      modelId,
      modelVersion: given.version,
      state: 'done',
      trigger: given.requestedBy === undefined ? 'schedule' : 'manual',
      requestedBy: given.requestedBy ?? 'scheduler',
      from: new Date(now.getTime() - 3_600_000),
      until: now,
      rows: 200,
      labelledRows: 200,
      completedAt: now,
    },
  });
  return id;
}
