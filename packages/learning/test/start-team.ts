import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { ThreadTeam } from '../src/index.js';

interface TestTeam extends ThreadTeam {
  /** What each helper said when it came home. */
  readonly allHome: () => Promise<unknown[]>;
  readonly stop: () => Promise<void>;
}

/**
 * A team of worker threads for tests, and a way to end it.
 *
 * @param script what the helpers run, beside this file
 */
export async function startTeam(helperCount: number, script = 'team-worker.mjs'): Promise<TestTeam> {
  const url = new URL(`./${script}`, import.meta.url);
  const workers = Array.from({ length: helperCount }, () => new Worker(url, { execArgv: ['--no-warnings'] }));
  await Promise.all(workers.map((worker) => once(worker, 'message')));
  let home: Promise<unknown[]> = Promise.resolve([]);
  return {
    helperCount,
    begin: (starts) => {
      home = Promise.all(workers.map((worker) => once(worker, 'message'))).then((said) => said.flat());
      starts.forEach((start, i) => {
        workers[i]!.postMessage(start);
      });
    },
    allHome: () => home,
    stop: async () => {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}
