import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatasetDefinition } from '@gimbal/contracts';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { type DataSources, resolveDataset } from './resolve-dataset.js';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const BODY = '63,1\n?,0\n';
const FILE = `age,num\n${BODY}`;
const definition = DatasetDefinition.parse({
  name: 'ward',
  title: 'Ward',
  origin: 'made for this test',
  licence: 'CC0-1.0',
  citation: '',
  missing_token: '?',
  columns: [
    { name: 'age', type: 'number', description: '', missing: 'allowed' },
    { name: 'num', type: 'category', description: '', allowed: [0, 1], missing: 'refused' },
  ],
  target: { column: 'num', positive_above: 0, description: '' },
  codings: {},
  parts: [
    {
      name: 'north',
      title: 'North',
      file: 'north.csv',
      file_sha256: sha256(FILE),
      url: 'https://example.org/north',
      body_sha256: sha256(BODY),
      rows: 2,
    },
  ],
  rows_min: 1,
  duplicate_share_max: 1,
});
const offline: DataSources['download'] = () => Promise.reject(new TypeError('fetch failed'));
let place: string;
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'gimbal-data-'));
});
afterEach(() => rm(place, { recursive: true }));
const sources = (over: Partial<DataSources> = {}): DataSources => ({
  cacheFolder: join(place, 'cache'),
  dataFolder: undefined,
  download: offline,
  synthesize: () => 'age,num\n1,1\n',
  ...over,
});
const cached = () => readFile(join(place, 'cache/ward/north.csv'), 'utf8');

it('reads the given folder when its checksum is right', async () => {
  await writeFile(join(place, 'north.csv'), FILE);
  expect((await resolveDataset(definition, sources({ dataFolder: place }))).origin).toBe('folder');
  expect(await cached()).toBe(FILE);
});

it('refuses a file of the folder whose checksum is wrong, or that is missing, and names it', async () => {
  await expect(resolveDataset(definition, sources({ dataFolder: place }))).rejects.toMatchObject({
    code: 'dataset-invalid',
    detail: expect.stringContaining('north.csv'),
  });
  await writeFile(join(place, 'north.csv'), FILE.replace('63', '64'));
  await expect(resolveDataset(definition, sources({ dataFolder: place }))).rejects.toMatchObject({
    code: 'dataset-invalid',
    detail: expect.stringContaining('north.csv: SHA-256 is'),
  });
});

it('downloads the original, checks it and adds the header', async () => {
  expect((await resolveDataset(definition, sources({ download: async () => Buffer.from(BODY) }))).origin).toBe('uci');
  expect(await cached()).toBe(FILE);
});

it('refuses a download that is not the original rather than use a stand-in', async () => {
  await expect(
    resolveDataset(definition, sources({ download: async () => Buffer.from('<html>') })),
  ).rejects.toMatchObject({ code: 'dataset-invalid' });
});

it('makes a stand-in that is labelled synthetic when there is neither folder nor network', async () => {
  expect((await resolveDataset(definition, sources())).origin).toBe('synthetic');
});

it('keeps what it resolved, mends a damaged copy, and lets a stand-in give way to a folder', async () => {
  const online = sources({ download: async () => Buffer.from(BODY) });
  await resolveDataset(definition, online);
  expect((await resolveDataset(definition, sources())).origin).toBe('uci');
  await writeFile(join(place, 'cache/ward/north.csv'), 'age,num\n9,9\n');
  expect((await resolveDataset(definition, sources())).origin).toBe('synthetic');
  await writeFile(join(place, 'north.csv'), FILE);
  expect((await resolveDataset(definition, sources({ dataFolder: place }))).origin).toBe('folder');
});
