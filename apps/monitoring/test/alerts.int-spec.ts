import { randomUUID } from 'node:crypto';
import { eventually } from '@gimbal/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { MonitoringWorld } from './monitoring-world.js';

let world: MonitoringWorld;
beforeAll(async () => {
  world = await MonitoringWorld.start();
});
afterAll(() => world?.stop());

const sighting = (dedupKey: string, more: object = {}) => ({
  ...{ dedup_key: dedupKey, alert_type: 'drift', severity: 'info', model_name: 'heart-disease' },
  ...{ title: 'Drift', message: '9 of 13 features drifted', decision_id: randomUUID() },
  ...more,
});
const raise = async (body: object) => (await world.call('POST', '/internal/alerts', { body, as: 'agent' })).json;
const step = (id: string, name: 'acknowledge' | 'resolve', notes: string, actor = 'clinic') =>
  world.call('POST', `/api/v1/alerts/${id}/${name}`, {
    body: { notes },
    actor: { id: `key-${actor}`, name: actor, roles: [] },
  });
const audited = async (id: string) =>
  (
    await world.owner.outboxMessage.findMany({
      where: { name: 'audit.recorded', payload: { path: ['subject'], equals: `alert:${id}` } },
      orderBy: { id: 'asc' },
    })
  ).map(({ payload }) => [Reflect.get(payload as object, 'action'), Reflect.get(payload as object, 'actor')]);

it('counts the sightings of one open trouble on one alert, each decision once', async () => {
  const first = sighting('drift:1');
  const raised = await raise(first);
  expect(raised).toMatchObject({ status: 'active', occurrences: 1, severity: 'info' });
  expect(await raise(first)).toEqual(raised);
  const counted = await raise(sighting('drift:1', { severity: 'critical', message: 'all of them' }));
  expect(counted).toMatchObject({ id: raised.id, occurrences: 2, severity: 'critical', message: 'all of them' });
  expect(await raise(sighting('drift:1'))).toMatchObject({ id: raised.id, occurrences: 3, severity: 'critical' });
  expect((await audited(raised.id)).map(([action]) => action)).toEqual(['alert.raised']);
});

it('makes one alert of thirty sightings at the same moment', async () => {
  const answers = await Promise.all(Array.from({ length: 30 }, () => raise(sighting('drift:crowd'))));
  expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
  expect(answers.map(({ occurrences }) => occurrences).sort((a, b) => a - b)).toEqual(
    Array.from({ length: 30 }, (_, i) => i + 1),
  );
});

it('is acknowledged and resolved by people with notes, in that order, and all of it is audited', async () => {
  const seen = sighting('drift:life');
  const { id } = await raise(seen);
  expect((await step(id, 'acknowledge', 'I look at it')).json).toMatchObject({
    status: 'acknowledged',
    acknowledged_by: 'clinic',
  });
  expect((await step(id, 'acknowledge', 'I look at it')).status).toBe(200);
  expect((await step(id, 'acknowledge', 'me too', 'other')).json).toMatchObject({
    status: 409,
    code: 'invalid-transition',
  });
  expect((await step(id, 'resolve', 'The new device is known.', 'other')).json).toMatchObject({
    ...{
      status: 'resolved',
      resolved_by: 'other',
      resolution_notes: 'The new device is known.',
      acknowledged_by: 'clinic',
    },
  });
  expect((await step(id, 'resolve', 'The new device is known.', 'other')).status).toBe(200);
  expect((await step(id, 'resolve', 'again')).json.code).toBe('invalid-transition');
  expect((await step(id, 'acknowledge', 'late', 'third')).json.code).toBe('invalid-transition');
  expect(await audited(id)).toEqual([
    ['alert.raised', 'agent'],
    ['alert.acknowledged', 'clinic'],
    ['alert.resolved', 'other'],
  ]);

  expect(await raise(seen)).toMatchObject({ id, status: 'resolved' });
  const next = await raise(sighting('drift:life'));
  expect(next).toMatchObject({ status: 'active', occurrences: 1 });
  expect(next.id).not.toBe(id);
});

it('may be resolved without having been acknowledged', async () => {
  const { id } = await raise(sighting('drift:quick'));
  expect((await step(id, 'resolve', 'a false alarm')).json.status).toBe('resolved');
});

it('lists by status and model, and says what is wrong with a request', async () => {
  await raise(sighting('other:1', { model_name: 'other-model' }));
  const { json } = await world.call('GET', '/api/v1/alerts?model=other-model&status=active');
  expect(json.items).toHaveLength(1);
  expect((await world.call('GET', '/api/v1/alerts?status=open')).json.code).toBe('validation-failed');
  expect((await step(randomUUID(), 'resolve', 'x')).json).toMatchObject({ status: 404, code: 'alert-not-found' });
  expect((await step(randomUUID(), 'resolve', '  ')).json.code).toBe('validation-failed');
  expect((await world.call('POST', '/internal/alerts', { body: sighting('x') })).json.code).toBe('caller-not-trusted');
  expect((await world.call('GET', '/metrics')).text).toMatch(/ml_alerts_open\{severity="critical"\} 1/);
});

it('is raised of what the registry tells of its MLflow server, once however often it is told, and resolved when that is over', async () => {
  const title = 'The MLflow server does not answer';
  const trouble = { v: 1, trouble: 'mlflow-down', title, message: 'For 300 s.' } as const;
  for (const jobId of ['first', 'second']) await world.queue.publish('mirror.troubled', trouble, { jobId });
  await eventually(async () => {
    const alerts = await world.owner.alert.findMany({ where: { alertType: 'mlflow-down' } });
    expect(alerts).toMatchObject([{ severity: 'warning', occurrences: 2, status: 'active' }]);
  });

  const over = { v: 1, trouble: 'mlflow-down', reason: 'It answers again.' } as const;
  for (const jobId of ['over', 'over-again']) await world.queue.publish('mirror.recovered', over, { jobId });
  await eventually(async () => {
    const { items } = (await world.call('GET', '/api/v1/alerts?status=resolved')).json;
    const resolved = items.filter(({ alert_type }: { alert_type: string }) => alert_type === 'mlflow-down');
    expect(resolved).toMatchObject([{ resolved_by: 'registry', resolution_notes: 'It answers again.' }]);
    expect(Date.now() - Date.parse(resolved[0].resolved_at)).toBeLessThan(60_000);
  });
  await world.queue.publish('mirror.troubled', trouble, { jobId: 'third' });
  await eventually(async () => {
    expect(await world.owner.alert.count({ where: { alertType: 'mlflow-down', status: 'active' } })).toBe(1);
  });
});
