import { readdir } from 'node:fs/promises';
import type { Actor, DatasetVersion } from '@gimbal/contracts';
import { ACTOR_HEADER, encodeActor, ServiceClient } from '@gimbal/platform';
import { openTexts } from '@gimbal/tabular';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { RegistryClient } from '../src/clients/registry.client.js';
import { DatasetVersionService, type Storage } from '../src/data/dataset-version.service.js';
import { WorkerPool } from '../src/learning-workers/worker-pool.js';
import { startHarness, type TrainingHarness } from './training-harness.js';

const SCRIPT = new URL('../dist/learning-workers/learning.worker.js', import.meta.url);
const ACTOR: Actor = { id: 'key-1', name: 'grace', roles: ['operator'] };
let harness: TrainingHarness;
let client: ServiceClient;
let pool: WorkerPool;
let datasets: DatasetVersionService;

beforeAll(async () => {
  harness = await startHarness();
  client = new ServiceClient({
    service: 'registry',
    baseUrl: harness.registry.url,
    serviceKey: 'test-key-of-training',
  });
  pool = new WorkerPool(1, SCRIPT);
  datasets = new DatasetVersionService(new RegistryClient(client), pool, {
    data: { cacheDir: harness.cacheFolder, datasetsDir: '', dataDir: undefined, tableMemoryMib: 1_024 },
  });
});
afterAll(async () => {
  await pool?.close();
  await client?.close();
  await harness?.dispose();
});

/** Adds a version as an operator does. */
async function upload(
  metadata: { readonly name: string; readonly [field: string]: unknown },
  content: string | ArrayBuffer,
) {
  const form = new FormData();
  form.append('metadata', JSON.stringify(metadata));
  form.append('file', new Blob([content]), `${metadata.name}.csv`);
  const answer = await fetch(`${harness.registry.url}/api/v1/datasets`, {
    method: 'POST',
    headers: { authorization: 'Bearer test-key-of-gateway', [ACTOR_HEADER]: encodeActor(ACTOR) },
    body: form,
  });
  return { status: answer.status, body: (await answer.json()) as { version: number; definition: { target: object } } };
}

const read = (version: DatasetVersion, storage: Storage = 'memory') =>
  datasets.load(version, storage, ACTOR, { signal: new AbortController().signal });

/** The dataset in the form in which it is learned; fails when an expectation is not met. */
async function load(name: string, version?: number, storage: Storage = 'memory') {
  const { table, ...loaded } = await read(await datasets.find({ name, version }, ACTOR), storage);
  expect(loaded.expectations.filter(({ passed }) => !passed)).toEqual([]);
  if (!table) throw new Error('Nothing was loaded.');
  return { ...loaded, table };
}

it('loads binary data with texts, missing values, groups, times and weights in the order of the file', async () => {
  const definition = {
    columns: [],
    target: null,
    group: 'patient',
    time: 'seen',
    weight: 'trust',
  };
  const csv = `patient,seen,trust,age,job,smokes,ill
p1,2026-01-05,1,44,clerk,true,no
p2,2026-01-03,2,,baker,false,yes
p1,2026-01-09 12:30,0.5,31,"clerk, senior",true,
p3,2026-01-01,1,-2.5e1,NA,,yes
`;
  const { status } = await upload({ name: 'ward', target: 'ill', definition }, csv);
  expect(status).toBe(201);
  const { table, version } = await load('ward');
  expect(version.warnings.map(({ code }) => code)).toContain('target-missing');
  expect([table.task, table.classes, table.rowCount, table.rowsWithoutTarget]).toEqual([
    'binary-classification',
    ['no', 'yes'],
    3,
    1,
  ]);
  expect(table.features).toEqual([
    { name: 'age', kind: 'numeric' },
    { name: 'job', kind: 'categorical', categories: ['baker', 'clerk', 'clerk, senior'] },
    { name: 'smokes', kind: 'numeric' },
  ]);
  expect(table.columns.map((column) => [...column])).toEqual([
    [44, Number.NaN, -25],
    [1, 0, Number.NaN],
    [1, 0, Number.NaN],
  ]);
  expect([...(table.target ?? [])]).toEqual([0, 1, 1]);
  expect([...(table.weights ?? [])]).toEqual([1, 2, 1]);
  expect([...(table.groups ?? [])]).toEqual([0, 1, 2]);
  expect(table.times?.[0]).toBe(Date.UTC(2026, 0, 5));
  expect(table.columns[0]?.buffer.constructor.name).toBe('SharedArrayBuffer');
});

