import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { chooseVersion, placeUnit } from './choose-version.js';

const keys = Array.from({ length: 20_000 }, (_, index) => `patient-${index}`);
const share = (plan: Parameters<typeof chooseVersion>[1], version: number) =>
  keys.filter((key) => chooseVersion('m', plan, key) === version).length / keys.length;

it('one unit stays on its side, and only units between the two percentages change it when the canary grows', () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 100 }), (key, left, right) => {
      const [low, high] = [Math.min(left, right), Math.max(left, right)];
      const at = (percent: number) => chooseVersion('m', { live: 1, canary: { version: 2, percent } }, key);
      expect(at(low)).toBe(at(low));
      if (at(low) === 2) expect(at(high)).toBe(2);
    }),
  );
});

it('a canary gets its percent of the units, none at 0 and all at 100', () => {
  const plan = (percent: number) => ({ live: 1, canary: { version: 2, percent } });
  expect(share(plan(10), 2)).toBeCloseTo(0.1, 1.9);
  expect(share(plan(0), 2)).toBe(0);
  expect(share(plan(100), 2)).toBe(1);
});

it('arms get their weights, and one test says nothing of another', () => {
  const ab = (name: string) => ({
    live: 1,
    ab: {
      name,
      arms: [
        { version: 1, weight: 0.5 },
        { version: 2, weight: 0.3 },
        { version: 3, weight: 0.2 },
      ],
    },
  });
  expect([1, 2, 3].map((version) => Math.round(share(ab('x'), version) * 50) / 50)).toEqual([0.5, 0.3, 0.2]);
  const both = keys.filter((key) => chooseVersion('m', ab('x'), key) === 1 && chooseVersion('m', ab('y'), key) === 1);
  expect(both.length / keys.length).toBeCloseTo(0.25, 1.5);
});

it('places are in [0, 1)', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (salt, key) => {
      const place = placeUnit(salt, key);
      expect(place >= 0 && place < 1).toBe(true);
    }),
  );
});

it('without a test or a canary the live version answers, and none when none is live', () => {
  expect(chooseVersion('m', { live: 7 }, 'k')).toBe(7);
  expect(chooseVersion('m', { live: null }, 'k')).toBeNull();
});
