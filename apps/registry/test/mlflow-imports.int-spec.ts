import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type AskMlflow, mlflowOf, startRun } from './mlflow-call.js';
import { type FilesHarness, startFiles } from './mlflow-files-harness.js';
import { promote, register } from './versions.js';

/** Files that skl2onnx and onnxmltools wrote. */
const converted = (name: string): Uint8Array =>
  readFileSync(new URL(`./fixtures/converted/${name}.onnx`, import.meta.url));

let files: FilesHarness;
let ask: AskMlflow;
beforeAll(async () => {
  files = await startFiles();
  ask = mlflowOf(files.registry);
}, 120_000);
afterAll(() => files?.registry.dispose());

const columns = (...names: string[]): string =>
  JSON.stringify(names.map((name) => ({ type: 'double', name, required: true })));
const onnxModel = (file = 'model.onnx'): string =>
  [
    'flavors:',
    '  onnx:',
    `    data: ${file}`,
    '  python_function:',
    '    loader_module: mlflow.onnx',
    'signature:',
    `  inputs: '${columns('age', 'dose', 'slope')}'`,
  ].join('\n');

/** A run that logged a model, as `log_model` of MLflow 2 does. */
async function logModel(
  mlModel: string,
  onnx: Uint8Array | null,
  metrics: Readonly<Record<string, number>> = {},
): Promise<string> {
  const run_id = await startRun(ask);
  const folder = `0/${run_id}/artifacts/model`;
  await files.put(`${folder}/MLmodel`, Buffer.from(mlModel));
  if (onnx) await files.put(`${folder}/model.onnx`, onnx);
  for (const [key, value] of Object.entries(metrics))
    await ask('POST', 'runs/log-metric', { run_id, key, value, timestamp: 1, step: 0 });
  return run_id;
}

async function registerRun(name: string, run_id: string): Promise<string> {
  await ask('POST', 'registered-models/create', { name });
  const source = `mlflow-artifacts:/0/${run_id}/artifacts/model`;
  const { body } = await ask('POST', 'model-versions/create', { name, source, run_id });
  return body.model_version.status_message ?? '';
}

const versionOf = async (name: string) =>
  (await files.registry.call({ path: `/api/v1/models/${name}/versions/1` })).body;

it.each([
  ['sklearn-logistic', 'binary-classification'],
  ['sklearn-logistic-zipmap', 'binary-classification'],
  ['sklearn-three-classes', 'multiclass-classification'],
  ['sklearn-regression', 'regression'],
  ['xgboost', 'binary-classification'],
  ['sklearn-double', 'binary-classification'],
  ['sklearn-text-labels', 'binary-classification'],
])('an ONNX model that was logged with its figures goes live by one call: %s', async (file, task) => {
  const name = `one-call_${file}`;
  const metrics = { test_f1_score: 0.9, r2_score: 0.5, training_accuracy: 1 };
  expect(await registerRun(name, await logModel(onnxModel(), converted(file), metrics))).toBe('');
  expect(await versionOf(name)).toMatchObject({
    framework: 'onnx',
    unserved_reason: null,
    gate: { admitted: true },
    signature: { task, inputs: [{ name: 'age' }, { name: 'dose' }, { name: 'slope' }] },
  });
  const { status, body } = await promote(files.registry, { model: name, version: 1, expected: null });
  expect({ status, body }).toMatchObject({ status: 200 });
  const traffic = await files.registry.call({ path: '/internal/traffic', caller: 'serving' });
  const planned = traffic.body.models.find((one: { model_name: string }) => one.model_name === name);
  expect(planned.versions).toMatchObject([{ version: 1, signature: { task } }]);
});

it('a version of a logged model is found by the model, with the figures that were measured of it', async () => {
  const { number, runId, modelId, model } = await files.makeOwners();
  await files.put(`${model}/MLmodel`, Buffer.from(onnxModel()));
  await files.put(`${model}/model.onnx`, converted('sklearn-logistic'));
  await files.registry.rows.loggedModelMetric.create({
    data: { modelId, runId, key: 'f1_score', value: 0.8, at: new Date() },
  });
  await ask('POST', 'registered-models/create', { name: 'logged' });
  const { body } = await ask('POST', 'model-versions/create', {
    name: 'logged',
    source: `models:/${modelId}`,
    model_id: modelId,
  });
  expect(body.model_version).toMatchObject({ source: `models:/${modelId}`, model_id: modelId });
  expect(await versionOf('logged')).toMatchObject({ unserved_reason: null, gate: { admitted: true }, f1_score: 0.8 });
  const uri = await ask('GET', 'model-versions/get-download-uri', { name: 'logged', version: '1' });
  expect(uri.body.artifact_uri).toBe(`mlflow-artifacts:/${number}/models/${modelId}/artifacts`);
});

