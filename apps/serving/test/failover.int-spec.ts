import './native-arrays.js';
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '@gimbal/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { artifactOf, brittleGraph, sturdyGraph, UNIT_SIGNATURE } from './odd-graphs.js';
import { RegistryStub } from './registry-stub.js';
import { predictionOf, problemOf, type Said, type ServingHarness, serveFor } from './serving-harness.js';
import type { Graph } from './write-graph.js';

const M = 'scorer';
const registry = new RegistryStub();
let url: string;

const keep = (graph: Graph): string => {
  const artifact = artifactOf(graph);
  registry.keepArtifact(artifact);
  return artifact.digest;
};
const version = (number: number, digest: string) => registry.version(M, number, digest, { signature: UNIT_SIGNATURE });
const before = version(1, keep(sturdyGraph));
const live = version(2, keep(brittleGraph));

beforeAll(async () => {
  url = await registry.start();
});
afterAll(() => registry.stop());

const serve = (
  environment: Record<string, string>,
  work: (ask: (x: number, version?: number) => Promise<Said>, harness: ServingHarness) => Promise<void>,
) => {
  const limits = { CIRCUIT_BREAKER_FAILURE_THRESHOLD: '3', CIRCUIT_BREAKER_RECOVERY_TIMEOUT: '3600' };
  return serveFor({ REGISTRY_URL: url, CACHE_MAX_SIZE: '0', ...limits, ...environment }, async (client, harness) => {
    const ask = (x: number, version?: number) =>
      client.predictRows([{ x }], { params: { model: M }, ...(version !== undefined && { version }) });
    await eventually(async () => expect((await ask(0.5)).status).toBe(200));
    await work(ask, harness);
  });
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
    const metrics = await harness.metrics();
    expect(metrics).toContain('gimbal_failover_predictions_total{model="scorer",version="2"} 2');
    expect(metrics).toContain('ml_circuit_breaker_state{name="scorer/2"} 2');
    expect(metrics).toContain('ml_circuit_breaker_state{name="scorer/1"} 0');
    expect(metrics).toContain('gimbal_version_predictions_total{model="scorer",version="1"}');
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

describe('a live version whose file', () => {
  const damaged = { digest: createHash('sha256').update('no graph').digest('hex'), onnx: Buffer.from('no graph') };
  const unloaded = (digest: string) => registry.put(M, { live: 2 }, [version(2, digest)], before);

  it('cannot be served lets the version before answer, also after a start, and says so', async () => {
    registry.keepArtifact(damaged);
    unloaded(damaged.digest);
    await serve({}, async (ask, harness) => {
      expect(await answered(ask(0.5))).toEqual({ modelVersion: 1, warnings: ['failover'] });
      expect(problemOf(await ask(0.5, 2)).code).toBe('no-model-available');
      expect(await healthOf(harness)).toMatchObject({ [M]: { status: 'degraded' } });
      expect(await harness.metrics()).toMatch(/gimbal_failover_predictions_total\{model="scorer",version="2"\} [1-9]/);
      expect(harness.lines.filter((line) => line.includes('version cannot be loaded'))).toHaveLength(1);
    });
  });

  it('cannot be served does not stay on the disk when it is out of traffic', async () => {
    registry.keepArtifact(damaged);
    unloaded(damaged.digest);
    await serve({ MODEL_CACHE_FILES: '0' }, async (ask, harness) => {
      const isKept = async () =>
        (await readdir(join(harness.home, 'models', 'artifacts'), { recursive: true })).some((path) =>
          path.includes(damaged.digest),
        );
      expect(await isKept()).toBe(true);
      registry.put(M, { live: 1 }, [before]);
      await eventually(async () => expect(await isKept()).toBe(false));
      expect(await answered(ask(0.5))).toEqual({ modelVersion: 1, warnings: [] });
    });
  });

  it('is not to be had lets the version before answer until it is', async () => {
    const [smallest, label] = [{ ...brittleGraph.operations[0]!, operator: 'ReduceMin' }, brittleGraph.operations[1]!];
    const late = artifactOf({ ...brittleGraph, operations: [smallest, label] });
    unloaded(late.digest);
    await serve({}, async (ask, harness) => {
      const failures = () => harness.lines.filter((line) => line.includes('version cannot be loaded'));
      await eventually(async () => {
        expect(await answered(ask(0.5))).toEqual({ modelVersion: 1, warnings: ['failover'] });
        expect(failures().length).toBeGreaterThan(2);
      });
      expect(failures().filter((line) => line.includes('"level":"error"'))).toHaveLength(1); // said once, tried often
      registry.keepArtifact(late);
      await eventually(async () => expect(await answered(ask(0.5))).toEqual({ modelVersion: 2, warnings: [] }));
      expect(await healthOf(harness)).toMatchObject({ [M]: { status: 'healthy' } });
    });
  });

  it('cannot be served, of a canary, lets the live version answer, which callers and the metrics are told', async () => {
    registry.keepArtifact(damaged);
    registry.put(M, { live: 1, canary: { version: 2, percent: 100 } }, [before, version(2, damaged.digest)]);
    await serve({}, async (ask, harness) => {
      expect(await answered(ask(0.5))).toEqual({ modelVersion: 1, warnings: ['failover'] });
      expect(await healthOf(harness)).toMatchObject({ [M]: { status: 'degraded' } });
    });
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
