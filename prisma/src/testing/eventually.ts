import { setTimeout as sleep } from 'node:timers/promises';

/** How long and how often {@link eventually} tries. */
export interface EventuallyOptions {
  /** Milliseconds until the last failure is thrown, default 90 000: no limit on speed, only the end of hope. */
  readonly timeoutMs?: number;
  /** Milliseconds between tries, default 25. */
  readonly intervalMs?: number;
}

/**
 * Tries until `attempt` returns without throwing, and returns what it returned. Assertions inside it are the condition:
 * `await eventually(async () => expect(await count()).toBe(3))`.
 *
 * @throws what the last try threw, when the time is over; a try that hangs does not prolong it.
 */
export async function eventually<T>(
  attempt: () => T | Promise<T>,
  { timeoutMs = 90_000, intervalMs = 25 }: EventuallyOptions = {},
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    let failure: unknown;
    const stop = new AbortController();
    const late = sleep(Math.max(0, deadline - Date.now()), undefined, { signal: stop.signal }).then(() => {
      throw new Error(`Not within ${timeoutMs} ms: the last try did not end.`);
    });
    late.catch(() => {}); // lost the race: aborted below
    try {
      return await Promise.race([(async () => attempt())(), late]);
    } catch (error) {
      failure = error;
    } finally {
      stop.abort();
    }
    if (Date.now() + intervalMs >= deadline) throw failure;
    await sleep(intervalMs);
  }
}
