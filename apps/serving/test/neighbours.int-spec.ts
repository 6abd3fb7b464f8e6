import './native-arrays.js';
import type { ModelSignature } from '@gimbal/contracts';
import { eventually } from '@gimbal/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makeModel } from './make-model.js';
import { answerOwn, artifactOf, PAIR_SIGNATURE, pairGraph, slowGraph } from './odd-graphs.js';
import { RegistryStub } from './registry-stub.js';
import { type PredictClient, predictionOf, type ServingHarness, serveFor } from './serving-harness.js';
import { makeTaskModels } from './task-models.js';

const M = 'heart-disease';
const registry = new RegistryStub();
const [first, second] = [makeModel(1), makeModel(2)];
const slow = artifactOf(slowGraph(500));
const quick = artifactOf(pairGraph(answerOwn));
const row = { age: 63, chol: 233, thal: 7 };
let url: string;

beforeAll(async () => {
  for (const artifact of [first, second, slow, quick]) registry.keepArtifact(artifact);
  url = await registry.start();
});
afterAll(() => registry.stop());

const put = (name: string, digest: string, signature: ModelSignature = PAIR_SIGNATURE) =>
  registry.put(name, { live: 1 }, [registry.version(name, 1, digest, { signature })]);

const serve = (environment: Record<string, string>, work: Parameters<typeof serveFor>[1]) =>
  serveFor({ REGISTRY_URL: url, ...environment }, work);
const askPair = (client: PredictClient, model: string, a: number) =>
  client.predictRows([{ a, b: -1 }], { params: { model } });
const answers = (client: PredictClient, model: string) =>
  eventually(async () => expect((await askPair(client, model, 0)).status).toBe(200));
const statisticsOf = async (harness: ServingHarness) =>
  (await harness.get('/monitoring/statistics')).body as {
    models: Record<string, { versions: Record<string, Record<string, number>> }>;
    cache: Record<string, number>;
  };

describe('equal requests at the same time', () => {
  it('are one run, and a prediction each', async () => {
    put('slow', slow.digest);
    await serve({}, async (client, harness) => {
      await answers(client, 'slow');
      const said = await Promise.all(Array.from({ length: 8 }, () => askPair(client, 'slow', 0.75)));
      const results = said.map(
        ({ body }) => (body as { results: { prediction_id: string; prediction: number }[] }).results[0]!,
      );
      expect(new Set(results.map(({ prediction }) => prediction)).size).toBe(1);
      expect(new Set(results.map((result) => result.prediction_id)).size).toBe(8);
      expect((await statisticsOf(harness)).cache['shared']).toBe(7);
      expect(await harness.metrics()).toContain('ml_model_cache_hits_total{type="in-flight"} 7');
    });
  });

  it('are computed each for themselves, again and again, where the model says that nothing is remembered', async () => {
    put('forgetful', quick.digest, { ...PAIR_SIGNATURE, cache: 'off' });
    await serve({}, async (client, harness) => {
      await answers(client, 'forgetful');
      for (let time = 0; time < 3; time++)
        await Promise.all(Array.from({ length: 4 }, () => askPair(client, 'forgetful', 0.5)));
      expect((await statisticsOf(harness)).cache).toEqual({ size: 0, hits: 0, misses: 0, shared: 0 });
    });
  });
});

describe('an A/B test', () => {
  it('keeps a unit on its arm, and tells of each arm how many, how fast and how sure', async () => {
    registry.put(
      M,
      {
        live: 1,
        ab: {
          name: 'newer',
          arms: [
            { version: 1, weight: 0.5 },
            { version: 2, weight: 0.5 },
          ],
        },
      },
      [registry.version(M, 1, first.digest), registry.version(M, 2, second.digest)],
    );
    await serve({ CACHE_MAX_SIZE: '0' }, async (client, harness) => {
      await eventually(async () => {
        for (const version of [1, 2]) expect((await client.predictRows([row], { version })).status).toBe(200);
      });
      const before = await statisticsOf(harness);
      const ask = async (trafficKey: string) => predictionOf(await client.predict(row, { trafficKey })).modelVersion;
      const keys = Array.from({ length: 100 }, (_, index) => `patient-${index}`);
      const sides = await Promise.all(keys.map(ask));
      expect(await Promise.all(keys.map(ask))).toEqual(sides);
      const { versions } = (await statisticsOf(harness)).models[M]!;
      for (const version of [1, 2]) {
        const expected = 2 * sides.filter((side) => side === version).length;
        expect(expected).toBeGreaterThan(50);
        const counts = versions[version]!;
        expect(counts['prediction_count']! - before.models[M]!.versions[version]!['prediction_count']!).toBe(expected);
        expect(counts).toMatchObject({ error_count: 0, error_rate: 0, circuit_breaker: 'closed' });
        expect(counts['mean_latency_ms']).toBeGreaterThan(0);
        expect(counts['mean_confidence']).toBeGreaterThanOrEqual(0.5);
      }
      const metrics = await harness.metrics();
      for (const name of ['predictions', 'requests', 'failures', 'latency_seconds', 'confidence'])
        for (const version of [1, 2])
          expect(metrics).toMatch(
            new RegExp(`gimbal_version_${name}_total\\{model="heart-disease",version="${version}"\\} \\d`),
          );
    });
  });

  it('counts two versions of one file each for itself', async () => {
    const versions = [1, 2].map((version) => registry.version('twins', version, first.digest));
    const ask = (client: PredictClient, version: number) =>
      client.predictRows([row], { version, params: { model: 'twins' } });
    registry.put('twins', { live: 1, canary: { version: 2, percent: 0 } }, versions);
    await serve({}, async (client, harness) => {
      await eventually(async () => expect((await ask(client, 1)).status).toBe(200));
      for (const version of [2, 2]) expect((await ask(client, version)).status).toBe(200);
      const metrics = await harness.metrics();
      expect(metrics).toContain('gimbal_version_requests_total{model="twins",version="1"} 1');
      expect(metrics).toContain('gimbal_version_requests_total{model="twins",version="2"} 2');
    });
  });
});

