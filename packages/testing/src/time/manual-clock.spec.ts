import { describe, expect, it } from '@jest/globals';
import { ManualClock } from './manual-clock.js';

describe('ManualClock', () => {
  it('moves only when it is told to', () => {
    const clock = new ManualClock('2026-01-01T00:00:00Z');
    clock.now().setFullYear(1999);
    clock.advance(1_500);
    expect(clock.now().toISOString()).toBe('2026-01-01T00:00:01.500Z');
    expect(() => clock.advance(-1)).toThrow(RangeError);
    clock.moveTo('2025-12-31T00:00:00Z');
    expect(clock.now().toISOString()).toBe('2025-12-31T00:00:00.000Z');
  });
});
