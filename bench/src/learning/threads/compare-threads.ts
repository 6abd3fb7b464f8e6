import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { type Algorithm, type Dataset, fitModel, type ThreadTeam } from '@gimbal/learning';
import { type Measurement, measure, median } from '../../result.js';
import { type Setting, SHORT_NAMES } from '../setting.js';
import { makeDenseTable } from '../tables/make-dense-table.js';

const HELPER = new URL('./team-worker.js', import.meta.url);
const BOOSTERS: readonly Algorithm[] = ['gradient_boosting_level_wise', 'gradient_boosting_leaf_wise'];
/** A second thread must let a training take at most so much of its time: 1.5 times faster. */
const QUIET_AT_MOST = 1 / 1.5;
/** Never slower; what is above 1 is the noise of a clock on a machine that is shared. */
const BUSY_AT_MOST = 1.05;

async function startHelper(): Promise<Worker> {
  const worker = new Worker(HELPER);
  await once(worker, 'message');
  return worker;
}

async function timeByTurns(dataset: Dataset, algorithm: Algorithm, rounds: number) {
  const helper = await startHelper();
  const team: ThreadTeam = {
    helperCount: 1,
    begin: (starts) => {
      for (const start of starts) helper.postMessage(start);
    },
  };
  const time = (hands: ThreadTeam | undefined): number => {
    const begun = performance.now();
    fitModel({ dataset, algorithm, seed: 7, ...(hands && { team: hands }) });
    return (performance.now() - begun) / 1000;
  };
  const [one, two]: [number[], number[]] = [[], []];
  for (let round = -1; round < rounds; round++) {
    const seconds = [time(undefined), time(team)] as const;
    if (round < 0) continue; // the first fits compile
    one.push(seconds[0]);
    two.push(seconds[1]);
  }
  await helper.terminate();
  return { ours: median(two), reference: median(one) };
}

function keepBusy(): ChildProcess {
  return spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' });
}

/** One training by two threads against the same by one, by the clock: on a machine that is quiet otherwise, and beside a busy process. */
export async function compareThreads({ rounds }: Setting): Promise<Measurement[]> {
  const { name, dataset } = makeDenseTable(100_000, 50);
  const measurements: Measurement[] = [];
  for (const algorithm of BOOSTERS) {
    const work = `${name}, ${SHORT_NAMES[algorithm]}, two threads`;
    const reference_name = 'the kernel with one thread';
    const quiet = await timeByTurns(dataset, algorithm, rounds);
    measurements.push(measure({ work, unit: 's', ...quiet, reference_name, goal: { at_most: QUIET_AT_MOST } }));
    const other = keepBusy();
    try {
      const busy = await timeByTurns(dataset, algorithm, rounds);
      const goal = { at_most: BUSY_AT_MOST };
      measurements.push(measure({ work: `${work}, another process busy`, unit: 's', ...busy, reference_name, goal }));
    } finally {
      other.kill();
    }
  }
  return measurements;
}
