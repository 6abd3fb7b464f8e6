import { binaryBody, jsonBody } from '../bodies.js';
import { compare, loadByTurns } from '../compare.js';
import type { MeasureServing } from '../setting.js';

const CONNECTIONS = 32;
const ROWS = 64;

/** Many rows a request, the numbers in JSON and behind it; the references read JSON either time. */
export const measureManyRows: MeasureServing = async ({ gimbal, references, folder }) => {
  const json = await loadByTurns([gimbal, ...references], { body: jsonBody(ROWS), connections: CONNECTIONS }, folder);
  const binary = await loadByTurns([gimbal], { body: binaryBody(ROWS), connections: CONNECTIONS }, folder);
  const shared = {
    unit: 'rows/s',
    references,
    figureOf: (reference: (typeof references)[number]) => json(reference, 'requestsPerSecond') * ROWS,
  };
  return [
    ...compare({
      ...shared,
      work: `${ROWS} rows, JSON, ${CONNECTIONS} connections`,
      ours: json(gimbal, 'requestsPerSecond') * ROWS,
      goals: { asgi: { at_least: 1.3 } },
    }),
    ...compare({
      ...shared,
      work: `${ROWS} rows, binary tensors beside JSON, ${CONNECTIONS} connections`,
      ours: binary(gimbal, 'requestsPerSecond') * ROWS,
      goals: { asgi: { at_least: 3 } },
    }),
  ];
};
