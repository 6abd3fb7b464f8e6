import './native-arrays.js';
import { createHash } from 'node:crypto';
import {
  AnomalyVerdict,
  Intent,
  type ModelSignature,
  OpenInferAnswer,
  type PredictCall,
  PredictedRows,
} from '@gimbal/contracts';
import {
  createDataset,
  createRandom,
  type DatasetSource,
  exportOnnx,
  exportTextOnnx,
  fitModel,
  fitTextModel,
  type Model,
  predict,
  predictText,
} from '@gimbal/learning';
import { eventually } from '@gimbal/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { RegistryStub } from './registry-stub.js';
import { type PredictClient, problemOf, type Said, ServingHarness } from './serving-harness.js';

const registry = new RegistryStub();
let serving: ServingHarness;
let client: PredictClient;
let bandDigest: string;

const ROWS = 300;
const random = createRandom(5);
const JOBS = ['nurse', 'teacher', 'welder'];
const ages = Array.from({ length: ROWS }, (_, row) => (row % 11 === 0 ? Number.NaN : 20 + random.nextFloat() * 60));
const jobs = Array.from({ length: ROWS }, (_, row) => (row % 13 === 0 ? Number.NaN : random.nextInteger(3)));
const features = [
  { name: 'age', kind: 'numeric' },
  { name: 'job', kind: 'categorical', categories: JOBS },
] as const;
const inputs: ModelSignature['inputs'] = [
  {
    name: 'age',
    type: 'number',
    description: '',
    allowed: null,
    range: null,
    missing: 'allowed',
    trainingRange: [20, 80],
  },
  {
    ...{ name: 'job', type: 'category', description: '', allowed: null, range: null, missing: 'allowed' },
    ...{ trainingRange: null, categories: JOBS },
  },
];
const answered = (row: number) => ({
  age: Number.isNaN(ages[row]!) ? null : ages[row]!,
  job: JOBS[jobs[row]!] ?? null,
});

const datasetOf = (more: Pick<DatasetSource, 'task' | 'classes' | 'target'>) =>
  createDataset({ features, columns: [ages, jobs], ...more });

const CLASSES = ['low', 'middle', 'high'];
const classes = datasetOf({
  task: 'multiclass-classification',
  classes: CLASSES,
  target: ages.map((age, row) => (jobs[row] === 2 ? 2 : age > 50 ? 1 : 0)),
});
const values = datasetOf({
  task: 'regression',
  target: ages.map((age, row) => 3 * (age || 50) + 10 * (jobs[row] || 0)),
});
const anomalies = datasetOf({ task: 'anomaly-detection', target: ages.map(() => 0) });

const MODELS = {
  band: {
    model: fitModel({ dataset: classes, algorithm: 'random_forest', hyperparameters: { n_estimators: 20 }, seed: 1 }),
    signature: { task: 'multiclass-classification', classes: CLASSES, inputs, target: 'band', codings: {} },
    threshold: 0,
  },
  bill: {
    model: fitModel({ dataset: values, algorithm: 'random_forest', hyperparameters: { n_estimators: 20 }, seed: 1 }),
    signature: { task: 'regression', inputs, target: 'bill', codings: {} },
    threshold: 0,
  },
  'anomaly-detector': {
    model: fitModel({ dataset: anomalies, algorithm: 'isolation_forest', hyperparameters: {}, seed: 1 }),
    signature: { task: 'anomaly-detection', inputs, target: 'unusual', codings: {} },
    threshold: 0.5,
  },
} satisfies Record<string, { model: Model; signature: ModelSignature; threshold: number }>;

const kernel = (name: keyof typeof MODELS): Float64Array => predict(MODELS[name].model, classes);
const rowsOf = ({ body, status }: Said) => {
  expect(status).toBe(200);
  return PredictedRows.parse(body).results;
};
const ask = (model: string, rows: readonly unknown[]) => client.predictRows(rows, { params: { model } });

beforeAll(async () => {
  for (const [name, { model, signature, threshold }] of Object.entries(MODELS)) {
    const onnx = exportOnnx(model, signature.task === 'anomaly-detection' ? { threshold } : {});
    const digest = createHash('sha256').update(onnx).digest('hex');
    if (name === 'band') bandDigest = digest;
    registry.keepArtifact({ onnx, digest });
    registry.put(name, { live: 1 }, [registry.version(name, 1, digest, { signature, threshold })]);
  }
  serving = await ServingHarness.make();
  client = await serving.start({ REGISTRY_URL: await registry.start() });
  for (const name of Object.keys(MODELS))
    await eventually(async () => expect((await ask(name, [answered(1)])).status).toBe(200));
});

