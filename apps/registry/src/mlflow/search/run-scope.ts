import { Prisma } from '@gimbal/db';
import type { SearchCondition } from '@gimbal/domain';
import { runConditions } from './run-conditions.js';

/** Which runs are searched. */
export interface RunScope {
  /** MLflow's ids of experiments. */
  readonly experiments: readonly string[];
  readonly lifecycles: readonly string[];
  readonly conditions: readonly SearchCondition[];
}

/** The experiments `e` of a scope. */
export const isInScope = ({ experiments }: RunScope): Prisma.Sql =>
  Prisma.sql`e.number = ANY(${[...experiments]}::bigint[])`;

/** What a scope asks of run `r`, with these conditions in place of all. */
export const admits = ({ lifecycles }: RunScope, conditions: readonly SearchCondition[]): Prisma.Sql =>
  Prisma.sql`r.lifecycle = ANY(${[...lifecycles]}::lifecycle[]) AND ${runConditions(conditions)}`;

/** The conditions on one metric, which an index can follow, and the other ones. */
export interface MetricCut {
  readonly key: string;
  readonly own: readonly SearchCondition[];
  readonly rest: readonly SearchCondition[];
}

export function cutByMetric(conditions: readonly SearchCondition[], key: string): MetricCut {
  const isOwn = (condition: SearchCondition): boolean => condition.kind === 'metric' && condition.key === key;
  return { key, own: conditions.filter(isOwn), rest: conditions.filter((condition) => !isOwn(condition)) };
}