it('a second version that says it is worse stays down; as good as the first, it takes its place', async () => {
  const file = converted('sklearn-logistic');
  for (const f1_score of [0.9, 0.8, 0.91]) await registerRun('better', await logModel(onnxModel(), file, { f1_score }));
  const place = (version: number, expected: number | null) =>
    promote(files.registry, { model: 'better', version, expected });
  expect((await place(1, null)).status).toBe(200);
  expect((await place(2, 1)).body.detail).toContain(
    'score-worse-than-live: macro_f1 is 0.8; version 1, which is live, has 0.9',
  );
  expect((await place(3, 1)).status).toBe(200);
});

it('without figures of held-out rows a version stays down until somebody answers for it', async () => {
  await registerRun('unmeasured', await logModel(onnxModel(), converted('sklearn-logistic'), { accuracy: 1 }));
  const refused = await promote(files.registry, { model: 'unmeasured', version: 1, expected: null });
  expect(refused).toMatchObject({ status: 409, body: { code: 'promotion-refused' } });
  expect(refused.body.detail).toContain('f1_score');
  const target = { model: 'unmeasured', version: 1, expected: null, roles: ['admin'] };
  expect(await promote(files.registry, target, { force: true })).toMatchObject({ status: 200, body: { forced: true } });
});

it.each([
  ['flavors: {sklearn: {pickled_model: model.pkl}, python_function: {}}', null, 'skl2onnx.to_onnx(model'],
  ['flavors: {pytorch: {}}', null, 'torch.onnx.export'],
  ['flavors: {mleap: {}}', null, 'the converter of its library'],
  ['flavors: {python_function: {}}', null, 'as a Python function only'],
  [onnxModel(), null, 'names model.onnx, which is not there'],
  [onnxModel('model.onnx'), Buffer.from('no model'), 'it is not an ONNX file'],
  [onnxModel(), converted('sklearn-column-inputs'), 'its inputs are: age, dose, slope'],
  [onnxModel(), converted('sklearn-isolation'), 'named score'],
  [onnxModel(), converted('sklearn-one-row'), 'its number of rows is fixed at 1'],
  ['{{', null, 'is not YAML'],
])('a model that serving cannot run is kept, and says how to log it instead: %#', async (mlModel, onnx, told) => {
  const name = `kept-${Math.random().toString(36).slice(2)}`;
  expect(await registerRun(name, await logModel(mlModel, onnx))).toContain(told);
  expect(await versionOf(name)).toMatchObject({
    unserved_reason: expect.stringContaining(told),
    signature: null,
    threshold: null,
    artifact_digest: null,
  });
  const refused = await promote(files.registry, { model: name, version: 1, expected: null });
  expect(refused).toMatchObject({
    status: 409,
    body: { code: 'version-not-servable', detail: expect.stringContaining(told) },
  });
  const admin = { model: name, version: 1, expected: null, roles: ['admin'] };
  expect(await promote(files.registry, admin, { force: true })).toMatchObject({ status: 409 });
});

it('a folder without a model says so', async () => {
  const run_id = await startRun(ask);
  expect(await registerRun('empty', run_id)).toContain('there is no MLmodel file');
});

it('a model whose name serving cannot take is renamed before it goes live', async () => {
  const run = await logModel(onnxModel(), converted('sklearn-logistic'), { f1_score: 0.9 });
  await registerRun('Breast Cancer', run);
  const path = '/api/v1/models/Breast%20Cancer/versions/1/promote';
  const body = {
    stage: 'production',
    expected_live_version: null,
    decision_id: '5f0c2f4e-8f5e-4d8b-9d43-0a7a6f0c7f11',
    reason: 'Go.',
  };
  expect(await files.registry.call({ method: 'POST', path, body })).toMatchObject({
    status: 409,
    body: { code: 'version-not-servable', detail: expect.stringContaining('Rename the model') },
  });
  await ask('POST', 'registered-models/rename', { name: 'Breast Cancer', new_name: 'BreastCancer' });
  expect((await promote(files.registry, { model: 'BreastCancer', version: 1, expected: null })).status).toBe(200);
});

it('a version that was made here is a logged model to MLflow clients: its file with an MLmodel beside it', async () => {
  await register(files.registry, 'made-here');
  const { body } = await ask('GET', 'model-versions/get', { name: 'made-here', version: '1' });
  const { source, model_id } = body.model_version;
  expect(source).toBe(`mlflow-artifacts:/0/models/${model_id}/artifacts`);
  const uri = await ask('GET', 'model-versions/get-download-uri', { name: 'made-here', version: '1' });
  expect(uri.body.artifact_uri).toBe(source);
  const root = `0/models/${model_id}/artifacts`;
  expect(await files.list(root)).toMatchObject([{ path: 'MLmodel' }, { path: 'model.onnx' }]);
  const mlModel = String((await files.get(`${root}/MLmodel`)).body);
  expect(mlModel).toContain('loader_module: mlflow.onnx');
  expect(mlModel).toContain('age');
  expect((await ask('GET', `/api/2.0/mlflow/logged-models/${model_id}`)).body.model.info).toMatchObject({
    name: 'made-here',
    status: 'LOGGED_MODEL_READY',
  });
});
