import { randomUUID } from 'node:crypto';
import type { Answer, RegistryHarness } from './registry-harness.js';
import { servableFile } from './write-onnx.js';

const HOLDOUT = {
  rows: 90,
  positives: 41,
  threshold: 0.45,
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

export const holdout = (changes: Partial<typeof HOLDOUT> = {}) => ({ ...HOLDOUT, ...changes });

/** Candidate and live on the same rows; differences are candidate minus live. */
export const versusLive = (liveVersion: number, slice: string, brierDifference: number) => ({
  live_version: liveVersion,
  slice,
  rows: 80,
  candidate: holdout(),
  live: holdout(),
  roc_auc_difference: { estimate: 0.01, low: -0.04, high: 0.06, level: 0.95 },
  brier_difference: {
    estimate: brierDifference,
    low: brierDifference - 0.02,
    high: brierDifference + 0.02,
    level: 0.95,
  },
});

const input = (name: string) => ({
  name,
  type: 'number',
  description: '',
  allowed: null,
  range: null,
  missing: 'allowed',
  training_range: [0, 1],
});

export const SIGNATURE = {
  task: 'binary-classification',
  inputs: [input('age'), input('chol'), input('thal')],
  target: 'num',
  codings: {},
};

/** The body of a registration; what is not named is that of a good version. */
export function versionForm(digest: string, changes: Readonly<Record<string, unknown>> = {}) {
  return {
    training_run_id: randomUUID(),
    decision_id: null,
    algorithm: 'random-forest',
    framework: 'onnx',
    artifact_digest: digest,
    signature: SIGNATURE,
    threshold: 0.45,
    evaluation: { holdout: holdout(), cross_validation: null, versus_live: [] },
    parity: { rows: 90, worst_probability_difference: 3e-7, label_differences: 0, runtime: 'onnxruntime-node 1.30' },
    hyperparameters: { trees: 100 },
    dataset_digest: 'a'.repeat(64),
    data_origin: 'synthetic',
    run_id: null,
    parent_version: null,
    code_version: '0.1.0',
    reference_profile_digest: null,
    description: '',
    ...changes,
  };
}

/** Registers a version as training does. */
export async function register(
  registry: RegistryHarness,
  model: string,
  changes: Readonly<Record<string, unknown>> = {},
): Promise<Answer> {
  const digest = await registry.store(servableFile(SIGNATURE.inputs.length));
  const path = `/internal/models/${model}/versions`;
  return await registry.call({ method: 'POST', path, body: versionForm(digest, changes), caller: 'training' });
}

/** Asks for a promotion; by default to production, by an operator, with a new decision. */
export async function promote(
  registry: RegistryHarness,
  target: {
    readonly model: string;
    readonly version: number;
    readonly expected: number | null;
    readonly roles?: readonly string[];
  },
  changes: Readonly<Record<string, unknown>> = {},
): Promise<Answer> {
  const { model, version, expected, roles = ['operator'] } = target;
  const body = {
    stage: 'production',
    expected_live_version: expected,
    decision_id: randomUUID(),
    reason: 'Better.',
    ...changes,
  };
  return await registry.call({
    method: 'POST',
    path: `/api/v1/models/${model}/versions/${version}/promote`,
    body,
    roles,
  });
}

export async function rollback(
  registry: RegistryHarness,
  model: string,
  expected: number,
  changes: Readonly<Record<string, unknown>> = {},
): Promise<Answer> {
  const body = { expected_live_version: expected, decision_id: randomUUID(), reason: 'Worse.', ...changes };
  return await registry.call({ method: 'POST', path: `/api/v1/models/${model}/rollback`, body, caller: 'agent' });
}

/** The jobs that were written with the changes of a model, oldest first. */
export async function jobsOf(
  registry: RegistryHarness,
  model: string,
): Promise<readonly { name: string; payload: Record<string, unknown> }[]> {
  const rows = await registry.rows.outboxMessage.findMany({ orderBy: { id: 'asc' } });
  return rows
    .map(({ name, payload }) => ({ name, payload: payload as Record<string, unknown> })) // jobs carry objects
    .filter(
      ({ payload }) => payload['model_name'] === model || String(payload['subject']).startsWith(`model:${model}`),
    );
}

/** The audited events of a model, oldest first. */
export async function auditOf(registry: RegistryHarness, model: string) {
  return (await jobsOf(registry, model)).filter(({ name }) => name === 'audit.recorded').map(({ payload }) => payload);
}
