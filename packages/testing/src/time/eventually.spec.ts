import { describe, expect, it } from '@jest/globals';
import { eventually } from './eventually.js';
import { ManualClock } from './manual-clock.js';

describe('eventually', () => {
  it('returns what the first try that does not throw returned', async () => {
    let tries = 0;
    const answer = await eventually(
      () => {
        tries += 1;
        if (tries < 3) throw new Error('not yet');
        return tries;
      },
      { intervalMs: 1 },
    );
    expect(answer).toBe(3);
  });

  it('throws the last failure when the time is over', async () => {
    const never = () => expect('red').toBe('green');
    await expect(eventually(never, { timeoutMs: 20, intervalMs: 5 })).rejects.toThrow(/green/);
  });

  it('does not wait for a try that hangs', async () => {
    await expect(eventually(() => new Promise<void>(() => {}), { timeoutMs: 20 })).rejects.toThrow(/did not end/);
  });
});

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
