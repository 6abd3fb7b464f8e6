import type { PredictCall } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import { eventually } from '@gimbal/testing';
import { expect, it } from '@jest/globals';
import type { Inferred, PredictService, Question } from '../../predict/predict.service.js';
import { RowReader } from '../../predict/row-reader.js';
import type { ServedVersion } from '../../traffic/served-models.js';
import { PredictionStreams } from './prediction-streams.js';

const input = { name: 'x', type: 'number', description: '', allowed: null, range: null } as const;
const reader = new RowReader({
  ...{ task: 'regression', target: 'y', codings: {} },
  inputs: [{ ...input, missing: 'refused', trainingRange: null }],
});
const version = { reader, planned: { version: 7 } } as unknown as ServedVersion; // what a stream looks at
const rows = Array.from({ length: 2_500 }, (_, x) => ({ x }));

const call = (headers: PredictCall['headers'] = {}): PredictCall => ({
  ...{ route: 'predictModelStream', params: {}, query: [], trafficKey: null, keyId: 'k', requestId: 'r' },
  ...{ headers, body: new Uint8Array() },
});

/** Reads rows as serving does and computes nothing; fails when it is told to. */
function makeStreams(idleMs: number) {
  const asked: { version: number | undefined; first: number | undefined; count: number }[] = [];
  const state = { fails: false };
  const service: Pick<PredictService, 'infer'> = {
    infer: async (read) => {
      const question = read();
      const own = question.rowsOf(version);
      asked.push({ version: question.version, first: own.values[0], count: own.count });
      if (state.fails) throw new DomainError('no-model-available', 'It is gone.');
      return { version, read: own } as unknown as Inferred; // what a stream looks at
    },
  };
  const streams = new PredictionStreams({ service, streamsMax: 1, idleMs });
  const read = (): Question => ({
    ...{ modelName: 'm', version: undefined },
    rowsOf: ({ reader: own }) => own.read(rows, 'rows.', undefined),
  });
  const show = () => 'data: {}\n\n';
  const answer = (headers?: PredictCall['headers']) => streams.answer(call(headers), () => ({ read, show }));
  const cursorOf = async (headers?: PredictCall['headers']) => (await answer(headers)).headers?.['stream-cursor'] ?? '';
  return { asked, state, answer, cursorOf };
}

it('asks for the rows one after the other, all of the version that answered first', async () => {
  const { asked, cursorOf } = makeStreams(60_000);
  const second = await cursorOf({ 'stream-cursor': await cursorOf() });
  expect(await cursorOf({ 'stream-cursor': second })).toBe('');
  expect(asked).toEqual([
    { version: undefined, first: 0, count: 1_000 },
    { version: 7, first: 1_000, count: 1_000 },
    { version: 7, first: 2_000, count: 500 },
  ]);
});

it('drops what nobody comes for, and has room for another stream', async () => {
  const { answer, cursorOf } = makeStreams(20);
  const cursor = await cursorOf();
  await expect(answer()).rejects.toMatchObject({ code: 'overloaded' });
  await eventually(async () => expect((await answer()).status).toBe(200));
  await expect(answer({ 'stream-cursor': cursor })).rejects.toMatchObject({ code: 'timeout' });
});

it('has room again after a stream that failed, at its beginning or on its way', async () => {
  const { state, answer, cursorOf } = makeStreams(60_000);
  state.fails = true;
  await expect(answer()).rejects.toMatchObject({ code: 'no-model-available' });
  state.fails = false;
  const cursor = await cursorOf();
  state.fails = true;
  await expect(answer({ 'stream-cursor': cursor })).rejects.toMatchObject({ code: 'no-model-available' });
  state.fails = false;
  expect((await answer()).status).toBe(200);
});
