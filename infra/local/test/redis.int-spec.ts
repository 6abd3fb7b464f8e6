import { startTestRedis, type TestRedis } from '@gimbal/testing';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { admitPatients, expectAllInLog, Ward } from './ward.js';

jest.setTimeout(600_000);
let redis: TestRedis | null;
let ward: Ward | undefined;
beforeAll(async () => {
  redis = await startTestRedis({ durability: 'aof' });
  if (!redis) return;
  ward = await Ward.open({ REDIS_URL: redis.url });
  await ward.trainFirstVersion();
});
afterAll(async () => {
  await ward?.close();
  await redis?.dispose();
});

it('kill -9 of Redis: no prediction fails, nothing acknowledged is lost or doubled', async () => {
  if (!ward || !redis) return; // skipped, with the reason on standard error
  const server = redis;
  expect((await ward.runtime()).queue).toBe('redis');
  const seen = await admitPatients(ward, async () => {
    await server.kill();
    const before = await ward?.answers();
    expect(before).toBe(1);
    await server.restart();
  });
  expect(Object.fromEntries(seen.failed)).toEqual({});
  await expectAllInLog(ward, seen);
});

it('kill -9 of Redis in the middle of a training: exactly one version comes of it', async () => {
  if (!ward || !redis) return; // as above
  const id = await ward.requestTraining({ promote: 'never', seed: 11 });
  await redis.kill();
  await redis.restart();
  expect(await ward.endedTraining(id)).toMatchObject({ state: 'succeeded', outcome: { version: 2 } });
});
