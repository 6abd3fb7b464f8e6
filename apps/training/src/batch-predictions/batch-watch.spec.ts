import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { AskServing } from './ask-serving.js';
import type { ClaimedBatch } from './batch-request.js';
import { BatchWatch } from './batch-watch.js';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

const batch = { id: 'b', waitingFor: null } as ClaimedBatch; // all that is read of it
const LEASE_MS = 15_000;

/** A watch whose signs of life are answered when the test says so. */
function stage() {
  const beats: PromiseWithResolvers<{ isCancelled: boolean }>[] = [];
  const claims = {
    beat: () => {
      const answer = Promise.withResolvers<{ isCancelled: boolean }>();
      beats.push(answer);
      return answer.promise;
    },
  };
  return { watch: new BatchWatch(batch, claims, new AbortController().signal, LEASE_MS), beats };
}

it('asks a database that is slow to answer no second time meanwhile, and goes on afterwards', async () => {
  const { watch, beats } = stage();
  await jest.advanceTimersByTimeAsync(20_000);
  expect(beats.length).toBe(1);
  beats[0]?.resolve({ isCancelled: false });
  await jest.advanceTimersByTimeAsync(1_000);
  expect(beats.length).toBe(2);
  beats[1]?.resolve({ isCancelled: false });
  await watch.close();
});

it('ends the attempt when nothing could be written for a whole lease, but not for one that failed', async () => {
  const { watch, beats } = stage();
  const fail = async () => {
    await jest.advanceTimersByTimeAsync(400);
    beats.at(-1)?.reject(new Error('the database is away'));
    await jest.advanceTimersByTimeAsync(0);
  };
  await fail();
  expect(watch.signal.aborted).toBe(false);
  await jest.advanceTimersByTimeAsync(LEASE_MS);
  await fail();
  expect(watch.signal.aborted).toBe(true);
  await watch.close();
});

it('ends questions that still wait for serving when the attempt ends', async () => {
  const { watch, beats } = stage();
  let asked = 0;
  const serving = {
    predictBatchRows: async () => {
      asked += 1;
      throw new Error('away');
    },
  };
  const asking = new AskServing(serving, { batchPredictionId: 'b', modelName: 'm', version: 1, threshold: 0 }, watch);
  const answer = asking.answer({ firstRow: 1, rows: [{}] });
  const refused = expect(answer).rejects.toThrow();
  await jest.advanceTimersByTimeAsync(0);
  expect(asked).toBe(1);
  const closed = watch.close();
  for (const beat of beats) beat.resolve({ isCancelled: false });
  await closed;
  await refused;
  expect(asked).toBe(1);
});
