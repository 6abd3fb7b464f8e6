import { expect, it } from '@jest/globals';
import { judgeRetention, type RetainedVersion, type RetentionUse } from './judge-retention.js';

const NOW = new Date('2026-06-30T00:00:00Z');
const old = (version: number, ...uses: RetentionUse[]): RetainedVersion => ({
  ...{ version, uses, createdAt: new Date('2026-01-01T00:00:00Z') },
});
const judge = (versions: readonly RetainedVersion[], keepVersions: number, keepDays = 0) =>
  Object.fromEntries(judgeRetention(versions, { keepVersions, keepDays }, NOW));

it('keeps the newest by number, however they are listed', () => {
  expect(judge([old(2), old(3), old(1)], 2)).toEqual({ 1: [], 2: ['newest'], 3: ['newest'] });
});

it('keeps what is not older than the days, to the day', () => {
  const at = (time: string) => ({ ...old(1), createdAt: new Date(time) });
  expect(judge([at('2026-06-20T00:00:00Z'), old(2)], 1, 10)[1]).toEqual(['recent']);
  expect(judge([at('2026-06-19T23:59:59Z'), old(2)], 1, 10)[1]).toEqual([]);
});

it('keeps what is used, whatever the policy says, and names every reason', () => {
  expect(judge([old(1, 'alias', 'parent'), old(2, 'live')], 1)).toEqual({
    1: ['alias', 'parent'],
    2: ['newest', 'live'],
  });
});

// Guards against a policy that would empty a model.
it('keeps the last version even of a policy that keeps none', () => {
  expect(judge([old(1), old(2)], 0)).toEqual({ 1: [], 2: ['newest'] });
});
