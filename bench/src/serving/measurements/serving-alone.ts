import { jsonBody } from '../bodies.js';
import { compare, loadByTurns } from '../compare.js';
import type { MeasureServing } from '../setting.js';

const CONNECTIONS = 32;

/** Single rows sent to serving itself, without the gateway: key, validation, metrics and prediction log are on all the same. */
export const measureServingAlone: MeasureServing = async ({ serving, references, folder }) => {
  const figure = await loadByTurns([serving, ...references], { body: jsonBody(1), connections: CONNECTIONS }, folder);
  const work = `1 row, JSON, ${CONNECTIONS} connections, serving alone`;
  return [
    ...compare({
      work,
      unit: 'requests/s',
      ours: figure(serving, 'requestsPerSecond'),
      references,
      figureOf: (reference) => figure(reference, 'requestsPerSecond'),
      goals: { fastify: { at_least: 1 } },
    }),
    ...compare({
      work,
      unit: 'us of CPU a request',
      ours: figure(serving, 'cpuMicrosecondsPerRequest'),
      references,
      figureOf: (reference) => figure(reference, 'cpuMicrosecondsPerRequest'),
    }),
  ];
};
