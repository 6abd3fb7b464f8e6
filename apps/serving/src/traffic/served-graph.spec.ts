import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { GraphRefused, HostCutShort } from '../inference/session-host.js';
import { VersionStatistics } from '../inference/version-statistics.js';
import { CircuitBreaker } from '../predict/circuit-breaker.js';
import { ServedGraph } from './served-graph.js';

const SECOND_MS = 1_000;
const HOUR_MS = 3_600 * SECOND_MS;
const TOOK_MS = 30 * SECOND_MS;

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

const limits = { failureThreshold: 1, recoverySeconds: 1, errorThreshold: 1, windowSeconds: 1, minimumCalls: 1 };

/** A graph whose loads take half a minute and end as told, and when each of them began. */
function makeGraph(errorOf: (load: number) => Error) {
  const beganMs: number[] = [];
  const graph = new ServedGraph({
    digest: '',
    readFile: async () => new Uint8Array(),
    breaker: new CircuitBreaker(limits),
    statistics: new VersionStatistics(),
    open: async () => {
      beganMs.push(performance.now());
      jest.advanceTimersByTime(TOOK_MS);
      throw errorOf(beganMs.length);
    },
    onUnloaded: () => undefined,
    waitMs: SECOND_MS,
    waitingRowsMax: 1,
    retryMs: 2 * SECOND_MS,
  });
  return { graph, beganMs };
}

/** Asks for it every second. @returns the pauses between its loads, in seconds */
async function pausesWithin(ms: number, { graph, beganMs }: ReturnType<typeof makeGraph>): Promise<readonly number[]> {
  for (const endMs = performance.now() + ms; performance.now() < endMs; jest.advanceTimersByTime(SECOND_MS)) {
    graph.tryAgain();
    await graph.load().catch(() => undefined); // with the error that `makeGraph` was told to end it with
  }
  return beganMs.slice(1).map((began, index) => Math.round((began - (beganMs[index] ?? 0) - TOOK_MS) / SECOND_MS));
}

it('leaves a graph alone for longer and longer after loads that were cut short, for an hour at most', async () => {
  const pauses = await pausesWithin(
    4 * HOUR_MS,
    makeGraph(() => new HostCutShort('It took too long.')),
  );
  expect(pauses).toEqual([30, 60, 120, 240, 480, 960, 1_920, 3_600, 3_600]);
});

it('begins anew with the shortest of those pauses when something else came between', async () => {
  const errorOf = (load: number) => (load === 3 ? new Error('The registry is away.') : new HostCutShort('Too long.'));
  expect((await pausesWithin(HOUR_MS / 12, makeGraph(errorOf))).slice(0, 4)).toEqual([30, 60, 2, 30]);
});

it('never tries a file again that cannot be served as it is', async () => {
  expect(
    await pausesWithin(
      HOUR_MS,
      makeGraph(() => new GraphRefused('It is no graph.')),
    ),
  ).toEqual([]);
});
