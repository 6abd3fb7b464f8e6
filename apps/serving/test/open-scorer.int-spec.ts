import './native-arrays.js';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ThreadPool } from '../src/inference/host-places.js';
import { openScorer, RUNTIME, type ScorerSettings } from '../src/inference/open-scorer.js';
import { makeModel } from './make-model.js';
import { SIGNATURE } from './signature.js';
import { type Graph, TYPE, type Value, writeGraph } from './write-graph.js';

const pool = new ThreadPool(1);
const settings: ScorerSettings = {
  pool,
  batchRowsMax: 64,
  // Where a model runs is chosen by the test, not by how fast the machine is.
  inlineMsMax: Number.POSITIVE_INFINITY,
  inlineLoadMsMax: Number.POSITIVE_INFINITY,
  loadTimeoutMs: 60_000,
  runTimeoutMs: 60_000,
  memoryMb: 2_048,
  runMsMax: 1_000,
};
let folder: string;
let reports = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scorer-'));
});
afterAll(async () => {
  pool.close();
  await rm(folder, { recursive: true });
});

const open = (onnx: Uint8Array, more: Partial<ScorerSettings> = {}, reportPath = join(folder, `${reports++}.json`)) =>
  openScorer({ read: async () => onnx, reportPath }, SIGNATURE, { ...settings, ...more });

const rows = [63, 233, 7, 41, Number.NaN, 3];

describe.each([
  ['on the event loop', 'inline', Number.POSITIVE_INFINITY],
  ['in a thread', 'thread', 0],
] as const)('a model %s', (_where, where, inlineMsMax) => {
  it.each(['logistic_regression', 'random_forest', 'xgboost', 'lightgbm'])('answers as %s does', async (algorithm) => {
    const model = makeModel(3, { algorithm });
    const opened = await open(model.onnx, { inlineMsMax });
    expect(opened.where).toBe(where);
    expect(opened.report.certificate.batchable).toBe(true);
    opened.scorer.features.set(rows);
    const [first, second] = await opened.scorer.run(2, null);
    expect(first).toBeCloseTo(model.predict([63, 233, 7]), 6);
    expect(second).toBeCloseTo(model.predict([41, Number.NaN, 3]), 6);
    await opened.scorer.close();
  });
});

it('what was found out is kept, so that the next start does not look again', async () => {
  const model = makeModel(4);
  const reportPath = join(folder, 'kept.json');
  const first = await open(model.onnx, {}, reportPath);
  expect(await readdir(folder)).toContain('kept.json');
  const again = await open(model.onnx, { loadTimeoutMs: 1 }, reportPath); // too little for an examination
  expect(again.report).toEqual(first.report);
  await Promise.all([first.scorer.close(), again.scorer.close()]);
});

it('what was found out of a file says nothing of it under another signature', async () => {
  const model = makeModel(4);
  const source = { read: async () => model.onnx, reportPath: join(folder, 'other.json') };
  const first = await openScorer(source, SIGNATURE, settings);
  await first.scorer.close();
  const other = { ...SIGNATURE, task: 'regression' } as const;
  await expect(openScorer(source, other, settings)).rejects.toMatchObject({ name: 'GraphRefused' });
});

it('names the runtime that it runs on', () => {
  const { version } = createRequire(import.meta.url)('onnxruntime-node/package.json') as { version: string }; // every package has one
  expect(RUNTIME).toBe(`onnxruntime-node ${version}`);
});

const features: Value = { name: 'features', type: TYPE.float, shape: ['N', 3] };
const label: Value = { name: 'label', type: TYPE.int64, shape: ['N', 1] };
const probability: Value = { name: 'probability', type: TYPE.float, shape: ['N', 1] };
/** Mean of the squashed row: right in every way. */
const good: Graph = {
  inputs: [features],
  outputs: [label, probability],
  operations: [
    { operator: 'Sigmoid', inputs: ['features'], outputs: ['squashed'] },
    { operator: 'IsNaN', inputs: ['squashed'], outputs: ['holes'] },
    { operator: 'Cast', inputs: ['holes'], outputs: ['flags'], attributes: { to: TYPE.float } },
    { operator: 'ReduceMean', inputs: ['flags'], outputs: ['probability'], attributes: { axes: [1], keepdims: 1 } },
    { operator: 'Cast', inputs: ['probability'], outputs: ['label'], attributes: { to: TYPE.int64 } },
  ],
};

