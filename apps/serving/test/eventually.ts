import { setTimeout as wait } from 'node:timers/promises';

/** Repeats an expectation until it holds; fails with its last failure after ten seconds. */
export async function eventually(expectation: () => unknown): Promise<void> {
  const deadline = performance.now() + 10_000;
  for (;;) {
    try {
      await expectation();
      return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
    await wait(10);
  }
}
