import './native-arrays.js';
import { createHash, createPublicKey, verify } from 'node:crypto';
import { encodeWire, RunAgain } from '@gimbal/contracts';
import { eventually } from '@gimbal/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { makeModel } from './make-model.js';
import { RegistryStub } from './registry-stub.js';
import { type PredictClient, ServingHarness } from './serving-harness.js';

const M = 'heart-disease';
const row = { age: 63, chol: 233, thal: 7 };
const registry = new RegistryStub();
const [first, second] = [makeModel(1), makeModel(2)];
let serving: ServingHarness;
let client: PredictClient;
let registryUrl: string;

beforeAll(async () => {
  for (const model of [first, second]) registry.keepArtifact(model);
  registry.put(M, { live: 1 }, [registry.version(M, 1, first.digest)]);
  serving = await ServingHarness.make();
  registryUrl = await registry.start();
  client = await serving.start({ REGISTRY_URL: registryUrl });
  await eventually(async () => expect((await client.predict(row)).status).toBe(200));
});

afterAll(async () => {
  await serving.remove();
  await registry.stop();
});

/** What a receipt says; undefined when it is not signed by serving's published key. As anybody can check who has Node alone. */
async function open(receipt: string): Promise<Record<string, unknown> | undefined> {
  const [head = '', payload = '', signature = ''] = receipt.split('.');
  const { kid } = JSON.parse(Buffer.from(head, 'base64url').toString());
  const { status, body } = await serving.get('/api/v1/receipts/keys');
  expect({ status, body }).toMatchObject({ status: 200 });
  const { keys } = body as { keys: { kid: string }[] };
  const jwk = keys.find((key) => key.kid === kid);
  if (!jwk) return undefined;
  const key = createPublicKey({ key: { ...jwk }, format: 'jwk' });
  const isSigned = verify(null, Buffer.from(`${head}.${payload}`), key, Buffer.from(signature, 'base64url'));
  return isSigned ? JSON.parse(Buffer.from(payload, 'base64url').toString()) : undefined;
}

it('signs, when asked, what was answered, by which file, for which input and why', async () => {
  const { body } = await client.predict(row, { query: [['receipt', 'true']] });
  const said = body as { prediction_id: string; prediction: number; probability: number; receipt: string };
  expect(await open(said.receipt)).toMatchObject({
    prediction_id: said.prediction_id,
    prediction: said.prediction,
    probability: said.probability,
    model_name: M,
    model_version: 1,
    model_sha256: first.digest,
    input_sha256: createHash('sha256').update('{"age":63,"chol":233,"thal":7}').digest('hex'),
    threshold: 0.5,
    route: 'live',
    runtime: 'onnxruntime-node 1.30.0',
    options: { intraOpNumThreads: 1 },
  });
  expect(await client.predict(row)).not.toHaveProperty('body.receipt');
});

it('says that the caller named the version, and has one receipt for each of many rows', async () => {
  const rows = [row, { ...row, age: 41 }, { ...row, chol: null }];
  const { body } = await client.predictRows(rows, { version: 1, query: [['receipt', 'true']] });
  const { results } = body as { results: { prediction_id: string; receipt: string }[] };
  const receipts = await Promise.all(results.map(({ receipt }) => open(receipt)));
  expect(receipts.map((one) => one?.['prediction_id'])).toEqual(results.map((one) => one.prediction_id));
  expect(new Set(receipts.map((one) => one?.['input_sha256'])).size).toBe(3);
  expect(receipts[0]).toMatchObject({ route: 'named' });
});

it('gives receipts in Open Inference as an output that is asked for by its name', async () => {
  const infer = (outputs: object[]) => {
    const inputs = [{ name: 'features', datatype: 'FP32', shape: [2, 3], data: [63, 233, 7, 41, 204, 3] }];
    return client.call({
      route: 'openInfer',
      params: { model: M },
      body: Buffer.from(JSON.stringify({ inputs, outputs })),
    });
  };
  const { body } = await infer([{ name: 'label' }, { name: 'receipt' }]);
  const { outputs } = body as { outputs: { name: string; datatype: string; shape: number[]; data: string[] }[] };
  expect(outputs[1]).toMatchObject({ name: 'receipt', datatype: 'BYTES', shape: [2] });
  expect(await open(outputs[1]?.data[0] ?? '')).toMatchObject({ model_version: 1 });
});

it('refuses more receipts than a request may cost', async () => {
  const rows = Array.from({ length: 1_001 }, () => row);
  expect((await client.predictRows(rows, { query: [['receipt', 'true']] })).status).toBe(400);
});

it('signs by the same key after a restart', async () => {
  const { body } = await client.predict(row, { query: [['receipt', 'true']] });
  await serving.stop();
  client = await serving.start({ REGISTRY_URL: registryUrl });
  expect(await open((body as { receipt: string }).receipt)).toBeDefined();
});

const replay = (version: number, digest: string) => {
  const asked = { modelName: M, version: registry.version(M, version, digest), threshold: 0.5, features: row };
  return serving.post('/internal/replay', encodeWire(RunAgain, asked) as object, 'monitoring');
};

it('refuses to compute again by a file that is gone, or that cannot be loaded', async () => {
  const damaged = { digest: createHash('sha256').update('no graph').digest('hex'), onnx: Buffer.from('no graph') };
  registry.keepArtifact(damaged);
  expect(await replay(3, damaged.digest)).toMatchObject({ status: 409, body: { code: 'replay-unavailable' } });
  expect(await replay(4, '0'.repeat(64))).toMatchObject({ status: 404, body: { code: 'artifact-not-found' } });
});

it('computes again what a version says, also of one that is in no traffic plan, and then gives its memory back', async () => {
  const probabilityOf = async (version: number, digest: string) => {
    const { status, body } = await replay(version, digest);
    expect(status).toBe(200);
    return (body as { outcome: { probability: number } }).outcome.probability;
  };
  const { body } = await client.predict(row);
  expect(await probabilityOf(1, first.digest)).toBe((body as { probability: number }).probability);
  expect(await probabilityOf(2, second.digest)).toBeCloseTo(second.predict([63, 233, 7]), 6);
  const { body: stats } = await serving.get(`/api/v1/models/${M}/stats`);
  expect((stats['versions'] as { version: number }[]).map(({ version }) => version)).toEqual([1]);
});
