import { proportionalMebibytes } from '../../processes.js';
import { jsonBody } from '../bodies.js';
import { compare, loadByTurns } from '../compare.js';
import type { MeasureServing } from '../setting.js';

const CONNECTIONS = 32;

/** What the processes on the way of a request hold, right after a load; what they share counts once. */
export const measureMemory: MeasureServing = async ({ gimbal, references, folder }) => {
  const all = [gimbal, ...references];
  await loadByTurns(all, { body: jsonBody(1), connections: CONNECTIONS }, folder);
  const held = new Map(
    await Promise.all(all.map(async (each) => [each, await proportionalMebibytes(each.pids)] as const)),
  );
  return compare({
    work: 'memory under load (PSS)',
    unit: 'MiB',
    ours: held.get(gimbal) ?? Number.NaN,
    references,
    figureOf: (reference) => held.get(reference) ?? Number.NaN,
    goals: { mlserver: { at_most: 0.75 } },
  });
};
