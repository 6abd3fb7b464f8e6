import { Prisma } from '@gimbal/db';
import type { SearchCondition } from '@gimbal/domain';
import { after, markOf, orderBy, type Place, type SortKey } from './order.js';
import { metricConditions } from './run-conditions.js';
import { METRIC_CLASSES, metricKeys, startKeys } from './run-order.js';
import { admits, isInScope, type MetricCut, type RunScope } from './run-scope.js';

/**
 * Walks: statements that read runs in an order that an index has, judge each, and stop when `count` are found. What they cost depends on how
 * many runs are judged for one that is found, not on how many there are.
 */

type Direction = 'asc' | 'desc';
type Keys = (rows: Prisma.Sql) => readonly SortKey[];

interface Walk {
  /** Rows `m` for experiment `e`, each judged. */
  readonly base: Prisma.Sql;
  /** The columns of `m` that an index has in this order. */
  readonly order: Keys;
  /** The keys of the whole search's order. */
  readonly marks: Keys;
  readonly count: number;
}

const M = Prisma.sql`m`;
const PAGE = Prisma.sql`page`;

/** Of each experiment its first rows, then the first of all. */
const walk = (scope: RunScope, { base, order, marks, count }: Walk): Prisma.Sql => Prisma.sql`
  SELECT page.run_id AS id, ${markOf(marks(PAGE))} AS mark
  FROM experiments e CROSS JOIN LATERAL (${base} ORDER BY ${orderBy(order(M))} LIMIT ${count}) page
  WHERE ${isInScope(scope)} ORDER BY ${orderBy(order(PAGE))} LIMIT ${count}`;

/** Judges the runs of latest metrics `m`. `OFFSET 0` makes the planner judge one after the other: it would rather begin with what it judges by. */
const judgedMetrics = (scope: RunScope, cut: MetricCut): Prisma.Sql => Prisma.sql`CROSS JOIN LATERAL (
  SELECT 1 FROM runs r WHERE r.id = m.run_id AND ${admits(scope, cut.rest)} OFFSET 0) admitted
  WHERE m.experiment_id = e.id AND m.key = ${cut.key} AND ${metricConditions(cut.own)}`;

/** Runs `m`, judged in the same way. */
const judgedRuns = (scope: RunScope, conditions: readonly SearchCondition[]): Prisma.Sql => Prisma.sql`
  (SELECT id AS run_id, started_at AS run_started_at, * FROM runs) m
  CROSS JOIN LATERAL (SELECT 1 FROM (SELECT m.*) r WHERE ${admits(scope, conditions)} OFFSET 0) admitted
  WHERE m.experiment_id = e.id`;

/** How runs are walked in the order of their start. */
export interface StartWalk {
  readonly direction: Direction;
  readonly place: Place | null;
  readonly count: number;
}

/** Judges every run. */
export function walkByStart(scope: RunScope, { direction, place, count }: StartWalk): Prisma.Sql {
  const order: Keys = (rows) => startKeys(rows, direction);
  const base = Prisma.sql`
    SELECT m.run_id, m.run_started_at FROM ${judgedRuns(scope, scope.conditions)} AND ${after(order(M), place)}`;
  return walk(scope, { base, order, marks: order, count });
}

/**
 * Judges the runs whose metric fits: one index has start and value. The value is hidden (`+ 0`) from the index by value, which would have
 * to collect and sort them all.
 */
export function walkMetricByStart(scope: RunScope, cut: MetricCut, { direction, place, count }: StartWalk): Prisma.Sql {
  const order: Keys = (rows) => startKeys(rows, direction);
  const base = Prisma.sql`
    SELECT m.run_id, m.run_started_at
    FROM (SELECT experiment_id, key, run_started_at, run_id, value + 0 AS value FROM run_latest_metrics) m
    ${judgedMetrics(scope, cut)} AND ${after(order(M), place)}`;
  return walk(scope, { base, order, marks: order, count });
}

/** A part of the order by a metric: numbers, perhaps only those of one value or beyond one; NaN; runs without the metric. */
export type MetricPart =
  | { readonly of: 'numbers' }
  | { readonly of: 'numbers beyond'; readonly value: string }
  | { readonly of: 'one value'; readonly value: string; readonly place: Place | null }
  | { readonly of: 'missing'; readonly place: Place | null };

const NAN = 'NaN';

/**
 * The parts that come after a place, in their order. The value in which the page before ended is a part of its own, so that the walk begins
 * at its place even when all runs share that value.
 */
export function partsAfter(place: Place | null): readonly MetricPart[] {
  const [group, value, ...start] = place ?? [];
  const missing: MetricPart = { of: 'missing', place: null };
  if (group === METRIC_CLASSES.missing) return [{ of: 'missing', place: start }];
  if (group === METRIC_CLASSES.nan) return [{ of: 'one value', value: NAN, place: start }, missing];
  const nan: MetricPart = { of: 'one value', value: NAN, place: null };
  if (typeof value !== 'string') return [{ of: 'numbers' }, nan, missing];
  return [{ of: 'one value', value, place: start }, { of: 'numbers beyond', value }, nan, missing];
}

/** How runs are walked in the order of a metric. */
export interface MetricWalk {
  readonly direction: Direction;
  readonly part: MetricPart;
  readonly count: number;
}

export function walkByMetric(scope: RunScope, cut: MetricCut, { direction, part, count }: MetricWalk): Prisma.Sql {
  const byStart: Keys = (rows) => startKeys(rows, 'desc');
  const marks: Keys = (rows) => [...metricKeys(Prisma.sql`${rows}.value`, direction), ...byStart(rows)];
  if (part.of === 'missing') {
    const base = Prisma.sql`
      SELECT m.run_id, m.run_started_at, NULL::float8 AS value FROM ${judgedRuns(scope, cut.rest)}
        AND ${after(byStart(M), part.place)} AND ${lacksMetric(cut)}`;
    return walk(scope, { base, order: byStart, marks, count });
  }
  const byValue: Keys = (rows) => [{ sql: Prisma.sql`${rows}.value`, kind: 'number', direction }, ...byStart(rows)];
  const order = part.of === 'one value' ? byStart : byValue;
  const base = Prisma.sql`
    SELECT m.run_id, m.run_started_at, m.value FROM run_latest_metrics m ${judgedMetrics(scope, cut)} AND ${isOfPart(part, direction)}`;
  return walk(scope, { base, order, marks, count });
}

const lacksMetric = ({ key }: MetricCut): Prisma.Sql =>
  Prisma.sql`(SELECT count(*) FROM run_latest_metrics l WHERE l.run_id = m.run_id AND l.key = ${key}) = 0`;

/** The index by value is for those who say that they ask for a value (`run_latest_metrics_by_value`). */
function isOfPart(part: Exclude<MetricPart, { of: 'missing' }>, direction: Direction): Prisma.Sql {
  if (part.of === 'numbers') return Prisma.sql`m.value >= '-Infinity'::float8 AND m.value < 'NaN'::float8`;
  if (part.of === 'one value') {
    return Prisma.sql`m.value = ${part.value}::float8 AND ${after(startKeys(M, 'desc'), part.place)}`;
  }
  return direction === 'desc'
    ? Prisma.sql`m.value >= '-Infinity'::float8 AND m.value < ${part.value}::float8`
    : Prisma.sql`m.value > ${part.value}::float8 AND m.value < 'NaN'::float8`;
}
