import { fileURLToPath } from 'node:url';
import type { VersionMetadata } from '../src/index.js';

/** A logistic regression on three columns, as scikit-learn's converter wrote it. */
export const MODEL_FILE = fileURLToPath(
  new URL('../../../apps/registry/test/fixtures/converted/sklearn-logistic.onnx', import.meta.url),
);

const input = (name: string) => ({
  name,
  type: 'number' as const,
  description: '',
  allowed: null,
  range: null,
  missing: 'refused' as const,
  training_range: null,
});

const HOLDOUT = {
  rows: 90,
  positives: 41,
  threshold: 0.5,
  accuracy: 0.82,
  f1_score: 0.8,
  precision: 0.79,
  recall: 0.81,
  roc_auc: 0.9,
  log_loss: 0.4,
  brier: 0.13,
  calibration_error: 0.05,
  confusion: { true_positives: 33, false_positives: 9, true_negatives: 40, false_negatives: 8 },
};

/** What {@link MODEL_FILE} is registered with: good enough for the gate. */
export const metadataOf = (changes: Partial<typeof HOLDOUT> = {}): VersionMetadata => ({
  algorithm: 'logistic-regression',
  framework: 'onnx',
  signature: {
    task: 'binary-classification',
    inputs: ['age', 'chol', 'thalach'].map(input),
    target: 'num',
    codings: {},
  },
  evaluation: { holdout: { ...HOLDOUT, ...changes }, cross_validation: null, versus_live: [] },
});