describe('a shadow', () => {
  it('that numbers the texts it knows in another way is asked in its own way', async () => {
    const { onnx, digest, signature, row: fruit } = makeTaskModels().find(({ name }) => name === 'fruit')!;
    const inputs = signature.inputs.map((input) => ({
      ...input,
      ...(input.categories && { categories: [...input.categories].reverse() }),
    }));
    registry.keepArtifact({ digest, onnx });
    registry.put('fruit', { live: 1, shadow: [2] }, [
      registry.version('fruit', 1, digest, { signature, threshold: 0 }),
      registry.version('fruit', 2, digest, { signature: { ...signature, inputs }, threshold: 0 }),
    ]);
    await serve({ CACHE_MAX_SIZE: '0' }, async (client, harness) => {
      const ask = (colour: string | null) => client.predictRows([{ ...fruit, colour }], { params: { model: 'fruit' } });
      await eventually(async () => expect((await ask('red')).status).toBe(200));
      const name = 'gimbal_shadow_predictions_total{model="fruit",version="2"';
      await eventually(async () => {
        for (const colour of ['red', 'blue', 'mauve', null]) await ask(colour);
        const agreed = (await harness.metrics()).split(`${name},outcome="agrees"} `)[1] ?? '';
        expect(Number.parseInt(agreed, 10)).toBeGreaterThanOrEqual(10);
      });
      const metrics = await harness.metrics();
      for (const outcome of ['differs', 'failed']) expect(metrics).not.toContain(`${name},outcome="${outcome}"`);
    });
    registry.remove('fruit');
  });

  it('that is too slow is left out and counted, and no answer waits for it', async () => {
    registry.put('shadowed', { live: 1, shadow: [2] }, [
      registry.version('shadowed', 1, quick.digest, { signature: PAIR_SIGNATURE }),
      registry.version('shadowed', 2, slow.digest, { signature: PAIR_SIGNATURE }),
    ]);
    await serve({ CACHE_MAX_SIZE: '0', PREDICT_ROWS_MAX: '200' }, async (client, harness) => {
      await answers(client, 'shadowed');
      const rows = Array.from({ length: 100 }, (_, index) => ({ a: index / 100, b: -1 }));
      const began = performance.now();
      for (let request = 0; request < 10; request++)
        expect((await client.predictRows(rows, { params: { model: 'shadowed' } })).status).toBe(200);
      const tookMs = performance.now() - began;
      const slowest = 10 * 100 * 5; // at five ms a row, of which the shadow takes more
      expect(tookMs).toBeLessThan(slowest);
      const dropped = 'gimbal_shadow_predictions_total{model="shadowed",version="2",outcome="dropped"}';
      await eventually(async () => expect(await harness.metrics()).toContain(dropped));
    });
  });
});

describe('a slow model', () => {
  it('does not keep a quick one waiting, nor one that is slow, too', async () => {
    put('slow', slow.digest);
    put('slow-too', slow.digest);
    put('quick', quick.digest);
    await serve({ CACHE_MAX_SIZE: '0', SERVING_LATENCY_OBJECTIVE: '20' }, async (client, harness) => {
      for (const model of ['slow', 'slow-too', 'quick']) await answers(client, model);
      let isOver = false;
      const busy = Promise.all(Array.from({ length: 40 }, (_, index) => askPair(client, 'slow', index / 40))).finally(
        () => {
          isOver = true;
        },
      );
      let besides = 0;
      const others: Promise<unknown>[] = [];
      while (!isOver) {
        const { status } = await askPair(client, 'quick', Math.random());
        if (!isOver) besides += 1;
        expect(status).toBe(200);
        if (others.length === 0) others.push(askPair(client, 'slow-too', 0.5).then(() => expect(isOver).toBe(false)));
      }
      await Promise.all([busy, ...others]);
      expect(besides).toBeGreaterThan(20);
      expect((await statisticsOf(harness)).models['slow']!.versions['1']!['prediction_count']).toBe(41);
    });
  });

  it('is refused rows beyond its own queue, while others take theirs', async () => {
    put('slow', slow.digest);
    put('quick', quick.digest);
    await serve({ CACHE_MAX_SIZE: '0', SERVING_QUEUE_TOTAL_ROWS: '10' }, async (client) => {
      for (const model of ['slow', 'quick']) await answers(client, model);
      const flood = Promise.all(Array.from({ length: 40 }, (_, index) => askPair(client, 'slow', index / 40)));
      const quickly = await Promise.all(
        Array.from({ length: 5 }, async () => (await askPair(client, 'quick', 1)).status),
      );
      expect(quickly).toContain(200);
      const statuses = (await flood).map(({ status }) => status);
      expect(new Set(statuses)).toEqual(new Set([200, 503]));
    });
  });
});
