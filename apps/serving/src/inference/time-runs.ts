/** How long something takes on a machine that has other things to do. */

const RUNS_OF_ROUND = 8;
const ROUNDS_MIN = 2;
const ROUNDS_MAX = 50;
const ROUNDS_MS = 40;
/** What takes longer is not looked at as closely. */
const SLOW_RUN_MS = 20;
const TRIES = 3;

type Work = () => Promise<unknown>;

async function timeOf(work: Work): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** The shortest of some runs, in ms. */
export async function quickestOf(tries: number, work: Work): Promise<number> {
  let quickest = Number.POSITIVE_INFINITY;
  for (let run = 0; run < tries; run++) quickest = Math.min(quickest, await timeOf(work));
  return quickest;
}

/**
 * The slowest of eight runs, in ms, in the calmest of many rounds: on a busy machine the other rounds tell of the turns of other processes,
 * not of the work. Of slow work, the quickest run. The first run warms up.
 */
export async function timeRuns(work: Work): Promise<number> {
  await work();
  const quickest = await quickestOf(TRIES, work);
  if (quickest > SLOW_RUN_MS) return quickest;
  let calmest = Number.POSITIVE_INFINITY;
  const began = performance.now();
  for (let round = 0; round < ROUNDS_MIN || (round < ROUNDS_MAX && performance.now() - began < ROUNDS_MS); round++) {
    let slowest = 0;
    for (let run = 0; run < RUNS_OF_ROUND; run++) slowest = Math.max(slowest, await timeOf(work));
    calmest = Math.min(calmest, slowest);
  }
  return calmest;
}
