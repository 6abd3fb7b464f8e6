import { join } from 'node:path';
import { createSeededRng } from '@gimbal/domain';
import { eventually } from '@gimbal/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { upload } from './customer-table.js';
import { endedRun, type RunningService, requestRun, startHarness, type TrainingHarness } from './training-harness.js';

/** Half of those with a target are held out: what grows with the holdout took seconds when it was computed on the event loop. */
const ROWS = 440_000;
/** One row of so many has no target. */
const UNKNOWN_EVERY = 50;
const HOLDOUT = (ROWS - ROWS / UNKNOWN_EVERY) / 2;
const COLUMNS = 10;
/** CPU time for which the event loop may compute without a break; others wait so long for an answer. */
const BUSY_MS_MAX = 200;

let harness: TrainingHarness;
let training: RunningService;
/** The longest so far, of both services. */
let busyMs = 0;
const watchLoop = ({ process }: RunningService) =>
  process.on('message', (message: { type?: string; busyMs?: number }) => {
    if (message.type === 'event-loop') busyMs = Math.max(busyMs, message.busyMs ?? 0);
  });
beforeAll(async () => {
  const env = { NODE_OPTIONS: `--import=${join(import.meta.dirname, 'watch-event-loop.mjs')}` };
  harness = await startHarness({ registryEnv: env });
  training = await harness.startTraining(env);
  watchLoop(harness.registry);
});
afterAll(async () => {
  await harness?.dispose();
});

/** Whether a parcel is late depends on three of its ten numbers, and on chance; of some it is not known. */
function parcels(): string {
  const rng = createSeededRng(4);
  const lines = Array.from({ length: ROWS }, (_, row) => {
    const numbers = Array.from({ length: COLUMNS }, () => rng());
    const [a = 0, b = 0, c = 0] = numbers;
    const isLate = a + b * c + 0.5 * rng() > 1;
    const late = row % UNKNOWN_EVERY === 0 ? '' : isLate ? 'yes' : 'no';
    return [...numbers.map((value) => value.toFixed(4)), late].join(',');
  });
  const names = Array.from({ length: COLUMNS }, (_, column) => `x${column}`);
  return `${[...names, 'late'].join(',')}\n${lines.join('\n')}\n`;
}

const request = (algorithm: string) =>
  requestRun(training, { dataset: 'parcels', algorithms: [algorithm], test_size: 0.5 });

it('blocks no event loop while it takes a file in, learns from a large table and judges on a large holdout, also beside the live version', async () => {
  busyMs = 0;
  await upload(harness.registry, { name: 'parcels', target: 'late' }, parcels());
  watchLoop(training); // its start is over by now
  expect(await endedRun(training, await request('lightgbm'))).toMatchObject({ state: 'succeeded', error: null });
  const run = await endedRun(training, await request('logistic-regression'));
  expect(run).toMatchObject({ state: 'succeeded', rows: { holdout: expect.closeTo(HOLDOUT, -1) } });
  const { body } = await harness.registry.call({ path: `/api/v1/models/parcels/versions/${run.outcome.version}` });
  expect(body.evaluation.versus_live).toMatchObject([{ slice: 'holdout', rows: run.rows.holdout }]);
  expect(busyMs).toBeGreaterThan(0);
  expect(busyMs).toBeLessThan(BUSY_MS_MAX);
});

it.each(['loading-data', 'evaluating'])('stops within a second when it is cancelled while %s', async (stage) => {
  const id = await request('logistic-regression');
  await eventually(
    async () => {
      const { body } = await training.call({ path: `/api/v1/training-runs/${id}` });
      expect(body.stage).toBe(stage);
    },
    { timeoutMs: 120_000, intervalMs: 10 },
  );
  await training.call({ method: 'POST', path: `/api/v1/training-runs/${id}/cancel` });
  expect(await endedRun(training, id)).toMatchObject({ state: 'cancelled', stage });
  const { cancelRequestedAt, endedAt } = await harness.rows.trainingRun.findUniqueOrThrow({ where: { id } });
  expect((endedAt?.getTime() ?? 0) - (cancelRequestedAt?.getTime() ?? 0)).toBeLessThanOrEqual(1_000);
});
