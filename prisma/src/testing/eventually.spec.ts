import { describe, expect, it } from '@jest/globals';
import { eventually } from './eventually.js';

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
