import './native-arrays.js';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@gimbal/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ThreadPool } from '../src/inference/host-places.js';
import { openScorer, type ScorerSettings } from '../src/inference/open-scorer.js';
import { makeModel } from './make-model.js';
import { answerOwn, artifactOf, loopingGraph, PAIR_SIGNATURE, pairGraph } from './odd-graphs.js';
import { RegistryStub } from './registry-stub.js';
import { problemOf, ServingHarness, serveFor } from './serving-harness.js';
import { type Operation, TYPE, writeGraph } from './write-graph.js';

const pool = new ThreadPool(1);
let folder: string;
let reports = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hostile-'));
});
afterAll(async () => {
  pool.close();
  await rm(folder, { recursive: true });
});

const open = (onnx: Uint8Array, more: Partial<ScorerSettings> = {}) =>
  openScorer({ read: async () => onnx, reportPath: join(folder, `${reports++}.json`) }, PAIR_SIGNATURE, {
    pool,
    batchRowsMax: 64,
    inlineMsMax: Number.POSITIVE_INFINITY,
    inlineLoadMsMax: Number.POSITIVE_INFINITY,
    loadTimeoutMs: 60_000,
    runTimeoutMs: 60_000,
    memoryMb: 1_024,
    runMsMax: 1_000,
    ...more,
  });

const addWeights: Operation = { operator: 'Add', inputs: ['own', 'weights'], outputs: ['value'] };
const graphWithWeights = (dims: readonly number[], location?: string) => ({
  ...pairGraph(addWeights),
  initializers: [{ name: 'weights', type: TYPE.float, dims, ...(location !== undefined && { location }) }],
});
const randomBytes = Uint8Array.from({ length: 5_000 }, (_, at) => (at * 2_654_435_761) % 251);
/** Every tenth byte of a real model is another one. */
const scrambled = makeModel(9).onnx.map((byte, at) => (at % 10 === 7 ? byte ^ 0x55 : byte));

describe('a file that', () => {
  it.each<[string, Uint8Array, RegExp]>([
    ['is empty', new Uint8Array(), /cannot load/],
    ['is noise', randomBytes, /cannot load/],
    ['was damaged', scrambled, /cannot load|must have|process ended/],
    ['declares a tensor of 4 TiB', writeGraph(graphWithWeights([2 ** 20, 2 ** 20])), /cannot load/],
    ['declares a tensor of 2^63 numbers', writeGraph(graphWithWeights([2 ** 31, 2 ** 32])), /cannot load/],
    ['declares a negative size', writeGraph(graphWithWeights([-1])), /cannot load/],
    [
      'has an operator that nobody knows',
      writeGraph(pairGraph({ ...answerOwn, operator: 'Backdoor', domain: 'com.evil' })),
      /cannot load.*Backdoor/,
    ],
    ['calls itself recursively deep', writeGraph(nest(40)), /more than 32 deep/],
  ])('%s is refused with a reason', async (_what, onnx, message) => {
    await expect(open(onnx)).rejects.toMatchObject({ name: 'GraphRefused', message: expect.stringMatching(message) });
  });

  it.each(['weights.bin', '../weights.bin', '/etc/hostname', '../../../../etc/hostname'])(
    'keeps its numbers in %s is refused, and nothing is opened',
    async (location) => {
      await writeFile(join(folder, 'weights.bin'), new Float32Array(1));
      await expect(open(writeGraph(graphWithWeights([1], location)))).rejects.toMatchObject({
        name: 'GraphRefused',
        message: expect.stringContaining('another file, which is never opened'),
      });
    },
  );

  it('takes more memory than a model may is stopped and refused', async () => {
    const greedy = pairGraph(
      { operator: 'Constant', inputs: [], outputs: ['large'], attributes: { value_ints: [40_000, 20_000] } },
      { operator: 'Expand', inputs: ['own', 'large'], outputs: ['huge'] },
      { operator: 'ReduceMax', inputs: ['huge'], outputs: ['value'], attributes: { axes: [0, 1], keepdims: 1 } },
    );
    await expect(open(writeGraph(greedy), { memoryMb: 256 })).rejects.toMatchObject({
      name: 'GraphRefused',
      message: expect.stringContaining('more than 256 MiB of memory'),
    });
  });

  it('loops for ever on every row is stopped', async () => {
    await expect(open(writeGraph(loopingGraph(-10)), { loadTimeoutMs: 5_000 })).rejects.toMatchObject({
      name: 'HostCutShort',
      message: expect.stringContaining('did not answer within 5000 ms'),
    });
  });
});

