import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, GimbalProcesses, ServiceProcess } from '@gimbal/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { ModelRegistry, PredictionClient, type Tensor } from '../src/index.js';
import { clientOf } from './client-of.js';
import { MODEL_FILE, metadataOf } from './model-files.js';

const SERVING = new URL('../../../apps/serving/src/main.ts', import.meta.url);
const SERVICE_KEYS = { gateway: 'service-key-of-the-gateway-0123456789', serving: 'service-key-of-serving-0123456789' };
const TRUSTED = Object.entries(SERVICE_KEYS)
  .map(([name, key]) => `${name}:${createHash('sha256').update(key).digest('hex')}`)
  .join(',');
const ROWS = [
  { age: 63, chol: 233, thalach: 150 },
  { age: 41, chol: 204, thalach: 172 },
];
const FEATURES: Tensor<'FP32'> = {
  name: 'features',
  datatype: 'FP32',
  shape: [2, 3],
  data: Float32Array.from(ROWS.flatMap(({ age, chol, thalach }) => [age, chol, thalach])),
};

let home: string;
let gimbal: GimbalProcesses;
let serving: ServiceProcess;
let client: PredictionClient;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'gimbal-predict-'));
  const environment = { SERVING_FRAMES: join(home, 's.sock'), GIMBAL_TRUSTED_CALLERS: TRUSTED };
  gimbal = await GimbalProcesses.start(environment);
  serving = await ServiceProcess.start(SERVING, {
    ...environment,
    LOG_LEVEL: 'error',
    DATABASE_URL: gimbal.database.url('serving'),
    REGISTRY_URL: gimbal.registry.url,
    GIMBAL_SERVICE_KEY: SERVICE_KEYS.serving,
    SPOOL_DIR: join(home, 'spool'),
    MODEL_CACHE_DIR: join(home, 'models'),
    RECEIPT_KEY_FILE: join(home, 'receipt-key.pem'),
    TRAFFIC_RETRY: '50',
  });
  const registry = new ModelRegistry(clientOf(gimbal, 'operator'));
  await registry.register('heart', { file: MODEL_FILE, metadata: metadataOf() });
  await registry.promote('heart', 1, { reason: 'the first' });
  client = new PredictionClient({ url: gimbal.url, apiKey: gimbal.keyOf('predictor'), deadlineMs: 60_000 });
  await eventually(async () => expect(await client.isModelReady('heart')).toBe(true));
});
afterAll(async () => {
  await serving?.kill();
  await gimbal?.dispose();
  await rm(home, { recursive: true, force: true });
});

it('rows by the names of their columns, tensors as JSON, tensors as bytes and KServe V1 say the same', async () => {
  const named = await client.predict('heart', ROWS);
  expect(named).toMatchObject([{ model_name: 'heart', model_version: 1 }, { model_version: 1 }]);
  for (const encoding of ['json', 'binary'] as const) {
    const answer = await client.infer('heart', [FEATURES], { encoding, id: 'mine' });
    expect([answer.modelName, answer.modelVersion, answer.id]).toEqual(['heart', '1', 'mine']);
    const probability = answer.output('probability', 'FP32');
    expect(probability.data).toBeInstanceOf(Float32Array);
    expect(Array.from(probability.data, (one) => one.toFixed(6))).toEqual(
      named.map((result) => result.probability?.toFixed(6)),
    );
    expect(Array.from(answer.output('label', 'INT64').data, Number)).toEqual(named.map(({ prediction }) => prediction));
  }
  const v1 = await client.predictV1('heart', ROWS);
  expect(v1).toEqual(named.map(({ prediction }) => prediction));
});

it('a column may be a tensor of its own, and outputs may be chosen', async () => {
  const columns = (['age', 'chol', 'thalach'] as const).map(
    (name): Tensor => ({ name, datatype: 'FP64', shape: [2], data: Float64Array.from(ROWS, (row) => row[name]) }),
  );
  const { outputs } = await client.infer('heart', columns, { outputs: ['probability'], version: 1 });
  expect(outputs.map(({ name }) => name)).toEqual(['probability']);
});

it('rows have ids of their own in the log', async () => {
  const answer = await client.infer('heart', [FEATURES]);
  const [first, second] = [answer.predictionId(0), answer.predictionId(1)];
  expect(first).toMatch(/^[0-9a-f-]{36}$/);
  expect(Number.parseInt(second.slice(-8), 16)).toBe((Number.parseInt(first.slice(-8), 16) + 1) % 2 ** 32);
});

it('a refusal says what is wrong, in either protocol', async () => {
  await expect(client.predict('heart', [{ age: 1 }])).rejects.toMatchObject({
    status: 400,
    code: 'validation-failed',
    errors: expect.arrayContaining([expect.objectContaining({ path: 'rows.0.chol' })]),
  });
  await expect(client.infer('none', [FEATURES])).rejects.toMatchObject({ status: 404, code: 'refused' });
});

it('tells whether servers and models are there, and what a model takes', async () => {
  expect([await client.isServerLive(), await client.isServerReady()]).toEqual([true, true]);
  expect([await client.isModelReady('heart', 1), await client.isModelReady('none')]).toEqual([true, false]);
  expect((await client.modelMetadata('heart')).inputs).toMatchObject([{ name: 'features', datatype: 'FP32' }]);
  expect((await client.serverMetadata()).extensions).toContain('binary_tensor_data');
  const nowhere = new PredictionClient({ url: 'http://127.0.0.1:1', apiKey: 'none' });
  expect(await nowhere.isServerLive()).toBe(false);
});
