import { type Measurement, measure, median } from '../../result.js';
import { jsonBody } from '../bodies.js';
import type { Contender } from '../contenders.js';
import { load } from '../load.js';
import { loadAtRandom } from '../open-loop.js';
import type { MeasureServing } from '../setting.js';

const CONNECTIONS = 128;
const SECONDS = 5;
const ROUNDS = 3;

interface Waits {
  /** Half of what the contender answers when it is never idle. */
  readonly requestsPerSecond: number;
  readonly p50Ms: number[];
  readonly p99Ms: number[];
}

const p99ToMedian = ({ p50Ms, p99Ms }: Waits): number => median(p99Ms) / median(p50Ms);

/**
 * Callers who do not know of each other, at half of what a server can do: how late the late answers are. Bare Fastify at half of what it can do
 * shows what of that is the machine's.
 */
export const measureHalfLoad: MeasureServing = async ({ gimbal, references, folder }) => {
  const fastify = references.filter(({ kind }) => kind === 'fastify');
  const found = new Map<Contender, Waits>();
  for (const contender of [gimbal, ...fastify]) {
    const full = await load(contender, jsonBody(1), { connections: CONNECTIONS, seconds: SECONDS, folder });
    found.set(contender, { requestsPerSecond: full.requestsPerSecond / 2, p50Ms: [], p99Ms: [] });
  }
  for (let round = 0; round < ROUNDS; round++) {
    for (const [contender, { requestsPerSecond, p50Ms, p99Ms }] of found) {
      const waits = await loadAtRandom(contender, jsonBody(1), { requestsPerSecond, seconds: SECONDS, folder });
      p50Ms.push(waits.p50Ms);
      p99Ms.push(waits.p99Ms);
    }
  }
  return [...found].flatMap(([contender, waits]) => asLines(contender, waits, found.get(gimbal)));
};

function asLines({ kind, name }: Contender, waits: Waits, ours: Waits | undefined): Measurement[] {
  const work = '1 row, JSON, arrivals at random, half of saturation, 99th percentile';
  if (kind === 'gimbal')
    return [
      measure({
        work,
        unit: 'ms',
        ours: median(waits.p99Ms),
        reference: median(waits.p50Ms),
        reference_name: 'the median of the same load',
        goal: { at_most: 3 },
      }),
    ];
  return [
    measure({
      work,
      unit: 'times the median',
      ours: ours ? p99ToMedian(ours) : Number.NaN,
      reference: p99ToMedian(waits),
      reference_name: name,
      goal: null,
    }),
  ];
}
