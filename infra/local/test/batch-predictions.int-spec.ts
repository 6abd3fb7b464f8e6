import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { GimbalClient } from '@gimbal/client';
import type { BatchPrediction } from '@gimbal/contracts';
import { eventually } from '@gimbal/testing';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { ROOT, Ward } from './ward.js';

jest.setTimeout(600_000);
const run = promisify(execFile);
const CLI = join(ROOT, 'packages/client/dist/main.js');

/** Slow enough that work is met in the middle, and a lease that nobody waits for long. */
const SLOW = {
  BATCH_PREDICTION_RATE: '4000',
  BATCH_PREDICTIONS_PER_KEY: '3',
  TRAINING_LEASE: '3000',
  TRAINING_RECOVERY_INTERVAL: '500',
};
const FRUITS = ['apple', 'lemon', 'melon'];

let ward: Ward;
let operator: GimbalClient;

interface Fruit {
  readonly id: string;
  readonly weight: number;
  readonly colour: number;
  readonly fruit: string;
}

const pickFruit = (count: number): Fruit[] =>
  Array.from({ length: count }, (_, i) => ({
    id: `n${i}`,
    weight: 100 + 100 * (i % 3) + ((i * 37) % 90) + (i % 17 === 0 ? 40 : 0),
    colour: (i % 3) + ((i * 13) % 10) / 10,
    fruit: FRUITS[i % 3] ?? '',
  }));
const toCsv = (rows: readonly object[]): string =>
  [Object.keys(rows[0] ?? {}).join(','), ...rows.map((row) => Object.values(row).join(','))].join('\n');

function formOf(metadata: object, content: string | ArrayBuffer, name: string): FormData {
  const form = new FormData();
  form.append('metadata', new Blob([JSON.stringify(metadata)], { type: 'application/json' }));
  form.append('file', new Blob([content]), name);
  return form;
}

async function train(name: string, table: string, target: string | null, algorithm?: string): Promise<void> {
  const metadata = { name, ...(target === null ? { definition: { columns: [], target: null } } : { target }) };
  await operator.upload('addDataset', {}, formOf(metadata, table, `${name}.csv`));
  await trainAgain(name, algorithm);
}

/** @returns the version */
async function trainAgain(name: string, algorithm?: string): Promise<number> {
  const body = { dataset: name, ...(algorithm !== undefined && { algorithms: [algorithm] }) };
  const { trainingRunId } = await operator.call('retrain', { body });
  const run = await ward.endedTraining(trainingRunId);
  expect({ state: run.state, error: run.error }).toEqual({ state: 'succeeded', error: null });
  const version = run.outcome?.version ?? 0;
  const { liveVersion } = await operator.call('getModel', { params: { model: name } });
  if (liveVersion !== version)
    await operator.call('promoteVersion', {
      params: { model: name, version },
      body: {
        stage: 'production',
        expected_live_version: liveVersion,
        decision_id: crypto.randomUUID(),
        reason: 'test',
      },
    });
  return version;
}

async function submit(metadata: object, content: string | ArrayBuffer, name = 'rows.csv'): Promise<string> {
  return (await operator.upload('createBatchPrediction', {}, formOf(metadata, content, name))).batchPredictionId;
}

const look = (id: string): Promise<BatchPrediction> => operator.call('getBatchPrediction', { params: { id } });
const ended = (id: string): Promise<BatchPrediction> =>
  eventually(
    async () => {
      const batch = await look(id);
      expect(['queued', 'running']).not.toContain(batch.state);
      return batch;
    },
    { timeoutMs: 120_000, intervalMs: 100 },
  );
const reach = (id: string, rows: number): Promise<void> =>
  eventually(async () => expect((await look(id)).rowsDone).toBeGreaterThanOrEqual(rows), {
    timeoutMs: 60_000,
    intervalMs: 50,
  });

/** What the command line prints. */
async function type(...args: readonly string[]) {
  const env = { ...process.env, GIMBAL_URL: '', GIMBAL_API_KEY: '' };
  const { stdout } = await run(process.execPath, [CLI, '--home', ward.home, ...args], { env });
  return JSON.parse(stdout);
}

type Row = Record<string, string>;
async function resultOf(id: string): Promise<Row[]> {
  return parse(await operator.call('getBatchPredictionResult', { params: { id } }), { columns: true });
}

/** Every prediction of a result is in the log, once, and the log has no other of this batch: all have the time of its id. */
async function expectLoggedOnce(model: string, id: string, rows: readonly Row[]): Promise<void> {
  const wanted = rows.flatMap(({ prediction_id: predicted }) => predicted || []).sort();
  const time = Number.parseInt(id.replace('-', '').slice(0, 12), 16);
  const [from, until] = [new Date(time - 1).toISOString(), new Date(time + 1).toISOString()];
  await eventually(
    async () => {
      const found: string[] = [];
      for await (const logged of operator.each('listPredictions', { query: { model, from, until, limit: '1000' } }))
        found.push(logged.id);
      expect(found.length).toBe(wanted.length);
      expect(found.sort()).toEqual(wanted);
    },
    { timeoutMs: 120_000, intervalMs: 500 },
  );
}

