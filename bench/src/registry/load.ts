import { type Call, keepAlive, post } from './call.js';
import type { Contender } from './contenders.js';

/** Clients that call at once. */
export const CONNECTIONS = 16;

export interface LoadResult {
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Each connection sends one call after the other for `seconds`. @param callOf the call of a connection; `index` counts all calls */
export async function load(
  contender: Contender,
  seconds: number,
  callOf: (connection: number, index: number) => Call,
): Promise<LoadResult> {
  const agent = keepAlive(CONNECTIONS);
  const took: number[] = [];
  const begun = performance.now();
  const end = begun + seconds * 1000;
  let index = 0;
  const work = async (connection: number): Promise<void> => {
    while (performance.now() < end) {
      const sent = performance.now();
      await post(contender, callOf(connection, index++), agent);
      took.push(performance.now() - sent);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, (_, connection) => work(connection)));
  const elapsed = (performance.now() - begun) / 1000; // with the last answers
  agent.destroy();
  took.sort((one, other) => one - other);
  const quantile = (share: number): number => took[Math.ceil(took.length * share) - 1] ?? Number.NaN;
  return { requestsPerSecond: took.length / elapsed, p50Ms: quantile(0.5), p99Ms: quantile(0.99) };
}
