import './native-arrays.js';
import { OpenRepositoryIndex, OpenStatistics } from '@gimbal/contracts';
import { eventually } from '@gimbal/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makeModel } from './make-model.js';
import { RegistryStub } from './registry-stub.js';
import { type PredictClient, predictionOf, problemOf, type Said, ServingHarness, serveFor } from './serving-harness.js';

const registry = new RegistryStub();
const row = { age: 63, chol: 233, thal: 7 };
const models = Array.from({ length: 6 }, (_, index) => ({ name: `model-${index}`, ...makeModel(index + 1) }));
const [first, second, third, missing] = [models[0]!, models[1]!, models[2]!, { name: 'missing', ...makeModel(99) }];
let url: string;

beforeAll(async () => {
  for (const model of models) {
    registry.keepArtifact(model);
    registry.put(model.name, { live: 1 }, [registry.version(model.name, 1, model.digest)]);
  }
  registry.put('empty', { live: null }, []);
  url = await registry.start();
});
afterAll(() => registry.stop());

/** Room for two of the models, none of them loaded at the start; loads that may take as long as a busy machine needs. */
const TWO_MODELS = {
  ...{ MODEL_MEMORY_BUDGET: '1', MODEL_PRELOAD: '0', DEFAULT_MODEL: 'empty' },
  ...{ CACHE_MAX_SIZE: '0', MODEL_LOAD_WAIT: '60000' },
};

const serve = (environment: Record<string, string>, work: Parameters<typeof serveFor>[1]) =>
  serveFor({ REGISTRY_URL: url, ...TWO_MODELS, ...environment }, async (client, harness) => {
    await eventually(async () => expect((await client.call({ route: 'openReady', params: {} })).status).toBe(200));
    await work(client, harness);
  });

const ask = (client: PredictClient, model: string): Promise<Said> => client.predictRows([row], { params: { model } });
const probabilityOf = ({ body }: Said) => (body as { results: { probability: number }[] }).results[0]?.probability;
const indexOf = async (client: PredictClient) =>
  OpenRepositoryIndex.parse((await client.call({ route: 'openRepository', params: {} })).body);
const inMemory = async (client: PredictClient) =>
  (await indexOf(client)).filter(({ state }) => state === 'READY').map(({ name }) => name);
const loadsOf = ({ lines }: ServingHarness, model: string) =>
  lines.filter((line) => line.includes('"version loaded"') && line.includes(`"model":"${model}"`)).length;
const unload = (client: PredictClient, model: string) => client.call({ route: 'openUnload', params: { model } });

describe('more models than the memory holds', () => {
  it('all answer, each as it should, and no more are held than the budget has room for', async () => {
    await serve({}, async (client) => {
      expect(await inMemory(client)).toEqual([]);
      for (const { name, predict } of [...models, ...models]) {
        const said = await ask(client, name);
        expect(said.status).toBe(200);
        expect(probabilityOf(said)).toBeCloseTo(predict([63, 233, 7]), 6);
        const held = await inMemory(client);
        expect(held).toContain(name);
        expect(held.length).toBeLessThanOrEqual(2);
      }
    });
  });

  it('asked all at once, every request is answered', async () => {
    await serve({}, async (client) => {
      const asked = Array.from({ length: 160 }, (_, index) => models[index % models.length]!);
      const said = await Promise.all(asked.map(({ name }) => ask(client, name)));
      expect(said.map(probabilityOf)).toEqual(asked.map(({ predict }) => expect.closeTo(predict([63, 233, 7]), 6)));
      for (const { name } of models) await ask(client, name);
      expect((await inMemory(client)).length).toBeLessThanOrEqual(2);
    });
  });

  it('a model in use keeps its place while all others are asked once', async () => {
    await serve({}, async (client, harness) => {
      await ask(client, first.name);
      for (const { name } of models) {
        await ask(client, first.name);
        await ask(client, name);
      }
      expect(loadsOf(harness, first.name)).toBe(1);
    });
  });

  it('counts of a model outlive its place in memory', async () => {
    await serve({}, async (client) => {
      for (let turn = 0; turn < 3; turn++) await ask(client, first.name);
      await unload(client, first.name);
      expect(await inMemory(client)).not.toContain(first.name);
      await ask(client, first.name);
      const { body } = await client.call({ route: 'openModelStatistics', params: { model: first.name } });
      expect(OpenStatistics.parse(body).model_stats[0]).toMatchObject({ inference_count: 4 });
    });
  });
});