afterAll(async () => {
  await serving.remove();
  await registry.stop();
});

it('names the most probable class, and gives every class its probability', async () => {
  const expected = kernel('band');
  const results = rowsOf(
    await ask(
      'band',
      ages.map((_, row) => answered(row)),
    ),
  );
  results.forEach((result, row) => {
    const shares = CLASSES.map((_, index) => expected[row * 3 + index]!);
    CLASSES.forEach((name, index) => {
      expect(result.probabilities?.[name]).toBeCloseTo(shares[index]!, 6);
    });
    expect(result.probability).toBeCloseTo(Math.max(...shares), 6);
    expect(result.probabilities?.[String(result.prediction)]).toBe(result.probability);
  });
});

it('answers a regression with a value, and nothing that it does not have', async () => {
  const expected = kernel('bill');
  const results = rowsOf(
    await ask(
      'bill',
      ages.map((_, row) => answered(row)),
    ),
  );
  results.forEach(({ prediction }, row) => {
    expect(Math.abs(Number(prediction) - expected[row]!)).toBeLessThan(1e-3);
  });
  const [{ probability, threshold, probabilities } = {}] = results;
  expect({ probability, threshold, probabilities }).toEqual({});
});

it('says of a transaction how unusual it is, under the route that names no model too', async () => {
  const expected = kernel('anomaly-detector');
  const said = await client.call({
    route: 'predictAnomaly',
    params: {},
    body: Buffer.from(JSON.stringify(answered(4))),
  });
  const verdict = AnomalyVerdict.parse(said.body);
  expect(verdict.score).toBeCloseTo(expected[4]!, 6);
  expect(verdict.isAnomaly).toBe(verdict.score >= 0.5);
});

it('takes a category that training has not seen for missing, says so, and logs what was sent', async () => {
  const [known, unknown, missing] = rowsOf(
    await ask('bill', [
      { age: 40, job: 'welder' },
      { age: 40, job: 'astronaut' },
      { age: 40, job: null },
    ]),
  );
  expect(unknown?.prediction).toBe(missing?.prediction);
  expect(known?.prediction).not.toBe(missing?.prediction);
  expect(unknown?.warnings.map(({ field, code }) => [field, code])).toEqual([['job', 'unseen-category']]);
});

const infer = async (model: string, body: unknown, more: Partial<PredictCall> = {}) => {
  const bytes = body instanceof Uint8Array ? body : Buffer.from(JSON.stringify(body));
  const answer = await client.send({ route: 'openInfer', params: { model }, body: bytes, ...more });
  const length = Number(answer.headers?.['inference-header-content-length'] ?? answer.body.byteLength);
  const json = Buffer.from(answer.body).subarray(0, length).toString();
  return {
    status: answer.status,
    outputs: answer.status === 200 ? OpenInferAnswer.parse(JSON.parse(json)).outputs : [],
  };
};
/** The graph's own two inputs, for the first rows. */
const ownTensors = (rows: number) => [
  { name: 'features', datatype: 'FP32', shape: [rows, 1], data: ages.slice(0, rows).map((age) => age || null) },
  { name: 'texts', datatype: 'BYTES', shape: [rows, 1], data: jobs.slice(0, rows).map((job) => JOBS[job] ?? '') },
];

