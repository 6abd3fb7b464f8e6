import { randomUUID } from 'node:crypto';
import { eventually } from '@gimbal/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type GatewayFixture, SECRETS, startGateway } from './gateway-fixture.js';

let gateway: GatewayFixture;
let url: string;
beforeAll(async () => {
  gateway = await startGateway({ EVENTS_CLIENTS_MAX: '2' });
  url = await gateway.listen();
});
afterAll(() => gateway.dispose());

const follow = async (secret = SECRETS.viewer) => {
  const stop = new AbortController();
  const answer = await fetch(`${url}/api/v1/events`, { headers: { 'x-api-key': secret }, signal: stop.signal });
  let text = '';
  let ended = false;
  const read = async () => {
    for await (const chunk of answer.body ?? []) text += new TextDecoder().decode(chunk);
  };
  const reading = read()
    .catch(() => undefined)
    .finally(() => {
      ended = true;
    });
  return { answer, text: () => text, ended: () => ended, stop: () => stop.abort(), reading };
};
const run = (id: string, state: 'queued' | 'running') =>
  gateway.database.client().trainingRun.upsert({
    where: { id },
    create: { id, modelName: 'heart-disease', data: {}, request: {}, requestedBy: 'ada', state },
    update: { state },
  });

it('tells what changes, once for each change, and not what had changed before', async () => {
  const before = randomUUID();
  await run(before, 'queued');
  const one = await follow();
  expect(one.answer.headers.get('content-type')).toContain('text/event-stream');
  expect(one.answer.headers.get('x-request-id')).toBeTruthy();
  const id = randomUUID();
  await run(id, 'queued');
  await eventually(() => expect(one.text()).toContain(id));
  await run(id, 'running');
  await gateway.database.client().alert.create({
    data: {
      alertType: 'drift',
      severity: 'warning',
      title: 't',
      message: 'm',
      dedupKey: 'd',
      modelName: 'heart-disease',
    },
  });
  await eventually(() => expect(one.text()).toContain('event: alert'));
  await eventually(() => expect(one.text()).toContain('"state":"running"'));
  const events = one
    .text()
    .split('\n\n')
    .filter((frame) => frame.startsWith('event:'));
  expect(events.map((frame) => frame.split('\n')[0])).toEqual(
    expect.arrayContaining(['event: training-run', 'event: alert']),
  );
  expect(events.length).toBe(3);
  expect(one.text()).not.toContain(before);
  const data = JSON.parse(events[0]?.split('data: ')[1] ?? '');
  expect(data).toEqual({ id, model: 'heart-disease', state: 'queued', at: expect.stringMatching(/Z$/) });
  one.stop();
  await one.reading;
});

it('keeps as many streams as it may, and no more: 503 overloaded', async () => {
  const streams = [await follow(), await follow()];
  const third = await follow();
  expect(third.answer.status).toBe(503);
  for (const stream of streams) stream.stop();
  await eventually(async () => {
    const next = await follow();
    next.stop();
    expect(next.answer.status).toBe(200);
  });
});

it('needs the role viewer', async () => {
  expect((await follow(SECRETS.predictor)).answer.status).toBe(403);
});

it('does not keep the gateway from closing', async () => {
  const other = await startGateway();
  const where = await other.listen();
  const answer = await fetch(`${where}/api/v1/events`, { headers: { 'x-api-key': SECRETS.viewer } });
  expect(answer.status).toBe(200);
  await other.dispose();
  await expect(answer.text()).resolves.toContain('retry:');
});
