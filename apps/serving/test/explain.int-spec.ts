import './native-arrays.js';
import { createHash } from 'node:crypto';
import { Explanations, type ModelSignature, type Problem } from '@gimbal/contracts';
import { createDataset, createRandom, exportOnnx, fitModel } from '@gimbal/learning';
import { eventually } from '@gimbal/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makeModel } from './make-model.js';
import { RegistryStub } from './registry-stub.js';
import { type PredictClient, predictionOf, ServingHarness } from './serving-harness.js';
import { SIGNATURE } from './signature.js';

const M = 'heart-disease';
const row = { age: 63, chol: 233, thal: 7 };
const rows = [row, { age: 41, chol: null, thal: 3 }, { age: 75 }];
const boosted = makeModel(1);
const linear = makeModel(2, { algorithm: 'logistic_regression' });

/** Two texts that matter and a number that hardly does; three classes. */
function makeClassifier() {
  const random = createRandom(3);
  const count = 300;
  const colours = ['red', 'green', 'blue'];
  const codes = Array.from({ length: count }, () => random.nextInteger(3));
  const features = [
    { name: 'colour', kind: 'categorical', categories: colours } as const,
    { name: 'size', kind: 'numeric' } as const,
  ];
  const dataset = createDataset({
    task: 'multiclass-classification',
    classes: ['apple', 'pear', 'plum'],
    features,
    columns: [codes, Array.from({ length: count }, () => random.nextFloat())],
    target: codes.map((code) => (random.nextFloat() < 0.9 ? code : random.nextInteger(3))),
  });
  const model = fitModel({ dataset, algorithm: 'random_forest', hyperparameters: { n_estimators: 10 }, seed: 1 });
  const onnx = exportOnnx(model);
  const input = { description: '', allowed: null, range: null, missing: 'allowed', trainingRange: null } as const;
  const signature: ModelSignature = {
    task: 'multiclass-classification',
    classes: ['apple', 'pear', 'plum'],
    target: 'fruit',
    inputs: [
      { ...input, name: 'colour', type: 'category', categories: colours },
      { ...input, name: 'size', type: 'number' },
    ],
    codings: {},
  };
  return { onnx, digest: createHash('sha256').update(onnx).digest('hex'), signature };
}

/** What files said before they held the rows that reached each node. */
function makeOldModel() {
  const columns = [
    [30, 40, 50, 60],
    [200, 210, 220, 230],
    [3, 3, 7, 7],
  ];
  const features = SIGNATURE.inputs.map(({ name }) => ({ name, kind: 'numeric' }) as const);
  const dataset = createDataset({ features, columns, target: [0, 0, 1, 1] });
  const hyperparameters = { n_estimators: 3, min_samples_leaf: 1 };
  const model = fitModel({ dataset, algorithm: 'random_forest', hyperparameters, seed: 1 });
  if (model.kind !== 'trees') throw new Error('a forest has trees');
  const trees = model.trees.map((tree) => ({ ...tree, cover: tree.cover.map(() => 0) }));
  const onnx = exportOnnx({ ...model, trees }, { threshold: 0.5 });
  return { onnx, digest: createHash('sha256').update(onnx).digest('hex') };
}

const classifier = makeClassifier();
const old = makeOldModel();
const registry = new RegistryStub();
let serving: ServingHarness;
let client: PredictClient;

beforeAll(async () => {
  for (const file of [boosted, linear, classifier, old]) registry.keepArtifact(file);
  registry.put(M, { live: 1, canary: { version: 2, percent: 99 } }, [
    registry.version(M, 1, boosted.digest),
    registry.version(M, 2, linear.digest),
    registry.version(M, 3, old.digest),
  ]);
  registry.put('fruit', { live: 1 }, [
    registry.version('fruit', 1, classifier.digest, { signature: classifier.signature }),
  ]);
  registry.put('empty', { live: null }, []);
  serving = await ServingHarness.make();
  client = await serving.start({ REGISTRY_URL: await registry.start() });
  await eventually(async () => {
    expect((await client.predictRows([row])).status).toBe(200);
    expect((await client.predictRows([{}], { params: { model: 'fruit' } })).status).toBe(200);
  });
});

afterAll(async () => {
  await serving.remove();
  await registry.stop();
});

const ask = (model: string, body: object, query = '') => serving.post(`/api/v1/models/${model}/explain${query}`, body);

async function explain(model: string, body: object, query = ''): Promise<Explanations> {
  const said = await ask(model, body, query);
  expect(said.status).toBe(200);
  return Explanations.parse(said.body);
}

const sigmoid = (margin: number): number => 1 / (1 + Math.exp(-margin));

