import { jsonBody } from '../bodies.js';
import { compare, loadByTurns } from '../compare.js';
import type { MeasureServing } from '../setting.js';

/** A caller that asks, waits and asks again. */
export const measureOneClient: MeasureServing = async ({ gimbal, references, folder }) => {
  const figure = await loadByTurns([gimbal, ...references], { body: jsonBody(1), connections: 1 }, folder);
  return compare({
    work: '1 row, JSON, one client, median',
    unit: 'ms',
    ours: figure(gimbal, 'p50Ms'),
    references,
    figureOf: (reference) => figure(reference, 'p50Ms'),
    goals: { fastify: { at_most: 2 } },
  });
};
