import { randomUUID } from 'node:crypto';
import { eventually } from '@gimbal/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { AGE, type LoggedRow, MonitoringWorld, rowOf, type SeededVersion } from './monitoring-world.js';

let world: MonitoringWorld;
let version: SeededVersion;

beforeAll(async () => {
  world = await MonitoringWorld.start();
  version = await world.addVersion({ inputs: [AGE] });
});
afterAll(() => world?.stop());

async function logged(rows: number): Promise<LoggedRow[]> {
  const made = Array.from({ length: rows }, () => rowOf(version));
  await world.log(made);
  await eventually(async () => {
    expect(await world.owner.prediction.count({ where: { id: { in: made.map(({ id }) => id) } } })).toBe(rows);
  });
  return made;
}

const report = async (labels: { prediction_id: string; actual: unknown; observed_at?: string }[]) =>
  (await world.call('POST', '/api/v1/labels', { body: { labels } })).json;

it('counts every entry exactly once: accepted, unknown, duplicate, conflict', async () => {
  const [a, b, c] = (await logged(3)) as [LoggedRow, LoggedRow, LoggedRow];
  const unknown = randomUUID();
  expect(
    await report([
      { prediction_id: a.id, actual: 1, observed_at: '2026-01-01T00:00:00Z' },
      { prediction_id: b.id, actual: 0 },
      { prediction_id: unknown, actual: 1 },
      { prediction_id: a.id, actual: 1 },
      { prediction_id: a.id.toUpperCase(), actual: 0 },
      { prediction_id: unknown, actual: 0 },
    ]),
  ).toEqual({ accepted: 2, unknown: 1, duplicate: 1, conflict: 2 });
  expect(
    await report([
      { prediction_id: b.id, actual: 0 },
      { prediction_id: c.id, actual: 1 },
      { prediction_id: a.id, actual: 0 },
    ]),
  ).toEqual({
    accepted: 1,
    unknown: 0,
    duplicate: 1,
    conflict: 1,
  });
  const kept = await world.owner.predictionLabel.findUniqueOrThrow({ where: { predictionId: a.id } });
  expect(kept).toMatchObject({
    actual: 1,
    conflictCount: 2,
    conflictingActual: 0,
    source: 'clinic',
    observedAt: new Date('2026-01-01'),
  });
  expect((await world.call('GET', `/api/v1/predictions/${a.id}`)).json.actual).toBe(1);
});

it('keeps the counts exact when many callers report the same predictions at once', async () => {
  const rows = await logged(50);
  const answers = await Promise.all(
    Array.from({ length: 6 }, (_, caller) => report(rows.map(({ id }) => ({ prediction_id: id, actual: caller % 2 })))),
  );
  const total = (name: string) => answers.reduce((sum, answer) => sum + answer[name], 0);
  expect([total('accepted'), total('unknown'), total('duplicate'), total('conflict')]).toEqual([50, 0, 100, 150]);
  const values = await world.owner.prediction.findMany({
    where: { id: { in: rows.map(({ id }) => id) } },
    select: { actual: true },
  });
  expect(new Set(values.map(({ actual }) => actual)).size).toBe(1);
});

it('takes ten thousand labels in one request and refuses one more', async () => {
  const labels = Array.from({ length: 10_000 }, () => ({
    prediction_id: randomUUID(),
    actual: 1,
    observed_at: '2026-01-01T00:00:00.000Z',
  }));
  expect(await report(labels)).toEqual({ accepted: 0, unknown: 10_000, duplicate: 0, conflict: 0 });
  expect(await report(labels)).toEqual({ accepted: 0, unknown: 0, duplicate: 10_000, conflict: 0 });
  expect(await report([...labels, ...labels.slice(0, 1)])).toMatchObject({ code: 'validation-failed' });
});

it('refuses what is no label, and callers that are not trusted', async () => {
  expect(await report([])).toMatchObject({ code: 'validation-failed' });
  expect(await report([{ prediction_id: 'x', actual: null }])).toMatchObject({
    code: 'validation-failed',
    errors: [{ path: 'labels.0.prediction_id' }, { path: 'labels.0.actual' }],
  });
});
