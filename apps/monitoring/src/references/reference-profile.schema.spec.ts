import { buildColumns, buildPerformanceBaseline, buildReferenceProfile, type ReferenceProfile } from '@gimbal/domain';
import { expect, it } from '@jest/globals';
import { ReferenceProfileDocument } from './reference-profile.schema.js';

const answers = { task: 'binary-classification', probabilities: [0.1, 0.4, 0.7, 0.9], threshold: 0.5 } as const;
const current = buildReferenceProfile({
  columns: buildColumns([{ age: 40 }, { age: 50 }, { age: 60 }, { age: 70 }], [{ name: 'age', type: 'numeric' }]),
  predictions: answers,
  performance: buildPerformanceBaseline({ ...answers, labels: [0, 1, 0, 1] }),
});
const stored = (document: unknown): unknown => JSON.parse(JSON.stringify(document));

/** The same profile as it was written while only binary classifiers were judged. */
function toFormer({ prediction, performance, ...head }: ReferenceProfile) {
  const [brier, log] = performance!.losses;
  const { loss: _brier, ...brierLoss } = brier!;
  const { loss: _log, ...logLoss } = log!;
  const { roc_auc: rocAuc, log_loss: meanLogLoss, ...metrics } = performance!.metrics;
  const confusion = { truePositives: 1, falsePositives: 1, trueNegatives: 1, falseNegatives: 1 };
  return {
    ...head,
    schemaVersion: 1,
    prediction: { probability: prediction!.outputs[0], ...prediction!.decision },
    performance: {
      ...{ rows: 4, positives: 2, brierLoss, logLoss },
      metrics: { ...metrics, rocAuc, logLoss: meanLogLoss, confusion },
    },
  };
}

it('reads a profile of today as it was written', () => {
  expect(ReferenceProfileDocument.parse(stored(current))).toEqual(current);
});

it('reads a profile of former versions as the same: they are judged as before', () => {
  const renewed = ReferenceProfileDocument.parse(stored(toFormer(current)));
  expect(renewed).toEqual({ ...current, performance: { ...current.performance, skill: expect.any(Number) } });
  expect(renewed.performance?.skill).toBeCloseTo(current.performance?.skill ?? Number.NaN, 12);
});

it('refuses what is no profile', () => {
  expect(() => ReferenceProfileDocument.parse({ ...current, schemaVersion: 3 })).toThrow();
  expect(() => ReferenceProfileDocument.parse(stored({ ...current, performance: { rows: 4 } }))).toThrow();
});
