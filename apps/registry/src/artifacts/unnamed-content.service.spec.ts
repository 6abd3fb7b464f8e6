import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { UnnamedContent } from './unnamed-content.service.js';

const DIGESTS = Array.from({ length: 100 }, (_, at) => `digest ${at}`);
const CONFIG = { artifactSweep: { graceMs: 0, intervalMs: 1_000 } };

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

/** Over a store that takes `removalMs` for each removal; nobody names anything. */
function removing({
  waitMs,
  removalMs,
  stuck,
}: {
  readonly waitMs: number;
  readonly removalMs: number;
  readonly stuck?: string;
}) {
  const removed: string[] = [];
  const tx = {
    $executeRaw: async () => jest.advanceTimersByTime(waitMs),
    $queryRaw: async () => DIGESTS.map((digest) => ({ digest })),
  };
  const database = { change: (work: (transaction: typeof tx) => Promise<number>) => work(tx) };
  const store = {
    remove: async (digest: string) => {
      jest.advanceTimersByTime(removalMs);
      if (digest === stuck) throw new Error('EPERM');
      removed.push(digest);
      return true;
    },
  };
  const parts = [
    database,
    store,
    CONFIG,
    { info: () => undefined, warn: () => undefined },
  ] as unknown as ConstructorParameters<typeof UnnamedContent>; // as much of each as a removal asks for
  return { unnamed: new UnnamedContent(...parts), removed };
}

it('everything that nobody names goes while there is time', async () => {
  const { unnamed, removed } = removing({ waitMs: 0, removalMs: 10 });
  expect(await unnamed.remove(DIGESTS)).toBe(100);
  expect(removed).toEqual(DIGESTS);
});

// Guards the disk: every sweep begins with the same file that cannot be removed.
it('what the store will not let go does not keep the rest', async () => {
  const { unnamed, removed } = removing({ waitMs: 0, removalMs: 10, stuck: 'digest 0' });
  expect(await unnamed.remove(DIGESTS)).toBe(99);
  expect(removed).toEqual(DIGESTS.slice(1));
});

// Guards content that got a name when the transaction that looked for names had ended: a transaction may last 15 s.
it.each([
  ['a store that is slow', { waitMs: 0, removalMs: 1_000 }, 6],
  ['a long wait for the turn', { waitMs: 14_000, removalMs: 10 }, 0],
])('removing ends well before its transaction does: %s', async (_, pace, most) => {
  const { unnamed, removed } = removing(pace);
  expect(await unnamed.remove(DIGESTS)).toBe(removed.length);
  expect(removed.length).toBe(most);
});
