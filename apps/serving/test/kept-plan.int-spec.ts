import './native-arrays.js';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '@gimbal/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { makeModel } from './make-model.js';
import { RegistryStub } from './registry-stub.js';
import { type PredictClient, ServingHarness } from './serving-harness.js';

const M = 'heart-disease';
const row = { age: 63, chol: 233, thal: 7 };
const registry = new RegistryStub();
const [first, second] = [makeModel(1), makeModel(2)];
let serving: ServingHarness;

beforeAll(async () => {
  for (const model of [first, second]) registry.keepArtifact(model);
  serving = await ServingHarness.make();
});
afterAll(async () => {
  await serving.remove();
  await registry.stop();
});

const versionOf = async (client: PredictClient, model: string): Promise<unknown> => {
  const { body } = await client.predictRows([row], { params: { model } });
  return (body as { results?: { model_version: number }[] }).results?.[0]?.model_version; // none when it is refused
};

it('keeps the whole plan after a change that could not be kept, since those behind it say nothing without it', async () => {
  const plan = join(serving.home, 'models', 'plan');
  const journal = join(plan, 'traffic-plan.changes');
  const kept = () => readFile(join(plan, 'traffic-plan.json'), 'utf8');
  registry.put(M, { live: 1 }, [registry.version(M, 1, first.digest)]);
  const environment = { REGISTRY_URL: await registry.start() };
  const client = await serving.start(environment);
  await eventually(async () => expect(await versionOf(client, M)).toBe(1));
  await eventually(async () => expect(await kept()).toContain(first.digest));

  await rm(journal, { force: true });
  await mkdir(journal); // nothing can be appended to a folder
  registry.put(M, { live: 2 }, [registry.version(M, 2, second.digest)]);
  await eventually(async () => expect(await versionOf(client, M)).toBe(2));
  await eventually(() => expect(serving.lines.join('\n')).toContain('traffic plan cannot be kept'));
  expect(await kept()).not.toContain(second.digest);

  await rm(journal, { recursive: true });
  registry.put('other', { live: 1 }, [registry.version('other', 1, first.digest)]);
  await eventually(async () => expect(await versionOf(client, 'other')).toBe(1));
  await eventually(async () => expect(await kept()).toContain('"other"'));

  await serving.stop();
  await registry.stop();
  const restarted = await serving.start(environment);
  await eventually(async () => expect(await versionOf(restarted, M)).toBe(2));
  await eventually(async () => expect(await versionOf(restarted, 'other')).toBe(1));
});
