import { DomainError } from '@gimbal/domain';
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { retryPauseMs } from './retry-pause.js';

const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const backoffMs = fc.integer({ min: 1, max: 5_000 });
const refused = (retryAfterSeconds: number) => new DomainError('circuit-open', 'left alone', { retryAfterSeconds });

it('is at least as long as the refusal says, and never longer than half a minute', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 999_999_999 }), backoffMs, chance, (seconds, own, luck) => {
      const pauseMs = retryPauseMs(refused(seconds), own, luck);
      expect(pauseMs).toBeGreaterThanOrEqual(Math.min(30_000, 1_000 * seconds));
      expect(pauseMs).toBeLessThanOrEqual(30_000);
    }),
  );
});

it('is about the backoff where nothing is said', () => {
  fc.assert(
    fc.property(backoffMs, chance, fc.constantFrom(refused(0), new Error('broken')), (own, luck, error) => {
      const pauseMs = retryPauseMs(error, own, luck);
      expect(pauseMs).toBeGreaterThanOrEqual(0.75 * own);
      expect(pauseMs).toBeLessThanOrEqual(1.25 * own);
    }),
  );
});
