import {
  assessDrift,
  assessPerformance,
  assessPredictions,
  assessQuality,
  buildPerformanceBaseline,
  buildReferenceProfile,
  createSeededRng,
  type FeatureColumn,
  type FeatureDefinition,
} from '@gimbal/domain';
import { describe, expect, it } from '@jest/globals';
import { type AssessmentRow, readEvidence } from './read-evidence.js';

const rng = createSeededRng(7);
const threshold = 0.5;
const task = 'binary-classification';

/** Rows whose probability follows `x`; labels follow the probability, or nothing at all. */
function sample(rows: number, { shift, isBlind }: { readonly shift: number; readonly isBlind: boolean }) {
  const x = Float32Array.from({ length: rows }, () => rng() + shift);
  const probabilities = Float64Array.from(x, (value) => Math.min(0.98, Math.max(0.02, value - shift)));
  const labels = Array.from(probabilities, (p): 0 | 1 => (rng() < (isBlind ? 0.5 : p) ? 1 : 0));
  const columns: FeatureColumn[] = [{ name: 'x', type: 'numeric', values: x, malformed: 0 }];
  return { columns, probabilities, labels };
}

const definitions: FeatureDefinition[] = [{ name: 'x', type: 'numeric', range: { min: -10, max: 10 } }];
const training = sample(400, { shift: 0, isBlind: false });
const baseline = buildPerformanceBaseline({ task, ...training, threshold });
const reference = buildReferenceProfile({
  columns: training.columns,
  predictions: { task, probabilities: training.probabilities, threshold },
  performance: baseline,
});

/** A row as monitoring stores it: the domain's own results, once through JSON. */
function store(window: ReturnType<typeof sample>, changes: Partial<AssessmentRow> = {}): AssessmentRow {
  const { columns, probabilities, labels } = window;
  const quality = assessQuality({ columns, definitions, reference });
  const answers = { task, probabilities, threshold } as const;
  const drift = assessDrift({ reference, columns, answers });
  const performance = assessPerformance({ window: { ...answers, labels }, baseline, rng });
  const predictions = assessPredictions({ answers, failures: 0, reference: reference.prediction });
  const details: unknown = JSON.parse(JSON.stringify({ quality, drift, performance, predictions }));
  return {
    id: '00000000-0000-4000-8000-000000000001',
    modelName: 'heart-disease',
    modelVersion: 1,
    trigger: 'schedule',
    requestedBy: 'scheduler',
    from: new Date(0),
    until: new Date(1_000),
    rows: labels.length,
    labelledRows: labels.length,
    dataQuality: quality.verdict,
    driftDetected: drift.verdict === 'drifted',
    performance: performance.verdict === 'healthy' ? 'holds' : performance.verdict,
    details,
    createdAt: new Date(2_000),
    completedAt: new Date(3_000),
    model: { evaluation: { holdout: { rows: 90, positives: 41 } } },
    ...changes,
  };
}

describe('what the domain assesses and monitoring stores', () => {
  it('is read with every number that a decision uses', () => {
    const evidence = readEvidence(store(sample(300, { shift: 0, isBlind: false })));
    expect(evidence).toMatchObject({
      modelVersion: 1,
      assessedAt: 3_000,
      requestedBy: null,
      labelledRows: 300,
      quality: { verdict: 'ok' },
      drift: { detected: false, features: 1 },
      performance: {
        verdict: 'holds',
        rows: 300,
        baselineRows: 90,
        baselinePositives: 41,
        loss: {
          title: 'Brier score',
          value: expect.any(Number),
          low: expect.any(Number),
          high: expect.any(Number),
          baseline: baseline?.losses[0]?.mean,
        },
        rocAuc: { value: expect.any(Number), high: expect.any(Number), baseline: baseline?.metrics.roc_auc },
        lossExcessLow: expect.any(Number),
        lossExcessLimit: expect.any(Number),
      },
      predictions: { lowConfidenceRaised: false, anomalies: [] },
    });
  });

  it('keeps drift and damage apart', () => {
    const moved = readEvidence(store(sample(300, { shift: 3, isBlind: false })));
    expect(moved).toMatchObject({
      drift: { detected: true, driftedFeatures: ['x'] },
      performance: { verdict: 'holds' },
    });
    const blind = readEvidence(store(sample(300, { shift: 0, isBlind: true })));
    expect(blind).toMatchObject({
      drift: { detected: false },
      performance: { verdict: 'degraded' },
    });
  });
});

it('remembers who asked for it, and only then', () => {
  const window = sample(60, { shift: 0, isBlind: false });
  expect(readEvidence(store(window, { trigger: 'manual', requestedBy: 'key-of-olga' }))?.requestedBy).toBe(
    'key-of-olga',
  );
  expect(readEvidence(store(window))?.requestedBy).toBeNull();
});

it('takes what was not assessed for unknown, never for good', () => {
  const nothing = { dataQuality: null, driftDetected: null, performance: null, details: null };
  const evidence = readEvidence(store(sample(60, { shift: 0, isBlind: false }), nothing));
  expect(evidence).toMatchObject({ quality: null, drift: null, performance: null, predictions: null });
  expect(readEvidence(store(sample(60, { shift: 0, isBlind: false }), { modelVersion: null }))).toBeNull();
});

it('refuses what is not as agreed', () => {
  const row = store(sample(60, { shift: 0, isBlind: false }));
  expect(() => readEvidence({ ...row, dataQuality: 'splendid' })).toThrow();
  expect(() => readEvidence({ ...row, details: { performance: { rows: 'many' } } })).toThrow();
});
