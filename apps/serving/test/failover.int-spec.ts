import './native-arrays.js';
import { createHash } from 'node:crypto';
import type { ModelSignature } from '@gimbal/contracts';
import { eventually } from '@gimbal/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { RegistryStub } from './registry-stub.js';
import { type PredictClient, predictionOf, problemOf, type Said, ServingHarness } from './serving-harness.js';
import { type Graph, TYPE, writeGraph } from './write-graph.js';

const M = 'scorer';
const registry = new RegistryStub();
let url: string;

const signature: ModelSignature = {
  task: 'binary-classification',
  target: 'y',
  inputs: [
    {
      name: 'x',
      type: 'number',
      description: '',
      allowed: null,
      range: null,
      missing: 'refused',
      trainingRange: [0, 1],
    },
  ],
  codings: {},
};
/** Answers with its input, which is no probability beyond 1. */
const brittle: Graph = {
  inputs: [{ name: 'features', type: TYPE.float, shape: ['N', 1] }],
  outputs: [
    { name: 'label', type: TYPE.int64, shape: ['N', 1] },
    { name: 'probability', type: TYPE.float, shape: ['N', 1] },
  ],
  operations: [
    { operator: 'ReduceMax', inputs: ['features'], outputs: ['probability'], attributes: { axes: [1], keepdims: 1 } },
    { operator: 'Cast', inputs: ['probability'], outputs: ['label'], attributes: { to: TYPE.int64 } },
  ],
};
const sturdy: Graph = {
  ...brittle,
  operations: [{ operator: 'Sigmoid', inputs: ['features'], outputs: ['probability'] }, brittle.operations[1]!],
};
const keep = (graph: Graph) => {
  const onnx = writeGraph(graph);
  const digest = createHash('sha256').update(onnx).digest('hex');
  registry.keepArtifact({ digest, onnx });
  return digest;
};
const version = (number: number, digest: string) => registry.version(M, number, digest, { signature });
const before = version(1, keep(sturdy));
const live = version(2, keep(brittle));

beforeAll(async () => {
  url = await registry.start();
});
afterAll(() => registry.stop());

const serve = async (
  environment: Record<string, string>,
  work: (
    ask: (x: number, version?: number) => Promise<Said>,
    harness: ServingHarness,
    client: PredictClient,
  ) => Promise<void>,
) => {
  const harness = await ServingHarness.make();
  try {
    const client = await harness.start({
      REGISTRY_URL: url,
      CIRCUIT_BREAKER_FAILURE_THRESHOLD: '3',
      CIRCUIT_BREAKER_RECOVERY_TIMEOUT: '3600',
      CACHE_MAX_SIZE: '0',
      ...environment,
    });
    const ask = (x: number, version?: number) =>
      client.predictRows([{ x }], { params: { model: M }, ...(version !== undefined && { version }) });
    await eventually(async () => expect((await ask(0.5)).status).toBe(200));
    await work(ask, harness, client);
  } finally {
    await harness.remove();
  }
};

const answered = async (said: Promise<Said>) => {
  const { status, body } = await said;
  const { results } = body as { results: [unknown] };
  expect(status).toBe(200);
  const { modelVersion, warnings } = predictionOf({ ...(await said), body: results[0] });
  return { modelVersion, warnings: warnings.map(({ code }) => code) };
};
const healthOf = async (harness: ServingHarness) => (await harness.get('/monitoring/health')).body['models'];

/** Version 2 is promoted while version 1 answers. */
const promote = async (ask: (x: number) => Promise<Said>) => {
  registry.put(M, { live: 2 }, [live], before);
  await eventually(async () => expect(await answered(ask(0.5))).toMatchObject({ modelVersion: 2 }));
};

