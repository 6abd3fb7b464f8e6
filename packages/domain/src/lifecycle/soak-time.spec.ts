import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { measureSoak, SOAK_ROLES, type SoakHistory } from './soak-time.js';

const history = (changes: Partial<SoakHistory>): SoakHistory => ({ version: 2, plans: [], stages: [], ...changes });
const canary = (version: number, percent = 10) => ({ live: 1, canary: { version, percent } });

describe('the time of a trial', () => {
  it('counts from the plan that names the version to the one that does not', () => {
    const plans = [
      { at: 0, value: { live: 1 } },
      { at: 100, value: canary(2) },
      { at: 250, value: canary(3) },
      { at: 400, value: canary(2) },
    ];
    expect(measureSoak(history({ plans }), ['canary'], 1_000)).toBe(150 + 600);
    expect(measureSoak(history({ plans }), ['shadow'], 1_000)).toBe(0);
  });

  it('does not count a share of nothing', () => {
    expect(measureSoak(history({ plans: [{ at: 0, value: canary(2, 0) }] }), ['canary'], 1_000)).toBe(0);
    const ab = {
      name: 'test',
      arms: [
        { version: 1, weight: 1 },
        { version: 2, weight: 0 },
      ],
    };
    expect(measureSoak(history({ plans: [{ at: 0, value: { live: 1, ab } }] }), ['ab'], 1_000)).toBe(0);
  });

  it('counts two roles at once only once', () => {
    const plans = [
      { at: 0, value: { live: 1, shadow: [2] } },
      { at: 500, value: { live: 1 } },
    ];
    const stages = [
      { at: 300, value: 'staging' as const },
      { at: 600, value: 'archived' as const },
    ];
    expect(measureSoak(history({ plans, stages }), ['shadow', 'staging'], 1_000)).toBe(600);
  });

  it('is never longer than the time since the first plan, and never shrinks as time goes on', () => {
    const plan = fc.constantFrom({ live: 1 }, canary(2), { live: 1, shadow: [2] }, { live: 1, shadow: [3] });
    const plans = fc
      .array(fc.record({ at: fc.nat(10_000), value: plan }), { maxLength: 20 })
      .map((list) => list.sort((one, other) => one.at - other.at));
    fc.assert(
      fc.property(plans, fc.nat(10_000), fc.nat(10_000), (list, now, more) => {
        const soaked = measureSoak(history({ plans: list }), SOAK_ROLES, now);
        expect(soaked).toBeGreaterThanOrEqual(0);
        expect(soaked).toBeLessThanOrEqual(Math.max(0, now - (list[0]?.at ?? now)));
        expect(measureSoak(history({ plans: list }), SOAK_ROLES, now + more)).toBeGreaterThanOrEqual(soaked);
      }),
    );
  });
});
