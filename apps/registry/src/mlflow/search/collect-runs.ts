import { Prisma } from '@gimbal/db';
import type { SearchCondition } from '@gimbal/domain';
import type { Candidates } from './candidate-runs.js';
import { after, markOf, orderBy, type Place } from './order.js';
import type { SortedRuns } from './run-order.js';
import { admits, isInScope, type RunScope } from './run-scope.js';

/** What is collected is sorted as a whole: few runs in any order, or all of them in an order that no index has. */
export interface Collection {
  readonly sorted: SortedRuns;
  readonly place: Place | null;
  readonly count: number;
}

const collect = (source: Prisma.Sql, { sorted, place, count }: Collection): Prisma.Sql => Prisma.sql`
  SELECT r.run_id AS id, ${markOf(sorted.keys)} AS mark FROM ${source} ${sorted.joins}
  WHERE ${after(sorted.keys, place)} ORDER BY ${orderBy(sorted.keys)} LIMIT ${count}`;

/** Runs `r` with the columns that every order ends with, named as those of latest metrics. */
const RUNS = Prisma.sql`(SELECT id AS run_id, started_at AS run_started_at, * FROM runs) r`;

const fitting = (scope: RunScope, conditions: readonly SearchCondition[]): Prisma.Sql => Prisma.sql`
  r.experiment_id IN (SELECT e.id FROM experiments e WHERE ${isInScope(scope)}) AND ${admits(scope, conditions)}`;

export const collectAll = (scope: RunScope, collection: Collection): Prisma.Sql =>
  collect(Prisma.sql`(SELECT r.* FROM ${RUNS} WHERE ${fitting(scope, scope.conditions)}) r`, collection);

/** `OFFSET 0` keeps the planner from looking at all runs first. */
export const collectCandidates = (scope: RunScope, { rows, rest }: Candidates, collection: Collection): Prisma.Sql =>
  collect(
    Prisma.sql`(${rows(Prisma.sql`OFFSET 0`)}) c CROSS JOIN LATERAL (
      SELECT r.* FROM ${RUNS} WHERE r.id = c.run_id AND ${fitting(scope, rest)} OFFSET 0) r`,
    collection,
  );
