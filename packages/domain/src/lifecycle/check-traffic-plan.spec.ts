import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkTrafficPlan, type TrafficFacts, type TrafficSplit } from './check-traffic-plan.js';
import { planAfterMove, versionsInPlan } from './plan-after-move.js';

const facts: TrafficFacts = { live: 1, versions: new Set([1, 2, 3, 4]), mayAnswer: new Set([1, 2, 3]) };
const paths = (plan: TrafficSplit, about: TrafficFacts = facts) =>
  checkTrafficPlan(plan, about).map(({ path }) => path);
const arms = (...pairs: readonly (readonly [version: number, weight: number])[]) => ({
  name: 'trial',
  arms: pairs.map(([version, weight]) => ({ version, weight })),
});

it('takes a plain plan, a canary, an A/B test and shadows', () => {
  expect(paths({ live: 1 })).toEqual([]);
  expect(paths({ live: 1, canary: { version: 2, percent: 5 }, shadow: [3, 4] })).toEqual([]);
  expect(paths({ live: 1, ab: arms([1, 0.1], [2, 0.2], [3, 0.7]) })).toEqual([]);
});

it('refuses weights that do not sum to 1, are negative, or are not numbers', () => {
  expect(paths({ live: 1, ab: arms([1, 0.5], [2, 0.4]) })).toEqual(['ab.arms']);
  expect(paths({ live: 1, ab: arms([1, 1.5], [2, -0.5]) })).toEqual(['ab.arms.0.weight', 'ab.arms.1.weight']);
  expect(paths({ live: 1, ab: arms([1, Number.NaN], [2, 0.5]) })).toEqual(['ab.arms.0.weight', 'ab.arms']);
});

it('takes any shares of a whole, however they are rounded', () => {
  const shares = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 2, maxLength: 4 });
  fc.assert(
    fc.property(shares, (parts) => {
      const total = parts.reduce((sum, part) => sum + part, 0);
      const plan = { live: 1, ab: arms(...parts.map((part, index) => [index + 1, part / total] as const)) };
      expect(paths(plan, { ...facts, mayAnswer: facts.versions })).toEqual([]);
    }),
  );
});

it('refuses versions that do not exist', () => {
  expect(paths({ live: 1, canary: { version: 9, percent: 5 } })).toEqual(['canary.version']);
  expect(paths({ live: 1, ab: arms([1, 0.5], [9, 0.5]) })).toEqual(['ab.arms.1.version']);
  expect(paths({ live: 1, shadow: [9] })).toEqual(['shadow.0']);
});

// Guards the gate: a canary of 100 percent must not be a way around it.
it('lets no version answer that the gate did not admit', () => {
  expect(paths({ live: 1, canary: { version: 4, percent: 1 } })).toEqual(['canary.version']);
  expect(paths({ live: 1, ab: arms([1, 0.5], [4, 0.5]) })).toEqual(['ab.arms.1.version']);
  expect(paths({ live: 1, shadow: [4] })).toEqual([]);
});

it('does not move live', () => {
  expect(paths({ live: 2 })).toEqual(['live']);
  expect(paths({ live: null })).toEqual(['live']);
});

it('splits nothing when nothing is live', () => {
  const none = { ...facts, live: null };
  expect(paths({ live: null }, none)).toEqual([]);
  expect(paths({ live: null, shadow: [2] }, none)).toEqual(['live']);
});

it('gives each version one role', () => {
  expect(paths({ live: 1, canary: { version: 1, percent: 5 } })).toEqual(['canary.version']);
  expect(paths({ live: 1, canary: { version: 2, percent: 5 }, shadow: [2, 3, 3, 1] })).toEqual([
    'shadow.0',
    'shadow.2',
    'shadow.3',
  ]);
  expect(paths({ live: 1, ab: arms([2, 0.5], [2, 0.5]) })).toEqual(['ab.arms']);
  expect(paths({ live: 1, canary: { version: 2, percent: 5 }, ab: arms([1, 0.5], [3, 0.5]) })).toEqual(['canary']);
});

it('reports every fault at once', () => {
  expect(paths({ live: 2, canary: { version: 9, percent: 101 }, shadow: [9] })).toEqual([
    'live',
    'canary.version',
    'canary.percent',
    'shadow.0',
  ]);
});

it('ends canary and A/B test when live moves, and keeps the shadows', () => {
  expect(planAfterMove({ live: 1, canary: { version: 2, percent: 5 }, shadow: [2, 3] }, 2)).toEqual({
    live: 2,
    shadow: [3],
  });
  expect(planAfterMove({ live: 1, ab: arms([1, 0.5], [2, 0.5]) }, 2)).toEqual({ live: 2 });
});

it('lists the versions of a plan once each', () => {
  expect(versionsInPlan({ live: 3, shadow: [4, 2], ab: arms([3, 0.5], [1, 0.5]) })).toEqual([1, 2, 3, 4]);
  expect(versionsInPlan({ live: null })).toEqual([]);
});