/** `If` in `If` in `If`. */
function nest(depth: number): ReturnType<typeof pairGraph> {
  const branchOf = (operations: readonly Operation[]) => ({
    inputs: [],
    outputs: [{ name: 'value', type: TYPE.float, shape: ['N', 1] }],
    operations,
  });
  return pairGraph(
    { operator: 'Constant', inputs: [], outputs: ['one'], attributes: { value_int: 1 } },
    { operator: 'Cast', inputs: ['one'], outputs: ['yes'], attributes: { to: TYPE.bool } },
    {
      operator: 'If',
      inputs: ['yes'],
      outputs: ['value'],
      attributes: {
        then_branch: branchOf(depth === 0 ? [answerOwn] : nest(depth - 1).operations.slice(1)),
        else_branch: branchOf([answerOwn]),
      },
    },
  );
}

it('a graph that may loop for ever answers from a process of its own', async () => {
  const { scorer, where } = await open(writeGraph(loopingGraph(5)));
  expect(where).toBe('process');
  scorer.features.set([0.25, 0.5, 0.75, -1]);
  expect([...(await scorer.run(2, null))]).toEqual([0.5, 0.75]);
  await scorer.close();
});

/** Of the processes that this one started, the one that examines a file. */
async function findExaminer(): Promise<number> {
  for (const pid of await readdir('/proc')) {
    const [stat, command] = await Promise.all(
      ['stat', 'cmdline'].map((file) => readFile(join('/proc', pid, file), 'utf8').catch(() => '')), // it ended
    );
    const parent = /\) \S (\d+)/.exec(stat ?? '')?.[1];
    if (parent === String(process.pid) && command?.includes('session-worker')) return Number(pid);
  }
  throw new Error('nothing is being examined');
}

it('a file whose examination was held up is examined again, after a pause in which it costs nobody time', async () => {
  const registry = new RegistryStub();
  const artifact = artifactOf(pairGraph(answerOwn));
  registry.keepArtifact(artifact);
  registry.put('held-up', { live: 1 }, [
    registry.version('held-up', 1, artifact.digest, { signature: PAIR_SIGNATURE }),
  ]);
  const limits = { SERVING_LOAD_TIMEOUT: '6000', MODEL_LOAD_WAIT: '60000' };
  try {
    await serveFor({ REGISTRY_URL: await registry.start(), ...limits }, async (client, { lines }) => {
      const ask = () => client.predictRows([{ a: 0.5, b: 0 }], { params: { model: 'held-up' } });
      await eventually(async () => process.kill(await findExaminer(), 'SIGSTOP'), { intervalMs: 5 });
      await eventually(() => expect(lines.join('\n')).toContain('did not answer within 6000 ms'));
      expect(problemOf(await ask()).code).toBe('no-model-available');
      await eventually(async () => expect((await ask()).status).toBe(200));
    });
  } finally {
    await registry.stop();
  }
});

it('a row on which a graph loops for ever is given up in time; the graph and other models answer on', async () => {
  const registry = new RegistryStub();
  const serving = await ServingHarness.make();
  try {
    for (const [name, graph] of Object.entries({ looping: loopingGraph(5), quick: pairGraph(answerOwn) })) {
      const artifact = artifactOf(graph);
      registry.keepArtifact(artifact);
      registry.put(name, { live: 1 }, [registry.version(name, 1, artifact.digest, { signature: PAIR_SIGNATURE })]);
    }
    const client = await serving.start({
      REGISTRY_URL: await registry.start(),
      SERVING_RUN_TIMEOUT: '2000',
      CIRCUIT_BREAKER_FAILURE_THRESHOLD: '1000',
    });
    const ask = (model: string, a: number) => client.predictRows([{ a, b: 0 }], { params: { model } });
    for (const model of ['looping', 'quick'])
      await eventually(async () => expect((await ask(model, 0.5)).status).toBe(200));
    let isOver = false;
    const looping = ask('looping', 7).finally(() => {
      isOver = true;
    });
    let answered = 0;
    while (!isOver) {
      expect((await ask('quick', Math.random())).status).toBe(200);
      answered += 1;
    }
    expect(answered).toBeGreaterThan(20);
    expect(problemOf(await looping).code).toBe('no-model-available');
    await eventually(async () => expect((await ask('looping', 0.5)).status).toBe(200));
  } finally {
    await serving.remove();
    await registry.stop();
  }
});