const numbersOf = (rows: readonly Row[]): number[] => rows.map(({ row }) => Number(row));
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

beforeAll(async () => {
  ward = await Ward.open(SLOW);
  operator = await ward.client('operator');
  await train('fruit', toCsv(pickFruit(300).map(({ id: _, ...row }) => row)), 'fruit', 'logistic-regression');
});
afterAll(() => ward?.close());

describe('a batch prediction', () => {
  it('answers each row of a CSV file in its order, tells what is wrong with bad ones, and passes columns on', async () => {
    const rows = pickFruit(1_000).map((row, i) => ({
      ...row,
      weight: i % 100 === 7 ? 'heavy' : row.weight,
      unknown: 1,
    }));
    const id = await submit({ model: 'fruit', include: ['id'] }, toCsv(rows));
    const batch = await ended(id);
    expect(batch).toMatchObject({
      ...{ state: 'succeeded', modelVersion: 1, rowsTotal: 1_000, rowsDone: 1_000, rowsFailed: 10, progress: 1 },
      failures: [
        {
          reason: 'wrong-type',
          rows: 10,
          examples: expect.arrayContaining([{ row: 8, message: expect.stringContaining('weight') }]),
        },
      ],
    });
    const result = await resultOf(id);
    expect(numbersOf(result)).toEqual(upTo(1_000));
    expect(result.map((row) => row['id'])).toEqual(rows.map((row) => row.id));
    result.forEach((row, i) => {
      if (i % 100 === 7)
        expect(row).toMatchObject({
          prediction_id: '',
          prediction: '',
          error: expect.stringContaining('weight must be a number'),
        });
      else expect(row).toMatchObject({ error: '', probability: row[`probability_${row['prediction']}`] });
    });
    const right = result.filter((row, i) => row['prediction'] === rows[i]?.fruit).length;
    expect(right).toBeGreaterThan(900);
    await expectLoggedOnce('fruit', id, result);
  });

  it('answers a Parquet file as it answers the same rows one by one', async () => {
    const rows = pickFruit(500);
    const content = parquetWriteBuffer({
      columnData: [
        { name: 'colour', data: rows.map((row) => row.colour), type: 'DOUBLE' },
        { name: 'id', data: rows.map((row) => row.id), type: 'STRING' },
        { name: 'weight', data: rows.map((row, i) => (i === 3 ? null : row.weight)), type: 'DOUBLE' },
      ],
      rowGroupSize: 120,
    });
    const id = await submit({ model: 'fruit', include: ['id'], format: 'ndjson' }, content, 'rows.parquet');
    expect(await ended(id)).toMatchObject({ state: 'succeeded', rowsDone: 500, rowsFailed: 0 });
    const text = await operator.call('getBatchPredictionResult', { params: { id } });
    const result = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const asked = rows.map(({ weight, colour }, i) => ({ weight: i === 3 ? null : weight, colour }));
    const { results } = (await operator.predict('/api/v1/models/fruit/predict', { rows: asked })) as {
      results: { prediction: string; probability: number; probabilities: object }[];
    }; // the route's own answer
    expect(result.map(({ row, id: name }) => [row, name])).toEqual(rows.map((row, i) => [i + 1, row.id]));
    expect(
      result.map(({ prediction, probability, probabilities }) => ({ prediction, probability, probabilities })),
    ).toEqual(
      results.map(({ prediction, probability, probabilities }) => ({ prediction, probability, probabilities })),
    );
  });

  it('takes the rows of a dataset, once per Idempotency-Key', async () => {
    const body = { model: 'fruit', dataset: 'fruit@1' };
    const first = await operator.call('createBatchPrediction', { body, idempotencyKey: 'monday' });
    const again = await operator.call('createBatchPrediction', { body, idempotencyKey: 'monday' });
    expect(again).toEqual(first);
    expect(await ended(first.batchPredictionId)).toMatchObject({
      state: 'succeeded',
      dataset: 'fruit@1',
      rowsDone: 300,
    });
  });

  it.each([
    [
      'a wrong header',
      'mass,colour\n1,2\n',
      'rows.csv: the columns weight are not in the file, which has mass, colour.',
    ],
    [
      'a quote that is never closed',
      'weight,colour\n1,2\n1,"2\n3,4\n',
      'line 3, column colour: a quote is never closed',
    ],
    ['rows of another length', 'weight,colour\n1,2\n1,2,3\n', 'line 3: 3 cells where 2 columns are expected'],
    ['what is no table', Buffer.from([0, 1, 2, 255, 254, 0, 10]).toString('latin1'), 'zero bytes'],
    ['a Parquet file that was cut', 'PAR1 and then nothing', 'it was cut'],
  ])('fails before any row is predicted for %s', async (_, content, message) => {
    const batch = await ended(await submit({ model: 'fruit' }, content));
    expect(batch).toMatchObject({
      state: 'failed',
      rowsDone: 0,
      error: { code: 'dataset-invalid', message: expect.stringContaining(message) },
    });
    await expect(resultOf(batch.id)).rejects.toMatchObject({ status: 409 });
  });

  it('is refused at once for a model that is not there, a column name that is taken, and a key with too many under way', async () => {
    await expect(submit({ model: 'nobody' }, 'a\n1\n')).rejects.toMatchObject({ status: 404, code: 'model-not-found' });
    await expect(submit({ model: 'fruit', include: ['row'] }, 'a\n1\n')).rejects.toMatchObject({ status: 400 });
    const ids = await Promise.all([1, 2, 3].map(() => submit({ model: 'fruit' }, toCsv(pickFruit(20_000)))));
    await expect(submit({ model: 'fruit' }, toCsv(pickFruit(1)))).rejects.toMatchObject({ status: 429 });
    for (const id of ids) await operator.call('cancelBatchPrediction', { params: { id } });
    for (const id of ids) expect(await ended(id)).toMatchObject({ state: 'cancelled' });
  });

  it('is begun, waited for, fetched and removed on the command line, and no other key that predicts sees it', async () => {
    const rows = pickFruit(200);
    const [file, out] = [join(ward.home, 'rows.csv'), join(ward.home, 'result.csv')];
    await writeFile(file, toCsv(rows));
    const { id, state } = await type('batch-predict', 'fruit', file, '--include', 'id', '--out', out);
    expect(state).toBe('succeeded');
    const result: Row[] = parse(await readFile(out), { columns: true });
    expect(result.map((row) => row['id'])).toEqual(rows.map((row) => row.id));
    const idsOf = ({ items }: { items: { id: string }[] }) => items.map((item) => item.id);
    expect(idsOf(await type('batches'))).toContain(id);

    const admin = await ward.client('admin');
    const { secret } = await admin.call('createApiKey', { body: { name: 'another', roles: ['predictor'] } });
    const other = new GimbalClient({ url: (await ward.runtime()).gateway, apiKey: secret });
    expect(idsOf(await other.call('listBatchPredictions', {}))).toEqual([]);
    for (const name of ['getBatchPrediction', 'getBatchPredictionResult', 'deleteBatchPrediction'] as const)
      await expect(other.call(name, { params: { id } })).rejects.toMatchObject({ status: 404 });

    await type('batch-delete', id);
    expect(idsOf(await operator.call('listBatchPredictions', {}))).not.toContain(id);
  });

  it('stops where it is when it is cancelled, has no result, and can be removed', async () => {
    const id = await submit({ model: 'fruit' }, toCsv(pickFruit(200_000)));
    await reach(id, 1);
    await expect(operator.call('deleteBatchPrediction', { params: { id } })).rejects.toMatchObject({ status: 409 });
    await operator.call('cancelBatchPrediction', { params: { id } });
    const batch = await ended(id);
    expect(batch).toMatchObject({ state: 'cancelled', error: { code: 'batch-prediction-cancelled' } });
    expect(batch.rowsDone).toBeLessThan(100_000); // 25 s of work at its rate
    await expect(resultOf(id)).rejects.toMatchObject({ status: 409 });
    await operator.call('deleteBatchPrediction', { params: { id } });
    await expect(look(id)).rejects.toMatchObject({ status: 404, code: 'batch-prediction-not-found' });
  });
});

