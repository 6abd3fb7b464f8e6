import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GimbalProcesses } from '@gimbal/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { getStorage, initializeStorage } from '../src/index.js';
import { describeExperimentStorage } from '../src/storage/experiment-storage.conformance.js';
import { clientOf } from './client-of.js';

let gimbal: GimbalProcesses;
let folder: string;
beforeAll(async () => {
  gimbal = await GimbalProcesses.start();
  folder = await mkdtemp(join(tmpdir(), 'gimbal-storage-'));
});
afterAll(async () => {
  await gimbal.dispose();
  await rm(folder, { recursive: true, force: true });
});

const open = (backend: 'auto' | 'registry' | 'offline') =>
  initializeStorage({ backend, registry: clientOf(gimbal, 'operator'), offlineDir: join(folder, backend) });

describeExperimentStorage('the registry', () => open('registry'));
describeExperimentStorage('files', () => open('offline'));
describeExperimentStorage('either, while the registry is there', () => open('auto'));

it('auto takes files while the registry is away, and brings everything there when it is back', async () => {
  const offlineDir = join(folder, 'fallback');
  const storage = await initializeStorage({ registry: clientOf(gimbal, 'operator'), offlineDir });
  const [before, meanwhile] = [crypto.randomUUID(), crypto.randomUUID()];
  const record = { experimentName: 'fallback', name: 'one', metrics: { auc: 0.9 } };
  await storage.storeExperiment(before, record);
  const bringBack = await gimbal.takeGatewayAway();
  await storage.storeExperiment(meanwhile, record);
  await storage.storeExperiment(meanwhile, { ...record, tags: { more: 'yes' } });
  expect((await storage.listExperiments()).items.map(({ id }) => id)).toEqual([meanwhile]);
  await bringBack();
  const all = await storage.listExperiments({ experimentName: 'fallback' });
  expect(all.items.map(({ id }) => id)).toEqual([meanwhile, before]);
  expect(await (await open('registry')).getExperiment(meanwhile)).toMatchObject({ tags: { more: 'yes' } });
  expect(await storage.close()).toMatchObject({ runsLeft: 0, conflicts: [] });
});

it('there is one storage from initializeStorage on until it is closed: the one that was opened last', async () => {
  const former = await open('offline');
  const storage = await open('offline');
  await former.close();
  expect(getStorage()).toBe(storage);
  await storage.close();
  expect(() => getStorage()).toThrow(/no-storage/);
});
