import { expect, it } from '@jest/globals';
import { joinDeployments, type PlanPeriod } from './join-deployments.js';

const at = (hour: number): Date => new Date(Date.UTC(2026, 0, 1, hour));
const period = (hour: number, until: number | null, plan: PlanPeriod['plan']): PlanPeriod => ({
  ...{ plan, revision: hour, from: at(hour), until: until === null ? null : at(until) },
  ...{ reason: `at ${hour}`, by: 'grace' },
});
const shown = (periods: readonly PlanPeriod[]) =>
  joinDeployments(2, periods).map(({ role, percent, from, until, reason }) => [
    ...[role, percent, from.getUTCHours(), until?.getUTCHours() ?? null],
    reason,
  ]);

it('is one deployment while plans change that leave it as it is, by the reason of the first', () => {
  expect(
    shown([period(1, 2, { live: 2 }), period(2, 3, { live: 2, shadow: [3] }), period(3, null, { live: 2 })]),
  ).toEqual([['live', 100, 1, null, 'at 1']]);
});

it('is another one after a pause, and when its share changes', () => {
  const canary = (percent: number) => ({ live: 1, canary: { version: 2, percent } });
  expect(shown([period(1, 2, canary(5)), period(2, 3, canary(20)), period(5, 6, { live: 2 })])).toEqual([
    ['canary', 5, 1, 2, 'at 1'],
    ['canary', 20, 2, 3, 'at 2'],
    ['live', 100, 5, 6, 'at 5'],
  ]);
});

it('may answer in two ways at once', () => {
  const arms = [
    { version: 1, weight: 0.25 },
    { version: 2, weight: 0.75 },
  ];
  expect(shown([period(1, null, { live: 2, ab: { name: 'test', arms } })])).toEqual([
    ['live', 0, 1, null, 'at 1'],
    ['arm', 75, 1, null, 'at 1'],
  ]);
});