describe('a foreign graph', () => {
  it('that keeps the contract is served, also with a second dimension of one', async () => {
    const { scorer } = await open(writeGraph(good));
    scorer.features.set(rows);
    expect([...(await scorer.run(2, null))]).toEqual([0, Math.fround(1 / 3)]);
    await scorer.close();
  });

  // What onnxmltools made of trained models, with a column per class; the registry's tests hold the script that wrote them.
  it.each(['lightgbm', 'xgboost'])(
    'as %s is converted is served, by the probability of the second class',
    async (name) => {
      const onnx = await readFile(new URL(`../../registry/test/fixtures/converted/${name}.onnx`, import.meta.url));
      const { InferenceSession, Tensor } = await import('onnxruntime-node'); // late: after the arrays it is to know
      const session = await InferenceSession.create(onnx);
      const { probabilities } = await session.run({ features: new Tensor('float32', Float32Array.from(rows), [2, 3]) });
      const pairs = probabilities?.data as Float32Array; // float32 by the file's own word
      for (const inlineMsMax of [Number.POSITIVE_INFINITY, 0]) {
        const { scorer } = await open(onnx, { inlineMsMax });
        scorer.features.set(rows);
        expect([...(await scorer.run(2, null))]).toEqual([pairs[1], pairs[3]]);
        await scorer.close();
      }
      await session.release();
    },
  );

  it('whose answer depends on its company is run row by row', async () => {
    const mixed: Graph = {
      ...good,
      operations: [
        ...good.operations.slice(0, 3),
        { operator: 'ReduceMean', inputs: ['flags'], outputs: ['own'], attributes: { axes: [1], keepdims: 1 } },
        { operator: 'ReduceMean', inputs: ['own'], outputs: ['all'], attributes: { axes: [0], keepdims: 1 } },
        { operator: 'Max', inputs: ['own', 'all'], outputs: ['probability'] },
        ...good.operations.slice(4),
      ],
    };
    const { scorer, report } = await open(writeGraph(mixed));
    expect(report.certificate.batchable).toBe(false);
    expect(scorer.batchRowsMax).toBe(1);
    await scorer.close();
  });

  it('with one fixed row is run row by row', async () => {
    const fixed = {
      ...good,
      inputs: [{ ...features, shape: [1, 3] }],
      outputs: [
        { ...label, shape: [1, 1] },
        { ...probability, shape: [1, 1] },
      ],
    };
    const { scorer, report } = await open(writeGraph(fixed));
    expect([report.certificate.batchable, scorer.batchRowsMax]).toEqual([false, 1]);
    await scorer.close();
  });

  it.each<[string, Uint8Array, RegExp]>([
    ['is no ONNX file', Buffer.from('PK\u0003\u0004 not a model'), /cannot load/],
    ['is cut off', makeModel(5).onnx.subarray(0, 900), /cannot load/],
    [
      'has another input',
      writeGraph({
        ...good,
        inputs: [{ ...features, name: 'X' }],
        operations: [{ ...good.operations[0]!, inputs: ['X'] }, ...good.operations.slice(1)],
      }),
      /one input named "features"; it has: X/,
    ],
    [
      'has another width',
      writeGraph({ ...good, inputs: [{ ...features, shape: ['N', 4] }] }),
      /takes 4 columns; the signature names 3/,
    ],
    ['has no probability', writeGraph({ ...good, outputs: [label] }), /no output "probability"; it has: label/],
    ['has no label', writeGraph({ ...good, outputs: [probability] }), /no output "label"/],
    [
      'has a probability for each class',
      writeGraph({
        ...good,
        outputs: [label, { ...probability, shape: ['N', 3] }],
        operations: [
          ...good.operations.slice(0, 2),
          { ...good.operations[2]!, outputs: ['probability'] },
          good.operations[4]!,
        ],
      }),
      /one value for each row; it has shape \[1, 3\] for 1 rows/,
    ],
    [
      'answers beyond 1',
      writeGraph({
        ...good,
        operations: [
          ...good.operations.slice(0, 2),
          { ...good.operations[2]!, outputs: ['flags'] },
          { operator: 'ReduceSum', inputs: ['features'], outputs: ['sums'] },
          {
            operator: 'ReduceMax',
            inputs: ['features'],
            outputs: ['probability'],
            attributes: { axes: [1], keepdims: 1 },
          },
          good.operations[4]!,
        ],
      }),
      /not between 0 and 1/,
    ],
  ])('that %s is refused with what to change', async (_what, onnx, message) => {
    await expect(open(onnx)).rejects.toMatchObject({ name: 'GraphRefused', message: expect.stringMatching(message) });
  });
});

it('a thread that dies fails what ran in it, and the next run loads the graph again', async () => {
  const model = makeModel(6);
  const { scorer } = await open(model.onnx, { inlineMsMax: 0 });
  scorer.features.set(rows);
  const running = scorer.run(1, null);
  pool.close();
  await expect(running).rejects.toMatchObject({ name: 'HostLost' });
  expect((await scorer.run(1, null))[0]).toBeCloseTo(model.predict([63, 233, 7]), 6);
  await scorer.close();
});
