import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { LearningTask } from './learning-task.js';
import { WorkerPool } from './worker-pool.js';

/** Stands in for the learning script: what it does stands in the task, so that a test can make a thread die or hang. */
const SCRIPT = `
import { existsSync, writeFileSync } from 'node:fs';
import { parentPort, threadId } from 'node:worker_threads';
parentPort.on('message', ({ task, stop }) => {
  if (task.seed === 1 || (task.seed === 2 && !existsSync(task.algorithm))) {
    writeFileSync(task.algorithm, '');
    process.exit(9);
  }
  if (task.seed === 3) while (Atomics.load(stop, 0) === 0);
  if (task.seed === 4) for (;;);
  if (task.seed === 6) while (!existsSync(task.algorithm));
  if (task.seed === 7) return parentPort.postMessage({ type: 'done', result: threadId });
  if (task.seed === 5) return parentPort.postMessage({ type: 'failed', code: 'too-few-rows', detail: 'two rows' });
  parentPort.postMessage({ type: 'progress', done: 0.5 });
  parentPort.postMessage({ type: 'done', result: task.seed });
});`;

let place: string;
let pool: WorkerPool;
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'worker-pool-'));
  await writeFile(join(place, 'script.mjs'), SCRIPT);
});
afterEach(() => pool.close());
afterAll(() => rm(place, { recursive: true }));

const open = (size = 1) => {
  pool = new WorkerPool(size, pathToFileURL(join(place, 'script.mjs')));
};
const task = (seed: number, dataset: object = {}) =>
  ({ kind: 'fit', seed, algorithm: join(place, `mark-${seed}`), dataset }) as unknown as LearningTask; // the script reads no more of it
const run = (seed: number, signal = new AbortController().signal) => pool.run(task(seed), { signal });

describe('WorkerPool', () => {
  it('runs more tasks than it has threads, and tells their progress', async () => {
    open(2);
    const progress: number[] = [];
    const { signal } = new AbortController();
    const onProgress = (done: number): void => void progress.push(done);
    expect(await Promise.all([10, 11, 12, 13].map((seed) => pool.run(task(seed), { signal, onProgress })))).toEqual([
      10, 11, 12, 13,
    ]);
    expect(progress).toEqual([0.5, 0.5, 0.5, 0.5]);
  });

  it('learns from one table on the disk at a time, while other tasks go on', async () => {
    open(2);
    const large = (seed: number, signal: AbortSignal) => pool.run(task(seed, { spooled: {} }), { signal });
    const [control, { signal }] = [new AbortController(), new AbortController()];
    const first = large(3, control.signal);
    let isSecondOver = false;
    const second = large(12, signal).finally(() => {
      isSecondOver = true;
    });
    expect(await Promise.all([run(10), run(11)])).toEqual([10, 11]);
    expect(isSecondOver).toBe(false);
    control.abort(new Error('cancelled'));
    await expect(first).rejects.toThrow('cancelled');
    expect(await second).toBe(12);
  });

  it('ends a thread that has held a table on the disk, and keeps any other', async () => {
    open();
    const { signal } = new AbortController();
    const threads = [await run(7), await run(7), await pool.run(task(7, { spooled: {} }), { signal }), await run(7)];
    expect(threads.map((thread) => thread === threads[0])).toEqual([true, true, true, false]);
  });

  it('tries a task again whose thread died, and the others go on', async () => {
    open();
    expect(await Promise.all([run(2), run(10)])).toEqual([2, 10]);
  });

  it('gives up a task that kills its thread again', async () => {
    open();
    await expect(run(1)).rejects.toThrow('A worker thread ended before its task did.');
    expect(await run(10)).toBe(10);
  });

  it('passes on what the kernel refused', async () => {
    open();
    await expect(run(5)).rejects.toMatchObject({ name: 'LearningError', code: 'too-few-rows', detail: 'two rows' });
  });

  it.each([
    ['that looks at its flag', 3],
    ['that does not, by ending its thread', 4],
  ])('stops a task %s', async (_, seed) => {
    open();
    const control = new AbortController();
    const { signal } = control;
    let begin = (): void => undefined;
    const started = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const both = Promise.allSettled([
      pool.run(task(seed), { signal, onStart: () => begin() }),
      pool.run(task(12), { signal }),
    ]);
    await started;
    const reason = new Error('cancelled');
    control.abort(reason);
    expect(await both).toEqual([
      { status: 'rejected', reason },
      { status: 'rejected', reason },
    ]);
    expect(await run(11)).toBe(11);
  });

  // ONNX Runtime ends the process when its thread is ended while it works.
  it('waits for no task that runs ONNX once it is stopped, and leaves its thread alive', async () => {
    open();
    const thread = await run(7);
    const control = new AbortController();
    const reason = new Error('cancelled');
    const score = { ...task(6), kind: 'score' } as LearningTask; // as above
    const stopped = pool.run(score, { signal: control.signal });
    control.abort(reason);
    await expect(stopped).rejects.toBe(reason);
    const next = run(7);
    await writeFile(join(place, 'mark-6'), '');
    expect(await next).toBe(thread);
  });

  it('takes nothing that is no longer wanted, and nothing once it is closed', async () => {
    open();
    await expect(run(10, AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late');
    await pool.close();
    await expect(run(10)).rejects.toThrow('A worker thread ended');
  });
});
