import { Prisma } from '@gimbal/db';
import type { SearchCondition } from '@gimbal/domain';
import { PARENT_RUN_TAG } from '../tracking/run-json.js';
import { entriesOf, idsNamed, metricConditions, tagColumn } from './run-conditions.js';
import { cutByMetric, isInScope, type MetricCut, type RunScope } from './run-scope.js';

/** Runs that an index finds by one condition, from among which a search can choose. */
export interface Candidates {
  /** Rows with `run_id`, each run once, cut by `limit`. */
  readonly rows: (limit: Prisma.Sql) => Prisma.Sql;
  /** Up to so many are looked at one by one sooner than walked to; one that a walk passes costs less in an index than in the tables. */
  readonly few: number;
  /** What is still to be asked of them. */
  readonly rest: readonly SearchCondition[];
}

/** The comparisons of a metric that are a range of its index. */
const RANGES = new Set(['=', '>', '>=', '<', '<=']);

/** The runs that a filter names by their ids; null when it names none. */
export function namedCandidates({ conditions }: RunScope): Candidates | null {
  const named = conditions.find(
    ({ kind, key, operator }) => kind === 'attribute' && key === 'run_id' && (operator === '=' || operator === 'IN'),
  );
  if (!named) return null;
  const ids = [...new Set(idsNamed(named))];
  return {
    rows: (limit) => Prisma.sql`SELECT unnest(${ids}::uuid[]) AS run_id ${limit}`,
    few: ids.length,
    rest: conditions,
  };
}

/** The metrics that a filter asks a range of. */
export function metricCuts({ conditions }: RunScope): readonly MetricCut[] {
  const ranges = conditions.filter(({ kind, operator }) => kind === 'metric' && RANGES.has(operator));
  return [...new Set(ranges.map(({ key }) => key))].map((key) => cutByMetric(conditions, key));
}

/** The runs whose metric fits. Sorted by value, so that the planner takes the index by value. */
export const metricCandidates = (scope: RunScope, { key, own, rest }: MetricCut): Candidates => ({
  rows: (limit) => Prisma.sql`
    SELECT c.run_id FROM experiments e CROSS JOIN LATERAL (
      SELECT m.run_id FROM run_latest_metrics m
      WHERE m.experiment_id = e.id AND m.key = ${key} AND m.value >= '-Infinity'::float8 AND ${metricConditions(own)}
      ORDER BY m.value DESC ${limit}) c
    WHERE ${isInScope(scope)} ${limit}`,
  few: 500,
  rest,
});

/** The runs nested in one run. A run that is not here may still be named in the tag. */
const childCandidates =
  (condition: SearchCondition): Candidates['rows'] =>
  (limit) =>
    Prisma.sql`
  SELECT c.run_id FROM (
    SELECT id AS run_id FROM runs WHERE parent_run_id = ANY(${idsNamed(condition)}::uuid[])
    UNION SELECT run_id FROM (${entryRows(condition)}) t) c ${limit}`;

const entryRows = (condition: SearchCondition): Prisma.Sql => Prisma.sql`
  SELECT t.run_id FROM ${entriesOf(condition)} t WHERE t.key = ${condition.key}
    AND ${indexed(Prisma.sql`t.value`)} = ${indexed(Prisma.sql`${condition.value}::text`)} AND t.value = ${condition.value}`;

/** The part of a value that is indexed (`run_params_by_value`, `run_tags_by_value`). */
const indexed = (value: Prisma.Sql): Prisma.Sql => Prisma.sql`left(${value}, 64)`;

/** The runs of any experiment that have a parameter or a tag of one value, for each that a filter asks for. */
export function entryCandidates({ conditions }: RunScope): readonly Candidates[] {
  const isEntry = ({ kind, key }: SearchCondition): boolean =>
    kind === 'parameter' || (kind === 'tag' && (key === PARENT_RUN_TAG || !tagColumn(key)));
  const equalities = conditions.filter((condition) => condition.operator === '=' && isEntry(condition));
  return equalities.map((condition) => ({
    rows:
      condition.kind === 'tag' && condition.key === PARENT_RUN_TAG
        ? childCandidates(condition)
        : (limit) => Prisma.sql`${entryRows(condition)} ${limit}`,
    few: 2000,
    rest: conditions.filter((other) => other !== condition || condition.key === PARENT_RUN_TAG),
  }));
}

/** Counts candidates, up to one more than are few for a page of `count`. */
export function countCandidates(all: readonly Candidates[], count: number): Prisma.Sql {
  const counts = all.map(({ rows, few }) => {
    const limit = Prisma.sql`LIMIT ${Math.max(few, count) + 1}`;
    return Prisma.sql`(SELECT count(*)::int FROM (${rows(limit)}) c)`;
  });
  return Prisma.sql`SELECT ARRAY[${Prisma.join(counts)}] AS counts`;
}
