import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { chooseRollbackTarget, type LiveMove } from './choose-rollback-target.js';

const promoted = (to: number): LiveMove => ({ kind: 'promote', to });
const rolledBack = (to: number): LiveMove => ({ kind: 'rollback', to });

it('goes to the version that was live before', () => {
  expect(chooseRollbackTarget([promoted(1), promoted(2)])).toEqual({ target: 1 });
  expect(chooseRollbackTarget([promoted(1), promoted(2), promoted(5)])).toEqual({ target: 2 });
});

// Guards against swinging back and forth: after 3 was rolled away from, "the one before 2" is 1 and not 3.
it('never goes to a version that was itself rolled away from', () => {
  expect(chooseRollbackTarget([promoted(1), promoted(2), promoted(3), rolledBack(2)])).toEqual({ target: 1 });
});

it('steps over everything that a long rollback undid', () => {
  expect(chooseRollbackTarget([promoted(1), promoted(2), promoted(3), rolledBack(1), promoted(4)])).toEqual({
    target: 1,
  });
});

it('says so when there is no live or no earlier version', () => {
  expect(chooseRollbackTarget([])).toEqual({ refusal: 'no-live-version' });
  expect(chooseRollbackTarget([promoted(1)])).toEqual({ refusal: 'nothing-to-roll-back' });
  expect(chooseRollbackTarget([promoted(1), promoted(2), rolledBack(1)])).toEqual({ refusal: 'nothing-to-roll-back' });
});

it('takes a named version that was live once, and no other', () => {
  const history = [promoted(1), promoted(2), promoted(3)];
  expect(chooseRollbackTarget(history, 1)).toEqual({ target: 1 });
  expect(chooseRollbackTarget(history, 3)).toEqual({ refusal: 'is-live' });
  expect(chooseRollbackTarget(history, 4)).toEqual({ refusal: 'was-never-live' });
});

it('lets somebody return on purpose to a version that was rolled away from', () => {
  const history = [promoted(1), promoted(2), rolledBack(1)];
  expect(chooseRollbackTarget(history, 2)).toEqual({ target: 2 });
  expect(chooseRollbackTarget([...history, rolledBack(2)])).toEqual({ target: 1 });
});

it('ends after at most as many steps as there were promotions, and never stays in place', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 0, max: 12 }), (promotions, steps) => {
      const history: LiveMove[] = Array.from({ length: promotions }, (_, index) => promoted(index + 1));
      let live = promotions;
      for (let step = 0; step < steps; step++) {
        const choice = chooseRollbackTarget(history);
        if ('refusal' in choice) return expect([choice.refusal, live]).toEqual(['nothing-to-roll-back', 1]);
        expect(choice.target).toBe(live - 1);
        history.push(rolledBack(choice.target));
        live = choice.target;
      }
      return undefined;
    }),
  );
});
