import type { PredictBatchRows, PredictedBatchRows } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import { expect, it } from '@jest/globals';
import { AskServing } from './ask-serving.js';

const asked = {
  batchPredictionId: '01a200c5-e861-7aeb-ae80-0c5f3214c4ff',
  modelName: 'fruit',
  version: 1,
  threshold: 0.5,
};

const answerOf = ({ firstRow, rows }: PredictBatchRows): PredictedBatchRows => ({
  predictionIds: rows.map(() => null),
  predictions: rows.map((_, index) => firstRow + index),
  probabilities: rows.map(() => null),
  classProbabilities: rows.map(() => null),
  refused: [],
});

/** Serving as it answers or fails call by call; what the watch was told. */
function stage(answer: (call: PredictBatchRows, calls: number) => PredictedBatchRows) {
  const told: (string | null)[] = [];
  const stop = new AbortController();
  let calls = 0;
  const serving = { predictBatchRows: async (call: PredictBatchRows) => answer(call, ++calls) };
  const watch = { signal: stop.signal, tellWaiting: async (reason: string | null) => void told.push(reason) };
  return { asking: new AskServing(serving, asked, watch), told, stop, calls: () => calls };
}

it('waits while serving is away or has too much to do, and tells it', async () => {
  const { asking, told } = stage((call, calls) => {
    if (calls === 1) throw new DomainError('service-unavailable', 'away');
    if (calls === 2) throw new DomainError('overloaded', 'too much');
    return answerOf(call);
  });
  expect(await asking.answer({ firstRow: 5, rows: [{}, {}] })).toMatchObject({ predictions: [5, 6] });
  expect(told).toEqual(['serving: service-unavailable', 'serving: overloaded', null]);
});

it('finds the row that makes serving fail, and takes no other one its answer', async () => {
  const { asking } = stage((call) => {
    if (call.rows.includes('bad')) throw new DomainError('internal-error', 'broken');
    return answerOf(call);
  });
  const answered = await asking.answer({ firstRow: 11, rows: ['a', 'b', 'c', 'd', 'bad', 'e', 'f'] });
  expect(answered.predictions).toEqual([11, 12, 13, 14, null, 16, 17]);
  expect(answered.refused).toEqual([
    { index: 4, reason: 'internal-error', message: expect.stringContaining('internal-error') },
  ]);
});

it('asks a slow model about as many rows as it can answer in time, and the next time at once', async () => {
  const tooMany: number[] = [];
  const { asking, calls } = stage((call) => {
    if (call.rows.length <= 10) return answerOf(call);
    tooMany.push(call.rows.length);
    throw new DomainError('timeout', 'late');
  });
  const batchAt = (firstRow: number) => ({ firstRow, rows: Array.from({ length: 100 }, () => ({})) });
  const rowsFrom = (first: number) => Array.from({ length: 100 }, (_, index) => first + index);
  expect((await asking.answer(batchAt(1))).predictions).toEqual(rowsFrom(1));
  expect(tooMany.slice(0, 4)).toEqual([100, 50, 25, 13]);
  const before = { calls: calls(), tooMany: tooMany.length };
  expect((await asking.answer(batchAt(101))).predictions).toEqual(rowsFrom(101));
  expect(Math.max(...tooMany.slice(before.tooMany))).toBeLessThanOrEqual(25);
  expect(calls() - before.calls).toBeLessThan(30);
});

it('ends with the reason of the signal, also while it waits', async () => {
  const { asking, stop } = stage(() => {
    throw new DomainError('service-unavailable', 'away');
  });
  const answer = asking.answer({ firstRow: 1, rows: [{}] });
  stop.abort(new Error('cancelled'));
  await expect(answer).rejects.toThrow(/cancelled|aborted/);
});
