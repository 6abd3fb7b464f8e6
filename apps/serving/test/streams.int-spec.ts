import './native-arrays.js';
import type { PredictCall, PredictRoute } from '@gimbal/contracts';
import { OpenInferAnswer, PredictedRows } from '@gimbal/contracts';
import { eventually } from '@gimbal/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { PredictClient } from './serving-harness.js';
import { makeTaskModels } from './task-models.js';
import { TaskServing } from './task-serving.js';

const models = makeTaskModels();
let serving: TaskServing;
let client: PredictClient;

const ROWS = 2_500;
const rows = Array.from({ length: ROWS }, (_, row) => ({
  size: (row % 20) / 20,
  grade: 3,
  ripe: row % 2,
  colour: 'red',
}));
const tensors = [
  {
    name: 'features',
    datatype: 'FP32',
    shape: [ROWS, 3],
    data: rows.map(({ size, grade, ripe }) => [size, grade, ripe]),
  },
  { name: 'texts', datatype: 'BYTES', shape: [ROWS, 1], data: rows.map(({ colour }) => colour) },
];

const ask = (route: PredictRoute, body: unknown, more: Partial<PredictCall> = {}) =>
  client.send({ route, params: { model: 'weight' }, body: Buffer.from(JSON.stringify(body)), ...more });
const goOn = (cursor: string, more: Partial<PredictCall> = {}) =>
  client.send({
    route: 'predictModelStream',
    params: { model: 'weight' },
    headers: { 'stream-cursor': cursor },
    ...more,
  });
const Results = z.object({ results: z.array(z.unknown()), rows_done: z.int(), rows_total: z.int() });
const textOf = ({ body }: { readonly body: Uint8Array }) => Buffer.from(body).toString();
const eventsOf = (text: string) =>
  text
    .split('\n\n')
    .filter(Boolean)
    .map((event) => ({
      name: /^event: (.*)$/m.exec(event)?.[1],
      data: JSON.parse(/^data: (.*)$/m.exec(event)?.[1] ?? '') as Record<string, unknown>,
    }));

const resultsOf = (data: unknown) => PredictedRows.parse({ results: Results.parse(data).results }).results;

/** Every part of a stream, as long as there is another. */
async function readAll(route: PredictRoute, body: unknown): Promise<string[]> {
  const parts = [await ask(route, body)];
  for (;;) {
    const last = parts.at(-1);
    expect([last?.status, last?.contentType]).toEqual([200, 'text/event-stream; charset=utf-8']);
    const cursor = last?.headers?.['stream-cursor'];
    if (cursor === undefined) return parts.map(textOf);
    parts.push(await client.send({ route, params: { model: 'weight' }, headers: { 'stream-cursor': cursor } }));
  }
}

beforeAll(async () => {
  serving = await TaskServing.start(models, {
    ...{ PREDICT_ROWS_MAX: '100', PREDICT_STREAM_ROWS_MAX: String(ROWS) },
    PREDICT_STREAMS_MAX: '2',
  });
  ({ client } = serving);
});
afterAll(() => serving?.stop());

it('answers more rows than a request may have, some at a time, each as it would be answered alone', async () => {
  const parts = await readAll('predictModelStream', { rows });
  const events = parts.flatMap(eventsOf);
  expect(parts.length).toBe(3);
  expect(events.map(({ name, data }) => [name, data['rows_done'], data['rows_total']])).toEqual([
    ['results', 1_000, ROWS],
    ['results', 2_000, ROWS],
    ['results', ROWS, ROWS],
    ['end', ROWS, ROWS],
  ]);
  const results = events.flatMap(({ name, data }) => (name === 'results' ? resultsOf(data) : []));
  expect(new Set(results.map(({ predictionId }) => predictionId)).size).toBe(ROWS);
  const alone = await client.predictRows(rows.slice(0, 20), { params: { model: 'weight' } });
  const expected = PredictedRows.parse(alone.body).results.map(({ prediction }) => prediction);
  expect(results.map(({ prediction }) => prediction)).toEqual(rows.map((_, row) => expected[row % 20]));
});

