import './native-arrays.js';
import { Prediction } from '@gimbal/contracts';
import { eventually } from '@gimbal/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makeModel } from './make-model.js';
import { RegistryStub } from './registry-stub.js';
import { type PredictClient, predictionOf, problemOf, ServingHarness } from './serving-harness.js';

const first = makeModel(1);
const second = makeModel(2);
const registry = new RegistryStub();
let serving: ServingHarness;
let client: PredictClient;
const row = { age: 63, chol: 233, thal: 7 };
const M = 'heart-disease';

const servedVersion = async () => predictionOf(await client.predict(row)).modelVersion;
const becomes = (version: number) => eventually(async () => expect(await servedVersion()).toBe(version));

beforeAll(async () => {
  registry.keepArtifact(first);
  registry.keepArtifact(second);
  registry.put(M, { live: 1 }, [registry.version(M, 1, first.digest)]);
  registry.put('empty', { live: null }, []);
  serving = await ServingHarness.make();
  client = await serving.start({ REGISTRY_URL: await registry.start() });
  await eventually(async () => expect((await client.predict(row)).status).toBe(200));
});

afterAll(async () => {
  await serving.remove();
  await registry.stop();
});

describe('an answer', () => {
  it("is the model's own, in the agreed form", async () => {
    const said = await client.predict(row);
    expect(said.status).toBe(200);
    const prediction = Prediction.parse(said.body);
    expect(prediction.probability).toBeCloseTo(first.predict([63, 233, 7]), 6);
    expect(prediction).toMatchObject({
      prediction: prediction.probability >= 0.5 ? 1 : 0,
      threshold: 0.5,
      modelName: M,
      modelVersion: 1,
      warnings: [],
    });
  });

  it('comes for each row, in order, for one row and for ten thousand', async () => {
    const rows = Array.from({ length: 10_000 }, (_, index) => ({
      age: 20 + (index % 60),
      chol: index % 7 === 0 ? null : 100 + (index % 400),
      thal: [3, 6, 7][index % 3],
    }));
    const said = await client.predictRows(rows);
    expect(said.status).toBe(200);
    const { results } = said.body as { results: { probability: number; prediction_id: string }[] };
    expect(results).toHaveLength(10_000);
    expect(new Set(results.map((result) => result.prediction_id)).size).toBe(10_000);
    for (const index of [0, 1, 2, 255, 256, 257, 4_999, 9_999]) {
      const { age, chol, thal } = rows[index]!;
      expect(results[index]!.probability).toBeCloseTo(first.predict([age, chol ?? Number.NaN, thal!]), 6);
    }
  });

  it('does not depend on who else asks at the same time', async () => {
    const asked = Array.from({ length: 500 }, (_, index) => ({ age: 20 + (index % 60), chol: 100 + index, thal: 3 }));
    const said = await Promise.all(asked.map((one) => client.predict(one)));
    said.forEach((answer, index) => {
      const { age, chol, thal } = asked[index]!;
      expect(predictionOf(answer).probability).toBeCloseTo(first.predict([age, chol, thal]), 6);
    });
  });

  it('warns of what is missing and of what was never seen in training, and takes other codings', async () => {
    const { warnings } = predictionOf(await client.predict({ age: 63, chol: 0 }));
    expect(warnings.map(({ field, code }) => [field, code])).toEqual([
      ['chol', 'outside-training-range'],
      ['thal', 'missing'],
    ]);
    const coded = predictionOf(await client.predict({ ...row, thal: 3 }, { query: [['coding', 'kaggle']] }));
    expect(coded.probability).toBe(predictionOf(await client.predict(row)).probability);
  });
});