describe('on a bad day', () => {
  it('goes on after kill -9 of the worker, twice, with each row once in the result and in the log', async () => {
    const rows = pickFruit(24_000);
    const id = await submit({ model: 'fruit', include: ['id'] }, toCsv(rows));
    for (const place of [4_000, 14_000]) {
      await reach(id, place);
      await ward.kill('training');
    }
    expect(await ended(id)).toMatchObject({ state: 'succeeded', rowsDone: 24_000, rowsFailed: 0 });
    const result = await resultOf(id);
    expect(numbersOf(result)).toEqual(upTo(24_000));
    expect(result.map((row) => row['id'])).toEqual(rows.map((row) => row.id));
    await expectLoggedOnce('fruit', id, result);
  });

  it('waits while serving is away, says so, and goes on', async () => {
    const id = await submit({ model: 'fruit' }, toCsv(pickFruit(16_000)));
    await reach(id, 2_000);
    const comeBack = await ward.keepAway('serving');
    await eventually(async () => expect((await look(id)).waitingFor).toMatch(/^serving: /), { timeoutMs: 30_000 });
    await comeBack();
    expect(await ended(id)).toMatchObject({ state: 'succeeded', rowsDone: 16_000, rowsFailed: 0, waitingFor: null });
    const result = await resultOf(id);
    expect(numbersOf(result)).toEqual(upTo(16_000));
    await expectLoggedOnce('fruit', id, result);
  });

  it('never mixes versions: a version that goes away in the middle ends the work with the reason', async () => {
    const id = await submit({ model: 'fruit' }, toCsv(pickFruit(400_000)));
    await reach(id, 1_000);
    expect(await trainAgain('fruit', 'random-forest')).toBe(2);
    await reach(id, (await look(id)).rowsDone + 12_000); // the version that was live before still answers
    expect(await trainAgain('fruit', 'logistic-regression')).toBe(3);
    const batch = await ended(id);
    expect(batch).toMatchObject({
      state: 'failed',
      modelVersion: 1,
      error: { code: 'version-not-found', message: expect.stringContaining('Version 1 of fruit') },
    });
    await expect(resultOf(id)).rejects.toMatchObject({ status: 409 });
  });

  it('reads a file that is larger than its memory', async () => {
    const note = 'x'.repeat(30_000);
    const lines = pickFruit(10_000).map(({ weight, colour }) => `${weight},${colour},${note}\n`);
    const file = new Blob(['weight,colour,note\n', ...lines]);
    expect(file.size).toBeGreaterThan(300_000_000);
    const before = await peakKib();
    const form = formOf({ model: 'fruit' }, '', 'large.csv');
    form.set('file', file, 'large.csv');
    const { batchPredictionId: id } = await operator.upload('createBatchPrediction', {}, form);
    expect(await ended(id)).toMatchObject({ state: 'succeeded', rowsDone: 10_000, rowsFailed: 0 });
    expect((await peakKib()) - before).toBeLessThan(150 * 1_024);
  });
});