it('answers tensors as MLServer streams them: every event an answer, the last one marked', async () => {
  const parts = await readAll('openInferStream', { id: 'mine', inputs: tensors });
  const events = parts.flatMap(eventsOf);
  expect(events.map(({ name }) => name)).toEqual([undefined, undefined, undefined]);
  const answers = events.map(({ data }) => OpenInferAnswer.parse(data));
  expect(answers.map(({ id, outputs }) => [id, outputs[0]?.shape])).toEqual([
    ['mine', [1_000]],
    ['mine', [1_000]],
    ['mine', [500]],
  ]);
  expect(answers.map(({ parameters }) => parameters['triton_final_response'])).toEqual([false, false, true]);
  expect(answers.at(-1)?.parameters).toMatchObject({ rows_done: ROWS, rows_total: ROWS });
});

it('is one event, and nothing is held, when the rows are few', async () => {
  for (let round = 0; round < 5; round++)
    expect((await readAll('predictModelStream', { rows: rows.slice(0, 3) })).length).toBe(1);
});

describe('refuses as a plain answer, before anything is computed,', () => {
  it.each<[string, PredictRoute, unknown, number]>([
    ['a row at the end that is wrong', 'predictModelStream', { rows: [...rows.slice(1), { size: 'big' }] }, 400],
    ['more rows than a stream may have', 'predictModelStream', { rows: [...rows, ...rows] }, 400],
    ['binary outputs', 'openInferStream', { inputs: tensors, parameters: { binary_data_output: true } }, 400],
    ['a version that is not there', 'predictModelStream', { rows, version: 7 }, 404],
  ])('%s', async (_what, route, body, status) => {
    const answer = await ask(route, body);
    expect([answer.status, answer.headers?.['stream-cursor']]).toEqual([status, undefined]);
    expect(z.object({}).parse(JSON.parse(textOf(answer)))).toBeDefined();
  });
});

it('keeps so many streams open and no more; one that is ended makes room', async () => {
  const cursors: string[] = [];
  for (let stream = 0; stream < 2; stream++) {
    const { headers } = await ask('predictModelStream', { rows });
    cursors.push(headers?.['stream-cursor'] ?? '');
  }
  const refused = await ask('predictModelStream', { rows });
  expect([refused.status, refused.retryAfterSeconds]).toEqual([503, 1]);
  const end = { headers: { 'stream-cursor': cursors[0] ?? '', 'stream-end': '1' } };
  expect((await client.send({ route: 'predictModelStream', params: { model: 'weight' }, ...end })).status).toBe(200);
  const another = await ask('predictModelStream', { rows });
  expect(another.status).toBe(200);
  for (const cursor of [cursors[1], another.headers?.['stream-cursor']])
    await goOn(cursor ?? '', { headers: { 'stream-cursor': cursor ?? '', 'stream-end': '1' } });
});

it('gives a part once, to the key that began the stream', async () => {
  const cursor = (await ask('predictModelStream', { rows })).headers?.['stream-cursor'] ?? '';
  expect((await goOn(cursor, { keyId: 'key-2' })).status).toBe(504);
  const next = await goOn(cursor);
  expect(next.status).toBe(200);
  expect((await goOn(cursor)).status).toBe(504);
  expect((await goOn(next.headers?.['stream-cursor'] ?? '')).status).toBe(200);
});

it('is answered to its end by the version that began, whatever is promoted meanwhile', async () => {
  const [old] = models.filter(({ name }) => name === 'weight');
  if (!old) throw new Error('there is a model of weights');
  const { digest, signature, threshold } = old;
  const begun = await ask('predictModelStream', { rows });
  const versions = [1, 2].map((version) =>
    serving.registry.version('weight', version, digest, { signature, threshold }),
  );
  serving.registry.put('weight', { live: 2, shadow: [1] }, versions);
  await eventually(async () => {
    const { body } = await client.predictRows(rows.slice(0, 1), { params: { model: 'weight' } });
    expect(PredictedRows.parse(body).results[0]?.modelVersion).toBe(2);
  });
  const next = await goOn(begun.headers?.['stream-cursor'] ?? '');
  const [event] = eventsOf(textOf(next));
  expect(resultsOf(event?.data)[0]?.modelVersion).toBe(1);
  serving.registry.put('weight', { live: 2 }, versions.slice(1));
  await eventually(async () => {
    const { status } = await client.predictRows(rows.slice(0, 1), { version: 1, params: { model: 'weight' } });
    expect(status).toBe(404);
  });
  expect((await goOn(next.headers?.['stream-cursor'] ?? '')).status).toBe(404);
  expect((await readAll('predictModelStream', { rows })).length).toBe(3);
});