describe('a model that is not in memory', () => {
  it('is loaded once for all who ask at the same time', async () => {
    await serve({}, async (client, harness) => {
      const said = await Promise.all(Array.from({ length: 100 }, () => ask(client, first.name)));
      expect(said.every(({ status }) => status === 200)).toBe(true);
      expect(loadsOf(harness, first.name)).toBe(1);
    });
  });

  it('is waited for so long, then refused with a hint; the others answer meanwhile', async () => {
    await serve({ MODEL_LOAD_WAIT: '200' }, async (client) => {
      await eventually(async () => expect((await ask(client, second.name)).status).toBe(200));
      let release = (): void => undefined;
      registry.artifactsReady = new Promise((resolve) => {
        release = resolve;
      });
      const late = ask(client, first.name);
      expect((await ask(client, second.name)).status).toBe(200);
      const said = await late;
      expect([said.status, problemOf(said).code, said.retryAfterSeconds]).toEqual([503, 'no-model-available', 2]);
      release();
      await eventually(async () => expect((await ask(client, first.name)).status).toBe(200));
    });
  });

  it('comes from the disk while the registry is away; only one that never was there has to wait for it', async () => {
    registry.put(missing.name, { live: 1 }, [registry.version(missing.name, 1, missing.digest)]);
    await serve({}, async (client, harness) => {
      for (const { name } of [first, second, third]) await ask(client, name);
      await registry.stop();
      for (const { name } of [first, second, third]) expect((await ask(client, name)).status).toBe(200);
      const said = await ask(client, missing.name);
      expect([said.status, problemOf(said).code]).toEqual([503, 'no-model-available']);
      expect(await indexOf(client)).toContainEqual(
        expect.objectContaining({ name: missing.name, state: 'UNAVAILABLE', reason: expect.any(String) }),
      );
      expect((await harness.get('/monitoring/health')).body).toMatchObject({
        models: { [missing.name]: { status: 'unavailable' }, [first.name]: { status: 'healthy' } },
      });
      registry.keepArtifact(missing);
      await registry.start(Number(new URL(url).port));
      await eventually(async () => expect((await ask(client, missing.name)).status).toBe(200));
    });
    registry.remove(missing.name);
  });
});

describe('a start', () => {
  it('loads the default model and those that were used last, and leaves the others to their first request', async () => {
    const harness = await ServingHarness.make();
    const environment = { REGISTRY_URL: url, MODEL_LOAD_WAIT: '60000', MODEL_PRELOAD: '3', DEFAULT_MODEL: first.name };
    try {
      const before = await harness.start({ ...environment, MODEL_PRELOAD: '1' });
      await eventually(async () => expect(await inMemory(before)).toEqual([first.name]));
      for (const { name } of [models[4]!, third, second]) await ask(before, name);
      await harness.stop();
      harness.lines.length = 0;
      const client = await harness.start(environment);
      expect((await inMemory(client)).sort()).toEqual([first.name, second.name, third.name].sort());
      expect((await ask(client, models[4]!.name)).status).toBe(200);
      expect(harness.lines.filter((line) => line.includes('"version loaded"'))).toHaveLength(4);
    } finally {
      await harness.remove();
    }
  });
});

describe('a hot swap', () => {
  it('fails no request, fifty times under load, and leaves one graph in memory', async () => {
    const M = 'swapped';
    const versions = [registry.version(M, 1, first.digest), registry.version(M, 2, second.digest)];
    const alone = (live: number) => versions.filter(({ version }) => version === live);
    registry.put(M, { live: 1 }, alone(1));
    await serve({ MODEL_MEMORY_BUDGET: '64', DEFAULT_MODEL: M }, async (client) => {
      await eventually(async () => expect((await client.predict(row)).status).toBe(200));
      let stopped = false;
      const statuses = new Map<number, number>();
      const seen = new Set<number>();
      const asking = Array.from({ length: 8 }, async () => {
        while (!stopped) {
          const [planned, named] = await Promise.all([
            client.predict(row),
            client.predictRows([row], { params: { model: M }, version: 7 }),
          ]);
          statuses.set(planned.status, (statuses.get(planned.status) ?? 0) + 1);
          if (planned.status === 200) {
            const { modelVersion, probability } = predictionOf(planned);
            seen.add(modelVersion);
            const { predict } = modelVersion === 1 ? first : second;
            expect(probability).toBeCloseTo(predict([63, 233, 7]), 6);
          }
          expect([named.status, problemOf(named).code]).toEqual([404, 'version-not-found']);
        }
      });
      for (let swap = 0; swap < 50; swap++) {
        const live = swap % 2 === 0 ? 2 : 1;
        registry.put(M, { live }, alone(live));
        await eventually(async () => expect(predictionOf(await client.predict(row)).modelVersion).toBe(live));
      }
      stopped = true;
      await Promise.all(asking);
      expect([...statuses.keys()]).toEqual([200]);
      expect(seen).toEqual(new Set([1, 2]));
      expect((await indexOf(client)).filter(({ name }) => name === M)).toEqual([
        { name: M, version: '1', state: 'READY', reason: '' },
      ]);
    });
    registry.remove(M);
  });
});
