import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { ThreadTeam } from '../src/index.js';

/** A team of worker threads for tests, and a way to end it. */
export async function startTeam(
  helperCount: number,
): Promise<ThreadTeam & { readonly allHome: () => Promise<void>; readonly stop: () => Promise<void> }> {
  const script = new URL('./team-worker.mjs', import.meta.url);
  const workers = Array.from({ length: helperCount }, () => new Worker(script, { execArgv: ['--no-warnings'] }));
  await Promise.all(workers.map((worker) => once(worker, 'message')));
  let home: Promise<unknown> = Promise.resolve();
  return {
    helperCount,
    begin: (starts) => {
      home = Promise.all(workers.map((worker) => once(worker, 'message')));
      starts.forEach((start, i) => {
        workers[i]!.postMessage(start);
      });
    },
    allHome: async () => {
      await home;
    },
    stop: async () => {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}
