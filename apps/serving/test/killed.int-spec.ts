import { setTimeout as sleep } from 'node:timers/promises';
import { eventually, ServiceProcess } from '@gimbal/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { makeModel } from './make-model.js';
import { readSpool } from './read-spool.js';
import { RegistryStub } from './registry-stub.js';
import { type PredictClient, predictionOf, ServingHarness } from './serving-harness.js';

const MAIN = new URL('../src/main.ts', import.meta.url);
const model = makeModel(1);
const registry = new RegistryStub();
const M = 'heart-disease';
const row = { age: 63, chol: 233, thal: 7 };
let harness: ServingHarness;
let environment: Record<string, string>;

beforeAll(async () => {
  registry.keepArtifact(model);
  registry.put(M, { live: 1 }, [registry.version(M, 1, model.digest)]);
  harness = await ServingHarness.make();
  environment = harness.environment({ REGISTRY_URL: await registry.start(), LOG_LEVEL: 'warn' });
});

afterAll(async () => {
  await harness.remove();
  await registry.stop();
});

/** Asks from `clients` sides at once until told to stop. */
const load = (client: PredictClient, clients: number) => {
  const acknowledged: string[] = [];
  let stopped = false;
  const ask = async () => {
    while (!stopped) {
      const said = await client.predict(row).catch((error: { code?: string }) => {
        if (error.code !== 'service-unavailable') throw error;
        return undefined;
      });
      if (said?.status === 200) acknowledged.push(predictionOf(said).predictionId);
      else await sleep(1);
    }
  };
  const all = Promise.all(Array.from({ length: clients }, ask));
  return {
    /** Resolves while asking goes on, when so many were acknowledged: work was under way, however fast the machine is. */
    reaches: (count: number) => eventually(() => expect(acknowledged.length).toBeGreaterThanOrEqual(count)),
    /** @returns the ids that were acknowledged */
    finish: async () => {
      stopped = true;
      await all;
      return acknowledged;
    },
  };
};

const collect = async (): Promise<string[]> => (await readSpool(harness)).map(({ id }) => id);

it('killed again and again under load, no acknowledged prediction is lost and none is there twice', async () => {
  const acknowledged: string[] = [];
  for (let round = 0; round < 4; round++) {
    const serving = await ServiceProcess.start(MAIN, environment);
    const client = await harness.connect();
    await eventually(async () => expect((await client.predict(row)).status).toBe(200));
    const asking = load(client, 32);
    await asking.reaches(40 * (round + 1));
    await serving.kill();
    acknowledged.push(...(await asking.finish()));
    client.stop();
  }
  const logged = await collect();
  expect(new Set(logged).size).toBe(logged.length);
  const found = new Set(logged);
  expect(acknowledged.filter((id) => !found.has(id))).toEqual([]);
});

it('starts and predicts with registry, PostgreSQL and queue away, from what it kept; ends in order on SIGTERM', async () => {
  await registry.stop();
  const serving = await ServiceProcess.start(MAIN, environment);
  const client = await harness.connect();
  const said = await client.predict(row);
  expect(said.status).toBe(200);
  expect(predictionOf(said).probability).toBeCloseTo(model.predict([63, 233, 7]), 6);
  expect((await fetch(`${serving.url}/health/ready`)).status).toBe(200);
  const asking = load(client, 16);
  await asking.reaches(60);
  expect(await serving.end()).toBe(0);
  const acknowledged = await asking.finish();
  const logged = new Set(await collect());
  expect(acknowledged.filter((id) => !logged.has(id))).toEqual([]);
});