describe('what is refused', () => {
  it.each<[string, () => ReturnType<PredictClient['call']>, number, string]>([
    ['an unknown field', () => client.predict({ ...row, weight: 80 }), 400, 'validation-failed'],
    ['a wrong type', () => client.predict({ ...row, age: '63' }), 400, 'validation-failed'],
    ['a code that is not allowed', () => client.predict({ ...row, thal: 2 }), 400, 'validation-failed'],
    ['NaN as text', () => client.predict({ ...row, chol: 'NaN' }), 400, 'validation-failed'],
    [
      'an infinite number',
      () => client.call({ route: 'predict', params: {}, body: Buffer.from('{"age":1e999}') }),
      400,
      'validation-failed',
    ],
    ['a missing field that is needed', () => client.predict({}), 400, 'validation-failed'],
    ['a list for a row', () => client.predict([row]), 400, 'validation-failed'],
    ['null', () => client.predict(null), 400, 'validation-failed'],
    ['no rows', () => client.predictRows([]), 400, 'validation-failed'],
    ['too many rows', () => client.predictRows(Array(10_001).fill(row)), 400, 'validation-failed'],
    ['an unknown coding', () => client.predict(row, { query: [['coding', 'other']] }), 400, 'validation-failed'],
    ['an unknown query', () => client.predict(row, { query: [['x', '1']] }), 400, 'validation-failed'],
    ['broken JSON', () => client.call({ body: Buffer.from('{"rows":[') }), 400, 'malformed-json'],
    ['NaN in JSON', () => client.call({ body: Buffer.from('{"rows":[{"age":NaN}]}') }), 400, 'malformed-json'],
    ['nothing', () => client.call({ body: new Uint8Array() }), 400, 'malformed-json'],
    ['an unknown model', () => client.predictRows([row], { params: { model: 'other' } }), 404, 'model-not-found'],
    ['an unknown version', () => client.predictRows([row], { version: 9 }), 404, 'version-not-found'],
    [
      'a model without a live version',
      () => client.predictRows([row], { params: { model: 'empty' } }),
      409,
      'no-live-version',
    ],
  ])('%s is a problem', async (_what, ask, status, code) => {
    const said = await ask();
    expect({ status: said.status, code: problemOf(said).code }).toEqual({ status, code });
    expect(problemOf(said)).toMatchObject({
      title: expect.any(String),
      detail: expect.any(String),
      instance: expect.stringMatching(/^request-/),
    });
  });

  it('is told all at once, and allowed values are named', async () => {
    const said = await client.predictRows([row, { age: 'x', thal: 2, weight: 1 }]);
    expect(problemOf(said).errors).toEqual([
      { path: 'rows.1.age', message: 'must be a number, or null when it was not measured' },
      { path: 'rows.1.thal', message: 'must be one of 3, 6, 7' },
      { path: 'rows.1.weight', message: 'is not a field of this model' },
    ]);
  });

  it('leaves no feature value in the logs', async () => {
    await client.predict({ ...row, chol: 'VALUE-31337' });
    await client.predict({ age: 31337, chol: 31337, thal: 31337 });
    expect(serving.lines.join('\n')).not.toContain('31337');
  });
});

