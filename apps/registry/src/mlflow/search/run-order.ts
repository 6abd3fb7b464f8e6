import { Prisma } from '@gimbal/db';
import type { SearchOrder } from '@gimbal/domain';
import type { SortKey } from './order.js';
import { entriesOf, runArtifactUri, runStatus, tagColumn } from './run-conditions.js';

type Direction = 'asc' | 'desc';

const startKey = (rows: Prisma.Sql, direction: Direction): SortKey => ({
  sql: Prisma.sql`${rows}.run_started_at`,
  kind: 'time',
  direction,
});
const idKey = (rows: Prisma.Sql, direction: Direction): SortKey => ({
  sql: Prisma.sql`${rows}.run_id`,
  kind: 'uuid',
  direction,
});

/**
 * Runs are ordered by start time, newest first, and then by id, unless something else is asked for: then that comes first.
 * @param rows name of rows that have `run_id` and `run_started_at`
 */
export const startKeys = (rows: Prisma.Sql, direction: Direction): readonly SortKey[] => [
  startKey(rows, direction),
  idKey(rows, 'asc'),
];

/** Numbers come first in both directions, then NaN, then runs without the metric. */
export const METRIC_CLASSES = { number: '0', nan: '1', missing: '2' } as const;

export const metricKeys = (value: Prisma.Sql, direction: Direction): readonly SortKey[] => [
  {
    sql: Prisma.sql`(CASE WHEN ${value} IS NULL THEN 2 WHEN ${value} = 'NaN' THEN 1 ELSE 0 END)`,
    kind: 'integer',
    direction: 'asc',
  },
  { sql: value, kind: 'number', direction, nullable: true },
];

/** How runs are ordered that come without an order: the keys, and the joins of run `r` that the keys look into. */
export interface SortedRuns {
  readonly keys: readonly SortKey[];
  readonly joins: Prisma.Sql;
}

const RUN = Prisma.sql`r`;

/** Any order, for rows `r` of runs that have `run_id` and `run_started_at`, too. */
export function sortRuns(orders: readonly SearchOrder[]): SortedRuns {
  const parts = orders.map(sortBy);
  const hasStart = orders.some(({ kind, key }) => kind === 'attribute' && key === 'start_time');
  const joins = parts.map(({ join }) => join);
  return {
    keys: [...parts.flatMap(({ keys }) => keys), ...(hasStart ? [idKey(RUN, 'asc')] : startKeys(RUN, 'desc'))],
    joins: joins.length === 0 ? Prisma.empty : Prisma.join(joins, ' '),
  };
}

function sortBy({ kind, key, direction }: SearchOrder, index: number): { keys: readonly SortKey[]; join: Prisma.Sql } {
  if (kind === 'attribute') return { keys: [attributeKey(key, direction)], join: Prisma.empty };
  const column = kind === 'tag' ? tagColumn(key) : undefined;
  if (column) return { keys: [{ sql: column, kind: 'text', direction, nullable: true }], join: Prisma.empty };
  const alias = Prisma.raw(`o${index}`); // a number of ours
  const value = Prisma.sql`${alias}.value`;
  const table = kind === 'metric' ? Prisma.sql`run_latest_metrics` : entriesOf({ kind });
  const join = Prisma.sql`LEFT JOIN ${table} ${alias} ON ${alias}.run_id = r.id AND ${alias}.key = ${key}`;
  if (kind === 'metric') return { keys: metricKeys(value, direction), join };
  return { keys: [{ sql: value, kind: 'text', direction, nullable: true }], join };
}

function attributeKey(key: string, direction: Direction): SortKey {
  if (key === 'start_time') return startKey(RUN, direction);
  if (key === 'end_time') return { sql: Prisma.sql`r.ended_at`, kind: 'time', direction, nullable: true };
  if (key === 'run_id') return idKey(RUN, direction);
  const texts: Readonly<Record<string, Prisma.Sql>> = {
    run_name: Prisma.sql`r.name`,
    user_id: Prisma.sql`r.user_name`,
    status: runStatus,
    artifact_uri: runArtifactUri,
  };
  return { sql: texts[key] ?? Prisma.sql`NULL::text`, kind: 'text', direction, nullable: true };
}