describe('an explanation', () => {
  it('adds up to the very answer that a prediction gives', async () => {
    const { results, modelVersion, output } = await explain(M, { rows });
    expect([results.length, modelVersion, output]).toEqual([3, 1, 'log-odds']);
    for (const [index, { baseValue, contributions, rest, sum, probability, prediction }] of results.entries()) {
      const said = predictionOf(await client.predict(rows[index]!, {}));
      const total = contributions.reduce((whole, { contribution }) => whole + contribution, baseValue);
      expect(total).toBeCloseTo(sum, 9);
      expect(rest).toBe(0);
      expect(sigmoid(sum)).toBeCloseTo(probability!, 6);
      if (said.modelVersion === 1) expect([probability, prediction]).toEqual([said.probability, said.prediction]);
    }
  });

  it('names the fields as they were sent, the largest contribution first', async () => {
    const { results } = await explain(M, { rows, version: 1 });
    const [first, , third] = results.map(({ contributions }) => contributions);
    expect(Object.fromEntries(first!.map(({ feature, value }) => [feature, value]))).toEqual(row);
    expect(Object.fromEntries(third!.map(({ feature, value }) => [feature, value]))).toEqual({
      age: 75,
      chol: null,
      thal: null,
    });
    const sizes = first!.map(({ contribution }) => Math.abs(contribution));
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
  });

  it('is of the live version unless another is named, never of a canary by chance', async () => {
    expect((await explain(M, { rows: [row] })).modelVersion).toBe(1);
    const { modelVersion, results } = await explain(M, { rows: [row], version: 2 });
    expect(modelVersion).toBe(2);
    expect(sigmoid(results[0]!.sum)).toBeCloseTo(linear.predict([63, 233, 7]), 6);
  });

  it('shows as many contributions as asked for and sums the rest', async () => {
    const [whole, top] = await Promise.all([explain(M, { rows: [row] }), explain(M, { rows: [row], top: 1 })]);
    expect(top.results[0]!.contributions).toEqual(whole.results[0]!.contributions.slice(0, 1));
    const left = whole.results[0]!.contributions.slice(1).reduce((sum, { contribution }) => sum + contribution, 0);
    expect(top.results[0]!.rest).toBeCloseTo(left, 12);
    expect(top.results[0]!.sum).toBe(whole.results[0]!.sum);
  });

  it('takes other codings, as a prediction does', async () => {
    const { results } = await explain(M, { rows: [{ ...row, thal: 3 }] }, '?coding=kaggle');
    expect(results[0]!.sum).toBe((await explain(M, { rows: [row] })).results[0]!.sum);
  });

  it('is of the most probable class, or of the one that is named', async () => {
    const { results, output } = await explain('fruit', { rows: [{ colour: 'blue', size: 0.5 }, { colour: 'pink' }] });
    expect(output).toBe('probability');
    expect(results[0]).toMatchObject({ prediction: 'plum', explainedClass: 'plum' });
    expect(results[0]!.contributions[0]).toMatchObject({ feature: 'colour', value: 'blue' });
    expect(results[0]!.sum).toBeCloseTo(results[0]!.probability!, 6);
    expect(results[1]!.contributions.find(({ feature }) => feature === 'colour')!.value).toBe('pink');
    const named = await explain('fruit', { rows: [{ colour: 'blue' }], class: 'apple' });
    expect(named.results[0]).toMatchObject({ prediction: 'plum', explainedClass: 'apple' });
    expect(named.results[0]!.contributions[0]!.contribution).toBeLessThan(0);
  });

  it('writes nothing into the prediction log, and is counted', async () => {
    const waiting = async () => {
      const { spool } = (await serving.get('/monitoring/statistics')).body as { spool: Record<string, number> };
      return spool['waiting_rows']! + spool['shipped_rows']!;
    };
    const before = await waiting();
    await explain(M, { rows });
    expect(await waiting()).toBe(before);
    const metrics = (await serving.app.inject({ url: '/metrics' })).body;
    expect(metrics).toMatch(/gimbal_explanations_total\{model="heart-disease",outcome="explained"[^}]*\} [1-9]/);
  });

  it('leaves predictions their time, and its own order to those who wait', async () => {
    const many = Array.from({ length: 1_000 }, (_, index) => ({ age: 20 + (index % 60), chol: 100 + index, thal: 3 }));
    const asked = Promise.all([many, [row], many].map((some) => explain(M, { rows: some })));
    for (let index = 0; index < 20; index++) expect((await client.predict(row)).status).toBe(200);
    expect((await asked).map(({ results }) => results.length)).toEqual([1_000, 1, 1_000]);
  });
});

describe('what is refused', () => {
  it.each<[string, string, object, number, string]>([
    [
      'a version whose file does not hold the rows of each node',
      M,
      { rows, version: 3 },
      409,
      'explanation-unavailable',
    ],
    ['an unknown field', M, { rows: [{ ...row, weight: 80 }] }, 400, 'validation-failed'],
    ['too many rows', M, { rows: Array(1_001).fill(row) }, 400, 'validation-failed'],
    ['no rows', M, { rows: [] }, 400, 'validation-failed'],
    ['a class of a model that has no classes to choose from', M, { rows, class: '1' }, 400, 'validation-failed'],
    ['an unknown class', 'fruit', { rows: [{}], class: 'fig' }, 400, 'validation-failed'],
    ['an unknown model', 'other', { rows }, 404, 'model-not-found'],
    ['an unknown version', M, { rows, version: 9 }, 404, 'version-not-found'],
    ['a model without a live version', 'empty', { rows }, 409, 'no-live-version'],
  ])('%s is a problem', async (_what, model, body, status, code) => {
    const said = await ask(model, body);
    expect([said.status, (said.body as unknown as Problem).code]).toEqual([status, code]); // told by its status
  });

  it('what comes from another service than the gateway', async () => {
    const url = `/api/v1/models/${M}/explain`;
    expect((await serving.app.inject({ method: 'POST', url, payload: { rows } })).statusCode).toBe(401);
  });
});

it('goes on while the registry is away', async () => {
  await registry.stop();
  expect((await explain(M, { rows, version: 2 })).modelVersion).toBe(2);
});