it('loads classes, amounts, texts and tables without a target', async () => {
  const rows = Array.from({ length: 60 }, (_, i) => i);
  const csv = (header: string, row: (i: number) => string) => `${header}\n${rows.map(row).join('\n')}\n`;
  await upload(
    { name: 'wine', target: 'kind' },
    csv('a,kind', (i) => `${i / 7},${['red', 'white', 'rose'][i % 3]}`),
  );
  expect((await load('wine')).table).toMatchObject({
    task: 'multiclass-classification',
    classes: ['red', 'rose', 'white'],
  });
  await upload(
    { name: 'quality', target: 'q' },
    csv('a,q', (i) => `${i / 7},${3 + (i % 5)}`),
  );
  expect((await load('quality')).table).toMatchObject({
    task: 'multiclass-classification',
    classes: ['3', '4', '5', '6', '7'],
  });
  await upload(
    { name: 'price', target: 'p' },
    csv('a,p', (i) => `${i % 9},${i * 1.25}`),
  );
  const price = (await load('price')).table;
  expect([price.task, price.classes, price.target?.[2]]).toEqual(['regression', [], 2.5]);
  await upload(
    { name: 'intent', target: 'intent' },
    csv('query,intent', (i) => `"please tell me, what is my ""balance"" number ${i}",${['balance', 'card'][i % 2]}`),
  );
  const intent = (await load('intent')).table;
  expect([intent.task, intent.classes, intent.texts[0] && openTexts(intent.texts[0].values)(1)]).toEqual([
    'text-classification',
    ['balance', 'card'],
    'please tell me, what is my "balance" number 1',
  ]);
  await upload(
    { name: 'machines' },
    csv('a,b', (i) => `${i % 9},${i * 1.5}`),
  );
  expect((await load('machines')).table).toMatchObject({ task: 'anomaly-detection', target: null });
});

it('loads Parquet as it loads CSV, and leaves nothing behind', async () => {
  const rows = Array.from({ length: 500 }, (_, i) => i);
  const content = parquetWriteBuffer({
    columnData: [
      { name: 'a', data: rows.map((i) => (i % 7 === 0 ? null : i / 4)), type: 'DOUBLE' },
      { name: 'c', data: rows.map((i) => ['x', 'y'][i % 2]), type: 'STRING' },
      { name: 'y', data: rows.map((i) => i % 3 === 0), type: 'BOOLEAN' },
    ],
    rowGroupSize: 200,
  });
  await upload({ name: 'parquet', target: 'y' }, content);
  const csv = rows.map((i) => `${i % 7 === 0 ? '' : i / 4},${['x', 'y'][i % 2]},${i % 3 === 0}`).join('\n');
  await upload({ name: 'parquet-as-csv', target: 'y' }, `a,c,y\n${csv}\n`);
  const [first, second] = [(await load('parquet')).table, (await load('parquet-as-csv')).table];
  expect(first.columns).toEqual(second.columns);
  expect([first.features, first.target]).toEqual([second.features, second.target]);
  expect(await readdir(harness.cacheFolder)).toEqual([]);
});

it('keeps the inputs of a large table on the disk, with the same values, and removes them', async () => {
  const line = (i: number) => `${(i * 7_919) % 1_000},${i % 13 === 0 ? '' : i / 8},${['x', 'y', 'z'][i % 3]},${i % 2}`;
  const rows = Array.from({ length: 20_000 }, (_, i) => line(i));
  await upload({ name: 'large', target: 'y' }, `a,b,c,y\n${rows.join('\n')}\n`);
  const { table, dispose } = await load('large', 1, 'disk');
  expect(await readdir(harness.cacheFolder)).toHaveLength(1);
  const { columns } = (await load('large')).table;
  for (const feature of [2, 0, 1]) expect(table.columns[feature]).toEqual(columns[feature]);
  expect([...(table.columns[0]?.subarray(0, 3) ?? [])]).toEqual([0, 919, 838]);
  expect(table.columns[1]?.[13_001]).toBe(Math.fround(13_001 / 8));
  expect(table.columns[2]?.[19_999]).toBe(19_999 % 3);
  await dispose();
  expect(await readdir(harness.cacheFolder)).toEqual([]);
});

it('holds every version against its definition and the expectations of its dataset', async () => {
  await upload({ name: 'strict', target: 'y' }, 'a,c,y\n1,x,0\n2,x,1\n300,z,1\n1e39,x,0\n');
  const put = (path: string, body: object) =>
    harness.registry.call({ method: 'PUT', path: `/api/v1/datasets/strict/${path}`, body });
  await put('versions/1/definition', {
    revision: 1,
    definition: {
      columns: [{ name: 'c', type: 'category', categories: ['x', 'y'] }],
      target: { column: 'y', positive: '1' },
    },
  });
  await put('expectations', {
    revision: 0,
    rows_min: 10,
    duplicate_share_max: 1,
    columns: [{ name: 'a', range: [0, 100] }],
  });
  const version = await datasets.find({ name: 'strict' }, ACTOR);
  const { expectations, table } = await read(version);
  expect(table).toBeNull();
  const broken = expectations.filter(({ passed }) => !passed).map(({ expectation, column }) => [expectation, column]);
  expect(broken).toEqual([
    ['row-count', null],
    ['finite', 'a'],
    ['range', 'a'],
    ['allowed-values', 'c'],
  ]);
});

it('says where a value is that the definition does not allow', async () => {
  await upload({ name: 'wrong', target: 'y' }, 'a,y\n1,0\n2,1\nsoon,1\n');
  await harness.registry.call({
    method: 'PUT',
    path: '/api/v1/datasets/wrong/versions/1/definition',
    body: {
      revision: 1,
      definition: { columns: [{ name: 'a', type: 'number' }], target: { column: 'y', positive: '1' } },
    },
  });
  const first = await datasets.find({ name: 'wrong', version: 1 }, ACTOR);
  await expect(read(first)).rejects.toMatchObject({
    code: 'dataset-invalid',
    detail: 'wrong.csv, line 4, column a: "soon" is not a number.',
  });
  await expect(datasets.find({ name: 'wrong', version: 2 }, ACTOR)).rejects.toMatchObject({
    code: 'dataset-version-not-found',
  });
});