it('answers tensors of Open Inference in every task: what the graph takes as numbers, as texts, or by column', async () => {
  const shares = kernel('band');
  const inputs = ownTensors(4);
  const { outputs } = await infer('band', { inputs });
  expect(outputs).toMatchObject([
    { name: 'label', datatype: 'INT64', shape: [4] },
    { name: 'probabilities', datatype: 'FP32', shape: [4, 3] },
  ]);
  expect(outputs[1]?.data).toEqual(Array.from(shares.subarray(0, 12), (share) => expect.closeTo(share, 6)));
  const byColumn = ['age', 'job'].map((name, index) => ({ ...inputs[index], name, shape: [4] }));
  expect((await infer('band', { inputs: byColumn })).outputs).toEqual(outputs);
  const classification = [{ name: 'probabilities', parameters: { classification: 2 } }];
  const [named] = (await infer('band', { inputs, outputs: classification })).outputs;
  expect(named).toMatchObject({ datatype: 'BYTES', shape: [4, 2] });
  const best = Number(outputs[0]?.data?.[0]);
  expect(named?.data?.[0]).toBe(`${outputs[1]?.data?.[best]}:${best}:${CLASSES[best]}`);

  const value = (await infer('bill', { inputs: ownTensors(1) })).outputs;
  expect(value).toMatchObject([{ name: 'value', shape: [1], data: [expect.closeTo(kernel('bill')[0]!, 3)] }]);
  const score = (await infer('anomaly-detector', { inputs: ownTensors(1) })).outputs[1];
  expect(score).toMatchObject({ name: 'score', data: [expect.closeTo(kernel('anomaly-detector')[0]!, 6)] });
  expect((await infer('band', { inputs: inputs.slice(0, 1) })).status).toBe(400);
});

it('tells what a text means under its short route, and nothing about a text in which it knows no word', async () => {
  const starts = ['where is my card', 'close my account', 'what is the exchange rate'];
  const texts = Array.from({ length: 90 }, (_, i) => `${starts[i % 3]} please, case ${i}`);
  const named = { texts, target: texts.map((_, i) => i % 3), classes: ['card', 'account', 'rate'] };
  const { model } = fitTextModel({ ...named, seed: 1 });
  const onnx = exportTextOnnx(model);
  const digest = createHash('sha256').update(onnx).digest('hex');
  registry.keepArtifact({ onnx, digest });
  const free = {
    type: 'text',
    description: '',
    allowed: null,
    range: null,
    missing: 'refused',
    trainingRange: null,
  } as const;
  const signature: ModelSignature = {
    ...{ task: 'text-classification', classes: named.classes, target: 'intent', codings: {} },
    inputs: [{ name: 'utterance', ...free }],
  };
  const threshold = model.abstention.threshold;
  registry.put('intent-classifier', { live: 1 }, [
    registry.version('intent-classifier', 1, digest, { signature, threshold }),
  ]);
  const tell = async (query: string) => {
    const said = await client.call({
      route: 'predictIntent',
      params: {},
      body: Buffer.from(JSON.stringify({ query })),
    });
    expect(said.status).toBe(200);
    return Intent.parse(said.body);
  };
  await eventually(async () => expect((await tell('close my account')).intent).toBe('account'));
  const [expected] = predictText(model, ['where is my card?']).probabilities;
  const answer = await tell('where is my card?');
  expect(answer).toMatchObject({ intent: 'card', confidence: expect.closeTo(expected!, 6) });
  expect(answer.alternatives.map(({ intent }) => intent).sort()).toEqual(['account', 'rate']);
  expect((await tell('\u4f60\u597d')).intent).toBeNull();
  expect((await tell('where is my\u0000 card?')).intent).toBe('card');
  const query = { name: 'query', datatype: 'BYTES', shape: [2], data: ['close my account', 'where is my card?'] };
  const { outputs } = await infer('intent-classifier', { inputs: [query], outputs: [{ name: 'label' }] });
  expect(outputs[0]?.data).toEqual([1, 0]);
  const headers = { 'inference-header-content-length': '0' };
  const raw = await infer('intent-classifier', Buffer.from('close my account'), { headers });
  expect(raw.outputs).toMatchObject([
    { name: 'label', shape: [1] },
    { name: 'probabilities', shape: [1, 3] },
  ]);
  const [row] = rowsOf(await ask('intent-classifier', [{ utterance: 'close my account' }]));
  expect(row).toMatchObject({ prediction: 'account', threshold });
});

it('refuses a route that promises another kind of answer', async () => {
  const version = registry.version('intent-classifier', 2, bandDigest, {
    signature: MODELS.band.signature,
    threshold: 0,
  });
  registry.put('intent-classifier', { live: 2 }, [version]);
  await eventually(async () => {
    const said = await client.call({ route: 'predictIntent', params: {}, body: Buffer.from('{"query":"hello"}') });
    expect(problemOf(said)).toMatchObject({ status: 409, code: 'task-mismatch' });
  });
});
