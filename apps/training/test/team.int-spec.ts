import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createSeededRng } from '@gimbal/domain';
import { createDataset, type Dataset } from '@gimbal/learning';
import { eventually } from '@gimbal/testing';
import { afterEach, expect, it } from '@jest/globals';
import { WorkerPool } from '../src/learning-workers/worker-pool.js';

const SCRIPT = pathToFileURL(join(import.meta.dirname, '../dist/learning-workers/learning.worker.js'));
let pool: WorkerPool;
afterEach(() => pool?.close());

function makeTable(rows: number): Dataset {
  const rng = createSeededRng(5);
  const columns = Array.from({ length: 8 }, () => Float32Array.from({ length: rows }, () => Math.fround(rng())));
  const [a = [], b = []] = columns;
  return createDataset({
    features: columns.map((_, j) => ({ name: `column ${j}`, kind: 'numeric' })),
    columns,
    target: Array.from(a, (value, row) => Number(value + (b[row] ?? 0) + 0.4 * rng() > 1.2)),
  });
}

const dataset = makeTable(60_000);
const rows = Int32Array.from({ length: dataset.rowCount }, (_, row) => row);
const { signal } = new AbortController();
const fit = (algorithm: string, helpers: number, trees = 30) =>
  ({ kind: 'fit', dataset, rows, algorithm, hyperparameters: { n_estimators: trees }, seed: 1, helpers }) as const;

/** Linux tells the threads of a process; elsewhere there is nothing to count. */
async function countThreads(): Promise<number> {
  return process.platform === 'linux' ? (await readdir('/proc/self/task')).length : 0;
}

it.each(['xgboost', 'lightgbm'])(
  '%s gives the same file, byte for byte, with 1, 2 and 3 threads',
  async (algorithm) => {
    pool = new WorkerPool(1, SCRIPT);
    const files: Buffer[] = [];
    for (const helpers of [0, 1, 2]) {
      const model = await pool.run(fit(algorithm, helpers), { signal });
      const held = rows.subarray(0, 100);
      const { file } = await pool.run({ kind: 'export', model, threshold: 0.5, dataset, rows: held }, { signal });
      files.push(Buffer.from(file));
    }
    const [alone, ...others] = files;
    for (const file of others) expect(file.equals(alone ?? Buffer.alloc(0))).toBe(true);
  },
);

it.each([
  ['is stopped', (control: AbortController) => control.abort(new Error('no longer wanted'))],
  ['loses its thread', () => void pool.close()],
])('leaves no thread behind when a training with helpers %s', async (_, end) => {
  pool = new WorkerPool(1, SCRIPT);
  await pool.run(fit('xgboost', 0, 1), { signal });
  const before = await countThreads();
  const control = new AbortController();
  let begin = (): void => undefined;
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const training = pool.run(fit('xgboost', 2, 5_000), {
    signal: control.signal,
    onProgress: (done) => done > 0.01 && begin(),
  });
  const ended = expect(training).rejects.toThrow();
  await begun;
  if (before > 0) expect(await countThreads()).toBeGreaterThan(before);
  end(control);
  await ended;
  await eventually(async () => expect(await countThreads()).toBeLessThanOrEqual(before));
});