it('lets the version that was live before answer while the breaker of the live one is open, and says so', async () => {
  registry.put(M, { live: 1 }, [before]);
  await serve({}, async (ask, harness) => {
    await promote(ask);
    expect(await answered(ask(0.5))).toEqual({ modelVersion: 2, warnings: [] });
    expect([(await ask(7)).status, (await ask(7)).status]).toEqual([503, 503]);
    // The call that opens the breaker is answered by the version before as well.
    expect(await answered(ask(7))).toMatchObject({ modelVersion: 1 });
    expect(await answered(ask(0.5))).toEqual({ modelVersion: 1, warnings: ['failover'] });
    expect(await healthOf(harness)).toMatchObject({ [M]: { status: 'degraded' } });
    const { body: metrics } = await harness.app.inject({ url: '/metrics', remoteAddress: '127.0.0.1' });
    expect(metrics).toContain('gimbal_failover_predictions_total{model="scorer",version="2"} 2');
    expect(metrics).toContain('ml_circuit_breaker_state{name="scorer/2"} 2');
  });
});

it('refuses a caller that named the version which is out of service', async () => {
  registry.put(M, { live: 1 }, [before]);
  await serve({}, async (ask) => {
    await promote(ask);
    for (let call = 0; call < 3; call++) await ask(7);
    expect(problemOf(await ask(0.5, 2)).code).toBe('circuit-open');
    expect(await answered(ask(0.5))).toMatchObject({ modelVersion: 1 });
  });
});

it('comes back by itself as soon as a trial succeeds; a trial that fails costs its caller nothing', async () => {
  registry.put(M, { live: 2 }, [live], before);
  await serve({ CIRCUIT_BREAKER_RECOVERY_TIMEOUT: '1' }, async (ask, harness) => {
    for (let call = 0; call < 3; call++) await ask(7);
    await eventually(async () => {
      expect(await answered(ask(7))).toMatchObject({ modelVersion: 1 });
      expect(harness.lines.filter((line) => line.includes('"to":"open"')).length).toBeGreaterThan(1); // trials
    });
    await eventually(async () => expect(await answered(ask(0.5))).toEqual({ modelVersion: 2, warnings: [] }));
    expect(await healthOf(harness)).toMatchObject({ [M]: { status: 'healthy' } });
  });
});

it('lets the live version answer for a canary whose breaker is open', async () => {
  registry.put(M, { live: 1, canary: { version: 2, percent: 100 } }, [before, live]);
  await serve({}, async (ask) => {
    for (let call = 0; call < 3; call++) await ask(7);
    expect(await answered(ask(0.5))).toEqual({ modelVersion: 1, warnings: ['failover'] });
  });
});

it('opens by the share of failed calls, though not one follows another', async () => {
  registry.put(M, { live: 2 }, [live]);
  const limits = {
    CIRCUIT_BREAKER_FAILURE_THRESHOLD: '1000',
    CIRCUIT_BREAKER_ERROR_THRESHOLD: '0.3',
    CIRCUIT_BREAKER_MINIMUM_CALLS: '10',
  };
  await serve(limits, async (ask) => {
    const codes: string[] = [];
    for (let call = 0; call < 20; call++) {
      const said = await ask(call % 2 === 0 ? 0.5 : 7);
      codes.push(said.status === 200 ? 'answered' : problemOf(said).code);
    }
    expect(codes.slice(0, 8)).toEqual(Array(4).fill(['answered', 'no-model-available']).flat());
    expect(codes.slice(10)).toEqual(Array(10).fill('circuit-open'));
  });
});

it('is put back into service by hand, by an operator through the gateway only', async () => {
  registry.put(M, { live: 2 }, [live]);
  await serve({}, async (ask, harness) => {
    for (let call = 0; call < 3; call++) await ask(7);
    expect(problemOf(await ask(0.5)).code).toBe('circuit-open');
    const path = `/api/v1/models/${M}/versions/2/breaker/reset`;
    expect((await harness.app.inject({ method: 'POST', url: path })).statusCode).toBe(401);
    expect(await harness.post(path, {})).toEqual({
      status: 200,
      body: { model_name: M, version: 2, from: 'open', to: 'closed' },
    });
    expect(await answered(ask(0.5))).toMatchObject({ modelVersion: 2 });
    expect((await harness.post(`/api/v1/models/${M}/versions/9/breaker/reset`, {})).status).toBe(404);
    expect((await harness.post('/api/v1/models/other/versions/2/breaker/reset', {})).status).toBe(404);
  });
});