describe('traffic', () => {
  it('moves to another live version and back without a failed request', async () => {
    let stop = false;
    const seen: { status: number; version: number }[] = [];
    const load = (async () => {
      while (!stop) {
        const answers = await Promise.all(Array.from({ length: 16 }, () => client.predict(row)));
        for (const answer of answers) seen.push({ status: answer.status, version: predictionOf(answer).modelVersion });
      }
    })();
    const versions = [registry.version(M, 1, first.digest), registry.version(M, 2, second.digest)];
    for (const live of [2, 1, 2, 1]) {
      registry.put(
        M,
        { live },
        versions.filter(({ version }) => version === live),
      );
      await becomes(live);
    }
    stop = true;
    await load;
    expect(seen.every(({ status }) => status === 200)).toBe(true);
    expect(new Set(seen.map(({ version }) => version))).toEqual(new Set([1, 2]));
  });

  it('is split by canary, by arms and by the version that is asked for; one unit stays on its side', async () => {
    const versions = [registry.version(M, 1, first.digest), registry.version(M, 2, second.digest)];
    registry.put(M, { live: 1, canary: { version: 2, percent: 30 } }, versions);
    await eventually(async () => expect((await client.predictRows([row], { version: 2 })).status).toBe(200));
    const ask = async (trafficKey: string) => predictionOf(await client.predict(row, { trafficKey })).modelVersion;
    const keys = Array.from({ length: 400 }, (_, index) => `patient-${index}`);
    const sides = await Promise.all(keys.map(ask));
    expect(sides.filter((version) => version === 2).length / keys.length).toBeCloseTo(0.3, 0.9);
    expect(await Promise.all(keys.map(ask))).toEqual(sides);
    registry.put(
      M,
      {
        live: 1,
        ab: {
          name: 'try',
          arms: [
            { version: 1, weight: 0 },
            { version: 2, weight: 1 },
          ],
        },
      },
      versions,
    );
    await becomes(2);
    registry.put(M, { live: 1 }, versions.slice(0, 1));
    await becomes(1);
  });

  it('is tried on a shadow version, of which only the metrics tell', async () => {
    const versions = [registry.version(M, 1, first.digest), registry.version(M, 2, second.digest)];
    registry.put(M, { live: 1, shadow: [2] }, versions);
    await eventually(async () => expect((await client.predictRows([row], { version: 2 })).status).toBe(200));
    expect(await servedVersion()).toBe(1);
    await eventually(async () => {
      const reply = await serving.app.inject({ url: '/metrics', remoteAddress: '127.0.0.1' });
      expect(reply.body).toMatch(
        /gimbal_shadow_predictions_total\{model="heart-disease",version="2",outcome="(agrees|differs)"\} [1-9]/,
      );
    });
    registry.put(M, { live: 1 }, versions.slice(0, 1));
    await eventually(async () => expect((await client.predictRows([row], { version: 2 })).status).toBe(404));
  });

  it('takes a threshold that was adjusted, without fetching the file again', async () => {
    const before = registry.artifactRequests;
    const probability = predictionOf(await client.predict(row)).probability;
    registry.put(M, { live: 1 }, [registry.version(M, 1, first.digest, { threshold: 0.999 })]);
    await eventually(async () =>
      expect(predictionOf(await client.predict(row))).toMatchObject({ threshold: 0.999, prediction: 0, probability }),
    );
    expect(registry.artifactRequests).toBe(before);
    registry.put(M, { live: 1 }, [registry.version(M, 1, first.digest)]);
    await eventually(async () => expect(predictionOf(await client.predict(row)).threshold).toBe(0.5));
  });

  it('stays on the former version when the new one cannot be served, and says so', async () => {
    registry.keepArtifact({ digest: 'f'.repeat(64), onnx: Buffer.from('not what its digest says') });
    registry.put(M, { live: 3 }, [registry.version(M, 3, 'f'.repeat(64))]);
    await eventually(async () =>
      expect((await serving.get('/monitoring/health')).body).toMatchObject({ models: { [M]: { status: 'degraded' } } }),
    );
    expect(await servedVersion()).toBe(1);
    registry.put(M, { live: 1 }, [registry.version(M, 1, first.digest)]);
    await eventually(async () =>
      expect((await serving.get('/monitoring/health')).body).toMatchObject({ models: { [M]: { status: 'healthy' } } }),
    );
  });

  it('knows of a model that appears and of one that is gone', async () => {
    registry.put('other', { live: 1 }, [registry.version('other', 1, second.digest)]);
    await eventually(async () =>
      expect((await client.predictRows([row], { params: { model: 'other' } })).status).toBe(200),
    );
    registry.remove('other');
    await eventually(async () =>
      expect((await client.predictRows([row], { params: { model: 'other' } })).status).toBe(404),
    );
  });
});

describe('what operators see', () => {
  it('health in the shape of the requirement', async () => {
    const { status, body } = await serving.get('/monitoring/health');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      models: {
        [M]: {
          status: 'healthy',
          prediction_count: expect.any(Number),
          error_rate: expect.any(Number),
          avg_latency: expect.any(Number),
        },
      },
      cache: {
        prediction_cache: {
          size: expect.any(Number),
          hits: expect.any(Number),
          misses: expect.any(Number),
          hit_rate: expect.any(Number),
        },
      },
    });
  });

  it('statistics over a window, breaker and log', async () => {
    const { body } = await serving.get('/monitoring/statistics?window_minutes=5');
    expect(body).toMatchObject({
      window_minutes: 5,
      models: {
        [M]: {
          error_count: expect.any(Number),
          latency_ms: { p50: expect.any(Number), p99: expect.any(Number) },
          by_version: { '1': expect.any(Number) },
          circuit_breaker: 'closed',
        },
      },
      spool: { waiting_rows: expect.any(Number) },
    });
    expect((await serving.get('/monitoring/statistics?window_minutes=0')).status).toBe(400);
    expect((await serving.app.inject({ url: '/monitoring/health' })).statusCode).toBe(401);
  });

  it('readiness, while the queue is away: degraded, not down', async () => {
    expect((await serving.app.inject({ url: '/health/ready' })).statusCode).toBe(200);
    expect((await serving.app.inject({ url: '/health' })).json()).toMatchObject({ status: 'degraded' });
  });
});
