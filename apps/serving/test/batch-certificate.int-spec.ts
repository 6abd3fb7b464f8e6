import './native-arrays.js';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ModelSignature } from '@gimbal/contracts';
import { eventually } from '@gimbal/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ThreadPool } from '../src/inference/host-places.js';
import { openScorer } from '../src/inference/open-scorer.js';
import { makeModel } from './make-model.js';
import { answerOwn, artifactOf, PAIR_SIGNATURE, pairGraph } from './odd-graphs.js';
import { RegistryStub } from './registry-stub.js';
import { type PredictClient, ServingHarness } from './serving-harness.js';
import { SIGNATURE } from './signature.js';
import { type Graph, type Operation, TYPE, writeGraph } from './write-graph.js';

const overBatch = (operator: string, output: string): Operation => ({
  operator,
  inputs: ['own'],
  outputs: [output],
  attributes: { axes: [0], keepdims: 1 },
});
/** Rows of the batch, as a float32 scalar. */
const rowCount: readonly Operation[] = [
  { operator: 'Shape', inputs: ['own'], outputs: ['shape'] },
  { operator: 'Cast', inputs: ['shape'], outputs: ['sizes'], attributes: { to: TYPE.float } },
  { operator: 'ReduceMax', inputs: ['sizes'], outputs: ['rows'], attributes: { axes: [0], keepdims: 1 } },
];

const LEAKS: Readonly<Record<string, Graph>> = {
  'the mean of the batch is taken off': pairGraph(overBatch('ReduceMean', 'mean'), {
    operator: 'Sub',
    inputs: ['own', 'mean'],
    outputs: ['value'],
  }),
  'the largest neighbour counts': pairGraph(overBatch('ReduceMax', 'most'), {
    operator: 'Max',
    inputs: ['own', 'most'],
    outputs: ['value'],
  }),
  'a little of the neighbours seeps in': pairGraph(
    overBatch('ReduceMean', 'mean'),
    { operator: 'Tanh', inputs: ['mean'], outputs: ['squashed'] },
    { operator: 'Sin', inputs: ['squashed'], outputs: ['seeping'] },
    ...['1', '2', '3', '4'].map(
      (step, index): Operation => ({
        operator: 'Mul',
        inputs: [index === 0 ? 'seeping' : `small${index}`, index === 0 ? 'seeping' : `small${index}`],
        outputs: [`small${step}`],
      }),
    ),
    { operator: 'Add', inputs: ['own', 'small4'], outputs: ['value'] },
  ),
  'rows add up by their place': pairGraph(
    { operator: 'Shape', inputs: ['own'], outputs: ['shape'] },
    { operator: 'ReduceMin', inputs: ['shape'], outputs: ['one'], attributes: { axes: [0], keepdims: 0 } },
    { operator: 'Sub', inputs: ['one', 'one'], outputs: ['zero'] },
    { operator: 'CumSum', inputs: ['own', 'zero'], outputs: ['value'] },
  ),
  'the number of rows counts': pairGraph(...rowCount, { operator: 'Mul', inputs: ['own', 'rows'], outputs: ['value'] }),
  'the order of the batch is the order of the values': pairGraph(
    { operator: 'Shape', inputs: ['own'], outputs: ['shape'] },
    { operator: 'ReduceMax', inputs: ['shape'], outputs: ['count'], attributes: { axes: [0], keepdims: 1 } },
    { operator: 'TopK', inputs: ['own', 'count'], outputs: ['value', 'places'], attributes: { axis: 0 } },
  ),
};

let folder: string;
let reports = 0;
const pool = new ThreadPool(1);
const registry = new RegistryStub();
let serving: ServingHarness;
let client: PredictClient;
const names = Object.keys(LEAKS).map((_, index) => `leak-${index}`);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'certificate-'));
  const url = await registry.start();
  for (const [index, graph] of Object.values(LEAKS).entries()) {
    const artifact = artifactOf(graph);
    registry.keepArtifact(artifact);
    const name = names[index]!;
    registry.put(name, { live: 1 }, [registry.version(name, 1, artifact.digest, { signature: PAIR_SIGNATURE })]);
  }
  serving = await ServingHarness.make();
  client = await serving.start({ REGISTRY_URL: url, CACHE_MAX_SIZE: '0' });
});
afterAll(async () => {
  pool.close();
  await serving.remove();
  await registry.stop();
  await rm(folder, { recursive: true });
});

const open = (onnx: Uint8Array, of: ModelSignature, batchRowsMax = 64) =>
  openScorer({ read: async () => onnx, reportPath: join(folder, `${reports++}.json`) }, of, {
    pool,
    batchRowsMax,
    inlineMsMax: Number.POSITIVE_INFINITY,
    inlineLoadMsMax: Number.POSITIVE_INFINITY,
    loadTimeoutMs: 60_000,
    runTimeoutMs: 60_000,
    memoryMb: 2_048,
    runMsMax: 1_000,
  });

describe('a graph whose answer depends on more than its row', () => {
  it.each(Object.entries(LEAKS))('is found out when %s', async (_what, graph) => {
    const { scorer, report } = await open(writeGraph(graph), PAIR_SIGNATURE);
    expect(report.certificate).toMatchObject({ batchable: false, failedAtRows: expect.any(Number) });
    expect(scorer.batchRowsMax).toBe(1);
    await scorer.close();
  });

  it.each(names)('answers rows that come together as it does alone: %s', async (name) => {
    const ask = (rows: readonly (readonly [number, number])[]) =>
      client.predictRows(
        rows.map(([a, b]) => ({ a, b })),
        { params: { model: name } },
      );
    await eventually(async () => expect((await ask([[0, 0]])).status).toBe(200));
    const valuesOf = async (asked: ReturnType<typeof ask>) => {
      const { body } = await asked;
      return (body as { results: { prediction: number }[] }).results.map(({ prediction }) => prediction);
    };
    const number = fc.float({ min: -2, max: 2, noNaN: true });
    const requests = fc.array(fc.array(fc.tuple(number, number), { minLength: 1, maxLength: 5 }), {
      minLength: 1,
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(requests, async (asked) => {
        const together = await Promise.all(asked.map((rows) => valuesOf(ask(rows))));
        const alone: number[][] = [];
        for (const rows of asked) {
          const values: number[] = [];
          for (const row of rows) values.push(...(await valuesOf(ask([row]))));
          alone.push(values);
        }
        expect(together).toEqual(alone);
      }),
      { numRuns: 15 },
    );
  });
});

it('a graph of rows that do not know each other runs them together, on a certificate of many batches', async () => {
  const { scorer, report } = await open(writeGraph(pairGraph(answerOwn)), PAIR_SIGNATURE);
  expect(report.certificate).toMatchObject({ batchable: true, failedAtRows: null, largestBatch: 64, worstUlps: 0 });
  expect(report.certificate.batches).toBeGreaterThan(2);
  expect(report.certificate.rows).toBeGreaterThanOrEqual(16);
  await scorer.close();
});

it.each(['logistic_regression', 'random_forest', 'xgboost', 'lightgbm'])(
  'what %s learned answers in a batch to the last place as it does alone',
  async (algorithm) => {
    const { scorer, report } = await open(makeModel(8, { algorithm }).onnx, SIGNATURE);
    expect(report.certificate).toMatchObject({ batchable: true });
    expect(report.certificate.worstUlps).toBeLessThanOrEqual(1);
    await scorer.close();
  },
);
