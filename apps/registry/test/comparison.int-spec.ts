import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RegistryHarness, startRegistry } from './registry-harness.js';
import { startServingStub } from './serving-stub.js';
import { holdout, register, SIGNATURE } from './versions.js';

let serving: Awaited<ReturnType<typeof startServingStub>>;
let registry: RegistryHarness;

/** A run in which a training left a JSON file. */
async function makeRun(path: string, content: unknown): Promise<string> {
  const bytes = Buffer.from(JSON.stringify(content));
  const digest = await registry.store(bytes);
  const experiment = {
    connectOrCreate: { where: { name: 'heart' }, create: { name: 'heart', createdBy: 'training' } },
  };
  const file = { path, digest, bytes: bytes.length, contentType: 'application/json' };
  const { id } = await registry.rows.run.create({
    data: { name: 'run', createdBy: 'training', experiment, artifacts: { create: file } },
  });
  return id;
}
const card = (age: number) => ({
  importance: {
    gain: [
      { feature: 'age', importance: age },
      { feature: 'chol', importance: 1 - age },
    ],
    shap: null,
  },
});

beforeAll(async () => {
  serving = await startServingStub();
  registry = await startRegistry({ SERVING_URL: serving.url, GIMBAL_SERVICE_KEY: 'the-key-of-the-registry' });
  await register(registry, 'heart', { run_id: await makeRun('model-card.json', card(0.25)) });
  await register(registry, 'heart', {
    ...{ algorithm: 'logistic-regression', hyperparameters: { l2: 1 }, threshold: 0.5 },
    run_id: await makeRun('model-card.json', card(0.75)),
    evaluation: { holdout: holdout({ accuracy: 0.861, recall: 0 }), cross_validation: null, versus_live: [] },
    signature: { ...SIGNATURE, inputs: SIGNATURE.inputs.map((input) => ({ ...input, missing: 'refused' })) },
  });
  await register(registry, 'heart', { run_id: await makeRun('input-example.json', { rows: [{ age: 0.3 }] }) });
});
afterAll(async () => {
  await registry.dispose();
  await serving.stop();
});

const compare = (versions: string, model = 'heart') =>
  registry.call({ path: `/api/v1/models/${model}/compare?versions=${versions}` });
const compareOn = (versions: readonly number[], rows?: readonly object[]) =>
  registry.call({ method: 'POST', path: '/api/v1/models/heart/compare', body: { versions, ...(rows && { rows }) } });

describe('two versions', () => {
  it('are compared by metrics, with 0 percent where the first is 0', async () => {
    const { metrics } = (await compare('1,2')).body;
    expect(metrics.accuracy).toEqual({ v1: 0.82, v2: 0.861, diff: 0.861 - 0.82, pct_change: expect.closeTo(5, 10) });
    expect((await compare('2,1')).body.metrics.recall).toMatchObject({ v1: 0, pct_change: 0 });
  });

  it('are compared by parameters, null where one has none', async () => {
    expect((await compare('1,2')).body.parameters).toMatchObject({
      algorithm: { v1: 'random-forest', v2: 'logistic-regression', same: false },
      framework: { v1: 'onnx', v2: 'onnx', same: true },
      threshold: { v1: 0.45, v2: 0.5, same: false },
      trees: { v1: 100, v2: null, same: false },
      l2: { v1: null, v2: 1, same: false },
    });
  });

  it('are compared by signature: what a caller has to know', async () => {
    const { same, differences } = (await compare('1,2')).body.signature;
    expect(same).toBe(false);
    expect(differences).toEqual(
      ['age', 'chol', 'thal'].map((name) => ({ path: `inputs.${name}.missing`, v1: 'allowed', v2: 'refused' })),
    );
    expect((await compare('1,3')).body.signature).toEqual({ same: true, differences: [] });
  });

  it('are compared by feature importance, where training stored it of both', async () => {
    expect((await compare('1,2')).body.feature_importance).toEqual({
      age: { v1: 0.25, v2: 0.75, diff: 0.5 },
      chol: { v1: 0.75, v2: 0.25, diff: -0.5 },
    });
    expect((await compare('1,3')).body.feature_importance).toBeNull();
  });

  it('that do not exist, or are not two, are refused', async () => {
    expect((await compare('1,9')).body.code).toBe('version-not-found');
    expect((await compare('1,2', 'nobody')).body.code).toBe('model-not-found');
    for (const versions of ['1', '1,2,3', '0,1', 'a,b'])
      expect([versions, (await compare(versions)).body.code]).toEqual([versions, 'validation-failed']);
    expect((await compareOn([1, 9])).body.code).toBe('version-not-found');
    expect((await compareOn([1])).body.code).toBe('validation-failed');
  });
});

describe('what two versions say of the same rows', () => {
  it('is compared on rows that are sent; one that a version refuses is not counted', async () => {
    const { status, body } = await compareOn([1, 2], [{ age: 0.1 }, { age: 0.4 }, {}]);
    expect(status).toBe(200);
    expect(body).toMatchObject({ sample: 'sent', compared: 2, agreed: 1 });
    expect(body.difference).toEqual({ mean: 0.25, mean_absolute: 0.25, worst: 0.4 });
    expect(body.rows[1]).toMatchObject({
      features: { age: 0.4 },
      v1: { outcome: { prediction: 0, probability: 0.4 } },
      v2: { outcome: { prediction: 1, probability: 0.8 } },
    });
    expect(body.rows[2].v1).toEqual({ outcome: null, refusal: 'age is required' });
  });

  it('is compared on the example that a training stored while the model was asked nothing', async () => {
    expect((await compareOn([1, 2])).body.code).toBe('not-enough-data');
    expect((await compareOn([1, 3])).body).toMatchObject({ sample: 'example', compared: 1 });
  });

  it('is compared on the rows that the model was asked last', async () => {
    const { id: modelId } = await registry.rows.modelVersion.findFirstOrThrow({
      where: { modelName: 'heart', version: 1 },
    });
    await registry.rows.prediction.create({
      data: {
        ...{ id: randomUUID(), modelId, modelName: 'heart', modelVersion: 1, features: { age: 0.2, thal: null } },
        ...{ prediction: 0, threshold: 0.45, latencyMs: 1, createdAt: new Date() },
      },
    });
    const { body } = await compareOn([1, 3]);
    expect(body).toMatchObject({ sample: 'logged', compared: 1, rows: [{ features: { age: 0.2, thal: null } }] });
  });

  it('can not be told without serving, and not of a version that can not be served', async () => {
    const alone = await registry.replica({ SERVING_URL: '' });
    const body = { versions: [1, 2], rows: [{ age: 1 }] };
    const reply = await alone.call({ method: 'POST', path: '/api/v1/models/heart/compare', body });
    expect([reply.status, reply.body.code]).toEqual([503, 'service-unavailable']);
    await alone.dispose();
    await registry.rows.modelVersion.create({
      data: {
        ...{ modelName: 'heart', version: 4, algorithm: 'sklearn', framework: 'sklearn', featureNames: [] },
        ...{ unservedReason: 'The model is no ONNX file.', codeVersion: '', createdBy: 'grace' },
      },
    });
    expect((await compareOn([1, 4], [{ age: 1 }])).body.code).toBe('version-not-servable');
    expect((await compare('1,4')).body.parameters.framework).toEqual({ v1: 'onnx', v2: 'sklearn', same: false });
  });
});
