import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TrafficDocument } from '@gimbal/contracts';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { PlanStore } from './plan-store.js';

let directory: string;
let store: PlanStore;
const journal = () => join(directory, 'traffic-plan.changes');

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'plan-'));
  store = new PlanStore(directory);
});
afterEach(() => rm(directory, { recursive: true }));

const model = (modelName: string, live: number | null): TrafficDocument['models'][number] => ({
  modelName,
  plan: { live },
  versions: [],
  standby: null,
});
const changed = (since: string, revision: string, live: number) => ({
  ...{ since, revision, models: [model('a', live)], removed: [] as string[] },
});

it('gives back what was kept, and nothing when nothing was', async () => {
  expect(await store.read()).toBeUndefined();
  const plan = { revision: 'r1', models: [model('a', 1), model('b', null)] };
  await store.write(plan);
  expect(await new PlanStore(directory).read()).toEqual(plan);
});

it('knows every change since, models that are gone and new ones included', async () => {
  await store.write({ revision: 'r1', models: [model('a', 1), model('b', 1)] });
  await store.append(changed('r1', 'r2', 2));
  await store.append({ since: 'r2', revision: 'r3', models: [model('c', 5)], removed: ['b'] });
  expect(await store.read()).toEqual({ revision: 'r3', models: [model('a', 2), model('c', 5)] });
});

// Guards against a process that ended between the new plan and the end of the old journal.
it('passes over changes of another plan', async () => {
  await store.write({ revision: 'r1', models: [model('a', 1)] });
  await store.append(changed('r1', 'r2', 2));
  const stale = await readFile(journal());
  await store.write({ revision: 'r9', models: [model('a', 9)] });
  await writeFile(journal(), stale);
  expect(await store.read()).toEqual({ revision: 'r9', models: [model('a', 9)] });
  await store.append(changed('r9', 'r10', 10));
  expect(await store.read()).toMatchObject({ revision: 'r10' });
});

it('gives up a last change that was cut off', async () => {
  await store.write({ revision: 'r1', models: [model('a', 1)] });
  await store.append(changed('r1', 'r2', 2));
  await appendFile(journal(), '\n{"since":"r2","rev');
  expect(await store.read()).toMatchObject({ revision: 'r2' });
  await store.append(changed('r2', 'r3', 3));
  expect(await store.read()).toMatchObject({ revision: 'r3' });
});

it('says when the journal has outgrown the plan', async () => {
  await store.write({ revision: 'r0', models: Array.from({ length: 20 }, (_, index) => model(`m${index}`, 1)) });
  const outgrown: boolean[] = [];
  for (let index = 0; index < 20; index++) outgrown.push(await store.append(changed(`r${index}`, `r${index + 1}`, 1)));
  expect(outgrown[0]).toBe(false);
  expect(outgrown.at(-1)).toBe(true);
});
