import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ArtifactStore, FileArtifactStore } from '@gimbal/platform';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { sweepFiles } from './sweep-files.js';

const BYTES = 100;
let directory: string;
let reports: string;
let store: ArtifactStore;
/** By age, the file that was used last first. */
let digests: string[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sweep-'));
  reports = join(directory, 'reports');
  await mkdir(reports);
  store = await FileArtifactStore.open({ directory, maxBytes: 1_000 });
  digests = [];
  for (let age = 0; age < 6; age++) {
    const { digest } = await store.put(Buffer.alloc(BYTES, age));
    const report = join(reports, `${digest}.json`);
    await writeFile(report, '{}');
    const usedAt = new Date(Date.now() - age * 60_000);
    await utimes(report, usedAt, usedAt);
    digests.push(digest);
  }
});
afterEach(() => rm(directory, { recursive: true }));

const sweep = async (planned: readonly number[], limits: { unplannedMax: number; bytesMax: number }) => {
  const names = new Set(planned.map((age) => digests[age] ?? ''));
  await sweepFiles({ reports, store, planned: names, limits });
  const left = await Promise.all(digests.map(async (digest, age) => ((await store.find(digest)) ? age : -1)));
  expect(await readdir(reports)).toHaveLength(left.filter((age) => age >= 0).length);
  return left.filter((age) => age >= 0);
};

it('keeps what the plan names, and of the rest the few that were used last', async () => {
  expect(await sweep([1, 5], { unplannedMax: 2, bytesMax: 10_000 })).toEqual([0, 1, 2, 5]);
});

it('gives up what was not used for the longest time when there are too many bytes, planned or not', async () => {
  expect(await sweep([0, 1, 2, 3, 4, 5], { unplannedMax: 0, bytesMax: 3 * BYTES })).toEqual([0, 1, 2]);
});
