import './native-arrays.js';
import { eventually } from '@gimbal/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { makeModel } from './make-model.js';
import { artifactOf, brittleGraph, UNIT_SIGNATURE } from './odd-graphs.js';
import { RegistryStub } from './registry-stub.js';
import { type PredictClient, ServingHarness } from './serving-harness.js';

const M = 'heart-disease';
const BRITTLE = 'brittle';
const registry = new RegistryStub();
const models = [makeModel(1), makeModel(2)];
const brittle = artifactOf(brittleGraph);
let serving: ServingHarness;
let client: PredictClient;

beforeAll(async () => {
  for (const model of models) registry.keepArtifact(model);
  registry.put(
    M,
    { live: 1, shadow: [2] },
    models.map(({ digest }, index) => registry.version(M, index + 1, digest)),
  );
  registry.keepArtifact(brittle);
  registry.put(BRITTLE, { live: 1 }, [registry.version(BRITTLE, 1, brittle.digest, { signature: UNIT_SIGNATURE })]);
  serving = await ServingHarness.make();
  client = await serving.start({
    REGISTRY_URL: await registry.start(),
    METRICS_DIALECTS: 'triton,mlserver',
    MODEL_LOAD_WAIT: '60000', // so that no request fails but those that are meant to
  });
  await eventually(async () => expect((await client.predict({ age: 63, chol: 233, thal: 7 })).status).toBe(200));
  await client.predictRows([
    { age: 41, chol: 204, thal: 3 },
    { age: 57, chol: 354, thal: 3 },
  ]);
  const statuses: number[] = [];
  for (const x of [0.5, 7, 7, 7, 'many', 0.25])
    statuses.push((await client.predictRows([{ x }], { params: { model: BRITTLE } })).status);
  expect(statuses).toEqual([200, 503, 503, 503, 400, 200]);
});

afterAll(async () => {
  await serving.remove();
  await registry.stop();
});

it('tells of a model what it did, and of each version what the plan makes of it and where its time went', async () => {
  const { status, body } = await serving.get(`/api/v1/models/${M}/stats?window_minutes=5`);
  expect(status).toBe(200);
  expect(body).toMatchObject({ model_name: M, status: 'healthy', window_minutes: 5, prediction_count: 3 });
  expect(body['versions']).toMatchObject([
    {
      version: 1,
      role: 'live',
      prediction_count: 3,
      circuit_breaker: 'closed',
      answered: { count: 2, mean_ms: expect.any(Number) },
      failed: { count: 0, mean_ms: null },
      runs: { count: 2 },
      rows_per_run: 1.5,
      cache: { hits: 0, misses: 2 },
      last_prediction_at: expect.any(String),
    },
    { version: 2, role: 'shadow', prediction_count: 0 },
  ]);
});

it('says that there is no such model, and that a window has its bounds', async () => {
  expect((await serving.get('/api/v1/models/nobody/stats')).status).toBe(404);
  expect((await serving.get(`/api/v1/models/${M}/stats?window_minutes=-1`)).status).toBe(400);
});

it('publishes the counts of each version under the names of Triton and of MLServer', async () => {
  const text = await serving.metrics();
  const version = `{model="${M}",version="1"}`;
  expect(text).toContain(`# TYPE nv_inference_request_success counter\nnv_inference_request_success${version} 2\n`);
  expect(text).toContain(`nv_inference_count${version} 3\n`);
  expect(text).toContain(`nv_inference_request_failure{model="${M}",version="1",reason="OTHER"} 0\n`);
  expect(text).toMatch(/nv_inference_compute_infer_duration_us\{model="heart-disease",version="1"\} [1-9]\d*\n/);
  expect(text).toContain(`model_infer_request_success_total${version} 2\n`);
  expect(text).toMatch(/model_infer_request_duration_sum\{model="heart-disease",version="1"\} \d+\.\d+\n/);
});

it('tells failures of the model from what it refused, in its own numbers and by the reasons that Triton knows', async () => {
  const { body } = await serving.get(`/api/v1/models/${BRITTLE}/stats`);
  expect(body).toMatchObject({ prediction_count: 2, error_count: 3, error_rate: 0.6 });
  expect(body['versions']).toMatchObject([
    { answered: { count: 2 }, failed: { count: 4, mean_ms: expect.any(Number) }, circuit_breaker: 'closed' },
  ]);
  expect((await serving.get('/monitoring/statistics')).body).toMatchObject({
    models: { [BRITTLE]: { versions: { '1': { prediction_count: 2, error_count: 3, error_rate: 0.6 } } } },
  });
  const text = await serving.metrics();
  const counts = { BACKEND: 3, REJECTED: 0, OTHER: 1 };
  for (const [reason, count] of Object.entries(counts))
    expect(text).toContain(
      `nv_inference_request_failure{model="${BRITTLE}",version="1",reason="${reason}"} ${count}\n`,
    );
  for (const name of ['model_infer_request_failure_total', 'gimbal_version_failures_total'])
    expect(text).toContain(`${name}{model="${BRITTLE}",version="1"} 4\n`);
});