/** The most memory that training has ever held. */
async function peakKib(): Promise<number> {
  const { services } = await ward.runtime();
  const status = await readFile(`/proc/${services['training']?.pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]);
}

describe('of every task', () => {
  const people = Array.from({ length: 200 }, (_, i) => ({
    age: 20 + ((i * 7) % 60),
    member: i % 2 === 0,
    city: ['Rome', 'Oslo', 'Lima'][i % 3],
    spent: 100 + 3 * ((i * 7) % 60) + (i % 5),
    bought: (i * 7) % 60 > 30 ? 'yes' : 'no',
  }));
  const words = ['open my account', 'send money to a friend', 'lost my card today'];
  const texts = Array.from({ length: 150 }, (_, i) => ({
    query: `${words[i % 3]} please ${['now', 'soon', 'today', 'again', 'quickly'][(i * 3) % 5]} number ${i}`,
    intent: ['open', 'send', 'lost'][i % 3],
  }));

  it('gives what the task gives', async () => {
    await train('shop', toCsv(people.map(({ spent: _, ...row }) => row)), 'bought', 'logistic-regression');
    await train('spend', toCsv(people.map(({ bought: _, ...row }) => row)), 'spent', 'ridge-regression');
    await train('odd', toCsv(people.map(({ age, spent }) => ({ age, spent }))), null);
    await train('bank', toCsv(texts), 'intent');
    const columns = async (model: string, rows: readonly object[]) => {
      const id = await submit({ model }, toCsv(rows));
      expect(await ended(id)).toMatchObject({ state: 'succeeded', rowsFailed: 0, rowsDone: rows.length });
      const result = await resultOf(id);
      expect(numbersOf(result)).toEqual(upTo(rows.length));
      return { names: Object.keys(result[0] ?? {}), first: result[0] };
    };
    const shop = await columns('shop', people);
    expect(shop.names).toEqual(['row', 'prediction_id', 'prediction', 'probability', 'error']);
    expect(shop.first?.['prediction']).toMatch(/^[01]$/);
    const spend = await columns('spend', people);
    expect(spend.names).toEqual(['row', 'prediction_id', 'prediction', 'error']);
    expect(Number(spend.first?.['prediction'])).toBeGreaterThan(50);
    const odd = await columns('odd', people);
    expect(odd.names).toEqual(['row', 'prediction_id', 'prediction', 'score', 'error']);
    const bank = await columns('bank', texts);
    expect(bank.names).toEqual([
      'row',
      'prediction_id',
      'prediction',
      'probability',
      'probability_lost',
      'probability_open',
      'probability_send',
      'error',
    ]);
    expect(['open', '']).toContain(bank.first?.['prediction']);
  });
});
