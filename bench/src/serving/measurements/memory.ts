import { proportionalMebibytes, withChildren } from '../../processes.js';
import { jsonBody } from '../bodies.js';
import { compare, loadByTurns } from '../compare.js';
import type { Contender } from '../contenders.js';
import type { MeasureServing } from '../setting.js';

const CONNECTIONS = 32;

const heldBy = async ({ pids }: Contender): Promise<number> =>
  proportionalMebibytes((await Promise.all(pids.map(withChildren))).flat());

/** Where MLServer's worker does not start, its setting without workers, which takes less, stands alone. */
const sayWhy = (error: unknown): undefined => {
  process.stderr.write(`MLServer with a worker is left out: ${String(error)}\n`);
  return undefined;
};

/**
 * What the processes on the way of a request hold, right after a load; what they share counts once. MLServer stands there as it comes, with a
 * worker process.
 */
export const measureMemory: MeasureServing = async ({ gimbal, references, startMlserverWithWorker, folder }) => {
  const mlserver = await startMlserverWithWorker?.().catch(sayWhy);
  try {
    const beside = mlserver ? [...references, mlserver] : references;
    const held = new Map<Contender, number>();
    await loadByTurns([gimbal, ...beside], { body: jsonBody(1), connections: CONNECTIONS }, folder);
    for (const each of [gimbal, ...beside]) held.set(each, await heldBy(each));
    return compare({
      work: 'memory under load (PSS)',
      unit: 'MiB',
      ours: held.get(gimbal) ?? Number.NaN,
      references: beside,
      figureOf: (reference) => held.get(reference) ?? Number.NaN,
      goals: { 'mlserver-worker': { at_most: 0.75 } },
    });
  } finally {
    await mlserver?.stop();
  }
};
