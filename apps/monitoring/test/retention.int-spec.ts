import { randomUUID } from 'node:crypto';
import { eventually } from '@gimbal/testing';
import { afterEach, expect, it } from '@jest/globals';
import { AGE, MonitoringWorld, rowOf } from './monitoring-world.js';

const DAY_MS = 86_400_000;
let world: MonitoringWorld;
afterEach(() => world.stop());

/** Labelled predictions of today, yesterday and days with a partition, and one older than any; then the scheduler's turn. @returns the ages, in days, of what is left */
async function turnAfterDays(env: Record<string, string>): Promise<{ predictions: number[]; labels: number }> {
  world = await MonitoringWorld.start(env);
  const version = await world.addVersion({ inputs: [AGE] });
  const now = Date.now();
  const partition = (days: number) => world.owner.$queryRaw`
    SELECT ensure_prediction_partitions(${new Date(now - days * DAY_MS).toISOString().slice(0, 10)}::date, 1)`;
  for (const days of [10, 3]) await partition(days);
  const ages = new Map([400, 10, 3, 1, 0].map((days): [string, number] => [randomUUID(), days]));
  const rows = [...ages].map(([id, days]) =>
    rowOf(version, { id, createdAt: new Date(now - days * DAY_MS).toISOString() }),
  );
  await world.log(rows);
  await eventually(async () => expect(await world.owner.prediction.count()).toBe(5));
  const labels = rows.map(({ id }) => ({ prediction_id: id, actual: 1 }));
  expect((await world.call('POST', '/api/v1/labels', { body: { labels } })).json).toMatchObject({ accepted: 5 });
  await world.queue.publish('assessment.due', { v: 1 }, { jobId: `turn-${randomUUID()}` });
  await eventually(async () => expect(await world.owner.healthAssessment.count()).toBe(1)); // the step after
  const left = await world.owner.prediction.findMany({ select: { id: true }, orderBy: { createdAt: 'asc' } });
  return {
    predictions: left.map(({ id }) => ages.get(id) ?? Number.NaN),
    labels: await world.owner.predictionLabel.count(),
  };
}

it('keeps every prediction and label for ever when nothing is set', async () => {
  expect(await turnAfterDays({})).toEqual({ predictions: [400, 10, 3, 1, 0], labels: 5 });
});

it('deletes the days that are older than PREDICTION_RETENTION_DAYS, with their labels, and no other', async () => {
  expect(await turnAfterDays({ PREDICTION_RETENTION_DAYS: '5' })).toEqual({ predictions: [3, 1, 0], labels: 3 });
});

it('keeps today and yesterday whatever is set', async () => {
  expect(await turnAfterDays({ PREDICTION_RETENTION_DAYS: '1' })).toEqual({ predictions: [1, 0], labels: 2 });
});
