import { measure, median } from '../../result.js';
import { jsonBody } from '../bodies.js';
import { load } from '../load.js';
import type { MeasureServing } from '../setting.js';

const CONNECTIONS = 128;
const SECONDS = 5;
const ROUNDS = 3;
const MILLISECONDS = 1_000;

/** Callers that pause at random between their requests, so that gateway and serving do half of what they can: how late the late ones are. */
export const measureHalfLoad: MeasureServing = async ({ gimbal, folder }) => {
  const shared = { connections: CONNECTIONS, seconds: SECONDS, folder };
  const { requestsPerSecond } = await load(gimbal, jsonBody(1), shared);
  const pauseMs = Math.round((CONNECTIONS * MILLISECONDS) / (requestsPerSecond / 2));
  const p50: number[] = [];
  const p99: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const result = await load(gimbal, jsonBody(1), { ...shared, pauseMs });
    p50.push(result.p50Ms);
    p99.push(result.p99Ms);
  }
  return [
    measure({
      work: `1 row, JSON, ${CONNECTIONS} connections, half of saturation, 99th percentile beside the median`,
      unit: 'ms',
      ours: median(p99),
      reference: median(p50),
      reference_name: 'the median of the same load',
      goal: { at_most: 3 },
    }),
  ];
};
