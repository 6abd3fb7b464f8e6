import {
  encodeWire,
  mergeModelStatistics,
  mergeServingHealth,
  mergeServingStatistics,
  ReceiptKeys,
  type RouteName,
  ServedModelStatistics,
  ServingHealth,
  ServingStatistics,
} from '@gimbal/contracts';
import type { z } from 'zod';
import type { WholeAnswer } from '../idempotency/idempotency.service.js';
import type { RoutedCall } from './routed-call.js';

type Merge = (bodies: readonly unknown[]) => unknown;

const merging =
  <S extends z.ZodType>(schema: S, merge: (all: readonly z.output<S>[]) => z.output<S>): Merge =>
  (bodies) =>
    encodeWire(schema, merge(bodies.map((body) => schema.parse(body))));

/** What is asked of every process of a service, and how their answers become one. */
const MERGES: Partial<Record<RouteName, Merge>> = {
  servingHealth: merging(ServingHealth, mergeServingHealth),
  servingStatistics: merging(ServingStatistics, mergeServingStatistics),
  servedModelStatistics: merging(ServedModelStatistics, mergeModelStatistics),
  receiptKeys: merging(ReceiptKeys, (all) => ({
    keys: [...new Map(all.flatMap(({ keys }) => keys).map((key) => [key.kid, key])).values()],
  })),
  resetBreaker: ([first]) => first,
};

/** Whether one process of a service cannot answer this for the others. */
export const isMergedRoute = (name: RouteName): boolean => MERGES[name] !== undefined;

/**
 * One answer from those of all processes: the first refusal, or else what they say together. A process that is away is left out.
 * @throws what the first threw, when all are away
 */
export function mergeAnswers(
  { name, route }: Pick<RoutedCall, 'name' | 'route'>,
  settled: readonly PromiseSettledResult<WholeAnswer>[],
): WholeAnswer {
  const answers = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const [first] = answers;
  if (!first) throw settled.find((one) => one.status === 'rejected')?.reason;
  const refusal = answers.find(({ status }) => status >= 300);
  if (refusal) return refusal;
  const body = MERGES[name]?.(answers.map(({ text }): unknown => JSON.parse(text)));
  return { ...first, status: route.status, text: JSON.stringify(body) };
}
