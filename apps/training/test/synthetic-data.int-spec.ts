import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { endedRun, type RunningService, requestRun, startHarness, type TrainingHarness } from './training-harness.js';

let harness: TrainingHarness;
let training: RunningService;
beforeAll(async () => {
  harness = await startHarness({ network: 'none' });
  training = await harness.startTraining({ GIMBAL_DATA_DIR: '' });
});
afterAll(() => harness?.dispose());

it('trains on the stand-in when there is neither a folder nor a network, and says synthetic wherever it shows', async () => {
  const run = await endedRun(training, await requestRun(training));
  expect(run).toMatchObject({ state: 'succeeded', data_origin: 'synthetic', outcome: { promoted: true } });
  const manifest = JSON.parse(await readFile(join(harness.cacheFolder, 'heart-disease/manifest.json'), 'utf8'));
  expect(manifest).toMatchObject({
    origin: 'synthetic',
    parts: { cleveland: { file: 'cleveland.csv', rows: 303 }, 'va-long-beach': { rows: 200 } },
  });
  const version = (await harness.registry.call({ path: '/api/v1/models/heart-disease/versions/1' })).body;
  expect(version.data_origin).toBe('synthetic');
  const card = await harness.registry.call({ path: `/api/v1/runs/${version.run_id}/artifact?path=model-card.md` });
  expect(card.body).toContain('The training data are synthetic');
});
