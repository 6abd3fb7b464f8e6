import { jsonBody } from '../bodies.js';
import { compare, loadByTurns } from '../compare.js';
import type { MeasureServing } from '../setting.js';

const CONNECTIONS = 32;

/** Single rows from many callers at once: what one core answers, what an answer costs, and how long the slow ones take. */
export const measureOneRow: MeasureServing = async ({ gimbal, references, folder }) => {
  const figure = await loadByTurns([gimbal, ...references], { body: jsonBody(1), connections: CONNECTIONS }, folder);
  const work = `1 row, JSON, ${CONNECTIONS} connections`;
  return [
    ...compare({
      work,
      unit: 'requests/s',
      ours: figure(gimbal, 'requestsPerSecond'),
      references,
      figureOf: (reference) => figure(reference, 'requestsPerSecond'),
      goals: {
        fastify: { at_least: 0.65 },
        mlserver: { at_least: 9 },
        fastapi: { at_least: 2.5 },
        asgi: { at_least: 1.4 },
      },
    }),
    ...compare({
      work,
      unit: 'us of CPU a request',
      ours: figure(gimbal, 'cpuMicrosecondsPerRequest'),
      references,
      figureOf: (reference) => figure(reference, 'cpuMicrosecondsPerRequest'),
    }),
    ...compare({
      work: `${work}, 99th percentile`,
      unit: 'ms',
      ours: figure(gimbal, 'p99Ms'),
      references,
      figureOf: (reference) => figure(reference, 'p99Ms'),
    }),
  ];
};
