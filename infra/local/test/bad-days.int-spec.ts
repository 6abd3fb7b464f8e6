import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { admitPatients, expectAllInLog, Ward } from './ward.js';

// The built services, as `npm start` runs them: what docs/failure-modes.md promises, taken at its word.
jest.setTimeout(180_000);
let ward: Ward;
beforeAll(async () => {
  ward = await Ward.open();
  await ward.trainFirstVersion();
});
afterAll(() => ward?.close());

describe('kill -9 in the middle of work', () => {
  it.each(['registry', 'training', 'monitoring', 'agent', 'postgres'])(
    '%s: no prediction fails, nothing acknowledged is lost or doubled',
    async (part) => {
      const seen = await admitPatients(ward, () => ward.kill(part));
      expect(seen.failedPredictions).toBe(0);
      await expectAllInLog(ward, seen);
    },
  );

  it.each(['serving', 'gateway'])(
    '%s: it comes back by itself, nothing acknowledged is lost or doubled',
    async (part) => {
      const seen = await admitPatients(ward, () => ward.kill(part));
      expect(seen.predictions.size).toBeGreaterThan(100);
      await expectAllInLog(ward, seen);
    },
  );

  it('everything at once: a second start recovers by itself, nothing acknowledged is lost or doubled', async () => {
    const seen = await admitPatients(ward, async () => {
      await ward.killEverything();
      await ward.start();
    }).catch(() => undefined);
    expect(seen).toBeDefined();
    if (seen) await expectAllInLog(ward, seen);
  });
});

it('stops every child within 15 s of SIGTERM', async () => {
  const { seconds, left } = await ward.stop();
  expect(left).toEqual([]);
  expect(seconds).toBeLessThan(15);
});
