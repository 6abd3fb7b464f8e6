import { DEFAULT_AGENT_POLICY } from './agent-policy.js';
import type { AssessmentEvidence, MetricEvidence } from './assessment-evidence.js';
import type { DecisionContext, PastAction } from './decision-context.js';

export const HOUR = 3_600_000;
export const NOW = Date.UTC(2026, 0, 5, 12);

export const metric = (value: number, half: number, baseline: number): MetricEvidence => ({
  value,
  low: value - half,
  high: value + half,
  baseline,
});

/** Cleveland's held-out patients (figures of the order that the real files give): all is calm. */
export const HEALTHY: AssessmentEvidence = {
  assessmentId: '00000000-0000-4000-8000-000000000001',
  modelName: 'heart-disease',
  modelVersion: 1,
  windowStart: NOW - HOUR,
  windowEnd: NOW - 60_000,
  assessedAt: NOW - 30_000,
  requestedBy: null,
  rows: 90,
  labelledRows: 90,
  quality: { verdict: 'ok', findings: [] },
  drift: { detected: false, share: 0.07, driftedFeatures: ['age'], features: 13, predictionsDrifted: false },
  performance: {
    verdict: 'holds',
    rows: 90,
    positives: 41,
    baselineRows: 212,
    baselinePositives: 98,
    loss: { title: 'Brier score', ...metric(0.13, 0.03, 0.13) },
    rocAuc: metric(0.9, 0.06, 0.9),
    f1: metric(0.8, 0.09, 0.8),
    accuracy: metric(0.82, 0.08, 0.82),
    lossExcessLow: -0.03,
    lossExcessLimit: 0.013,
    reasons: [],
  },
  predictions: {
    lowConfidenceShare: 0.1,
    lowConfidenceReference: 0.1,
    lowConfidenceRiseLimit: 0.1,
    lowConfidenceRaised: false,
    anomalies: [],
  },
};

const drift = {
  detected: true,
  share: 0.7,
  driftedFeatures: ['ca', 'thal', 'age'],
  features: 13,
  predictionsDrifted: true,
};

/** Hungarian patients: other inputs, as good answers. */
export const DRIFTED: AssessmentEvidence = {
  ...HEALTHY,
  rows: 294,
  labelledRows: 294,
  quality: {
    verdict: 'warning',
    findings: [{ code: 'missing-share', feature: 'ca', severity: 'warning', message: 'ca: 99 % missing' }],
  },
  drift,
  performance: { ...HEALTHY.performance!, rows: 294, positives: 106, rocAuc: metric(0.88, 0.04, 0.9) },
};

/** VA Long Beach: other inputs, worse answers. */
export const DEGRADED: AssessmentEvidence = {
  ...HEALTHY,
  rows: 200,
  labelledRows: 200,
  quality: DRIFTED.quality,
  drift,
  performance: {
    ...HEALTHY.performance!,
    verdict: 'degraded',
    rows: 200,
    positives: 149,
    loss: { title: 'Brier score', ...metric(0.24, 0.03, 0.13) },
    rocAuc: metric(0.71, 0.08, 0.9),
    f1: metric(0.78, 0.05, 0.8),
    accuracy: metric(0.68, 0.06, 0.82),
    lossExcessLow: 0.06,
    reasons: ['Brier score 0.240 against 0.130'],
  },
};

/** Switzerland: cholesterol is 0 in every row. */
export const BROKEN: AssessmentEvidence = {
  ...DEGRADED,
  rows: 123,
  labelledRows: 123,
  quality: {
    verdict: 'fault',
    findings: [{ code: 'stuck', feature: 'chol', severity: 'fault', message: 'chol: 0 in every row' }],
  },
};

/** Version 1 live since the day before yesterday, nothing done yet. */
export const CONTEXT: DecisionContext = {
  now: NOW,
  isPaused: false,
  policy: DEFAULT_AGENT_POLICY,
  live: {
    version: 1,
    promotedAt: NOW - 48 * HOUR,
    threshold: 0.45,
    isAdmitted: true,
    training: { dataset: 'heart-disease', parts: ['cleveland'] },
  },
  previousVersion: null,
  isTraining: false,
  history: [],
};

/** Version 3, promoted ten minutes ago over version 2, with the inputs of training and bad answers. */
export const BAD_RELEASE: AssessmentEvidence = {
  ...DEGRADED,
  modelVersion: 3,
  drift: HEALTHY.drift,
  quality: HEALTHY.quality,
};
export const AFTER_RELEASE: DecisionContext = {
  ...CONTEXT,
  previousVersion: 2,
  live: { ...CONTEXT.live!, version: 3, promotedAt: NOW - HOUR / 6, isAdmitted: false },
};

export const past = (given: Partial<PastAction>): PastAction => ({
  id: '00000000-0000-4000-8000-0000000000aa',
  type: 'retrain_model',
  target: 'heart-disease',
  state: 'succeeded',
  modelVersion: 1,
  createdAt: NOW - 2 * HOUR,
  executedAt: NOW - 2 * HOUR,
  endedAt: NOW - 2 * HOUR,
  ...given,
});
