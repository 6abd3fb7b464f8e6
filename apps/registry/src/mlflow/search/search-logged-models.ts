import { Prisma } from '@gimbal/db';
import { LOGGED_MODEL_SEARCH, refuseSearch, type SearchCondition } from '@gimbal/domain';
import type { Database } from '../../database/database.js';
import { allOf, compareNumber, compareText, compareTime } from './compare.js';
import { readExperimentIds } from './experiment-ids.js';
import type { SortKey } from './order.js';
import type { Page } from './page.js';
import { runIdText } from './run-conditions.js';
import type { SearchRequest } from './search-request.js';
import { searchTable, type TableSearch } from './search-rows.js';
import { memberCondition } from './tag-conditions.js';

/** A table on which a metric was measured. */
interface OnDataset {
  readonly dataset_name?: string | undefined;
  readonly dataset_digest?: string | undefined;
}

/** `metrics.KEY`, of which the last point counts, perhaps on one table, or an attribute. */
interface FieldOrder extends OnDataset {
  readonly field_name: string;
  readonly ascending?: boolean | undefined;
}

export interface LoggedModelSearch extends Omit<SearchRequest, 'orderBy'> {
  readonly experimentIds: readonly string[];
  /** Metrics count only when they were measured on one of these. */
  readonly datasets: readonly OnDataset[];
  readonly orderBy: readonly FieldOrder[];
}

/** What a statement can be made of: each order is a join of its own, each table a condition of every one of them. */
const ORDERS_MAX = 20;
const DATASETS_MAX = 100;

/** @returns the ids of a page of logged models. @throws DomainError as `searchRuns` */
export function searchLoggedModels(
  database: Database,
  { experimentIds, datasets, orderBy, ...request }: LoggedModelSearch,
): Promise<Page> {
  if (orderBy.length > ORDERS_MAX) throw refuseSearch(`A search is ordered by ${ORDERS_MAX} clauses at most.`);
  if (datasets.length > DATASETS_MAX) throw refuseSearch(`A search names ${DATASETS_MAX} datasets at most.`);
  const experiments = readExperimentIds(experimentIds);
  const orders = orderBy.map(sortBy);
  const joins = orders.map(({ join }) => join);
  const search: TableSearch = {
    name: 'logged models',
    space: LOGGED_MODEL_SEARCH,
    limits: { usual: 100, most: 1000 },
    from: Prisma.sql`logged_models l ${joins.length > 0 ? Prisma.join(joins, ' ') : Prisma.empty}`,
    id: Prisma.sql`l.id`,
    where: (conditions) => whereOf(experiments, datasets, conditions),
    keys: [...orders.map(({ key }) => key), ...tiesOf(orderBy)],
    scope: [experiments, datasets, orderBy],
  };
  return searchTable(database, search, request);
}

function whereOf(
  experiments: readonly string[],
  datasets: readonly OnDataset[],
  conditions: readonly SearchCondition[],
): Prisma.Sql {
  const asksMetric = conditions.some(({ kind }) => kind === 'metric');
  return allOf([
    Prisma.sql`l.lifecycle = 'active'`,
    Prisma.sql`l.experiment_id IN (SELECT id FROM experiments WHERE number = ANY(${[...experiments]}::bigint[]))`,
    ...conditions.map((condition) => modelCondition(condition, datasets)),
    ...(datasets.length > 0 && !asksMetric ? [measured(isOn(datasets))] : []),
  ]);
}

const measured = (condition: Prisma.Sql): Prisma.Sql =>
  Prisma.sql`EXISTS (SELECT 1 FROM logged_model_metrics m WHERE m.model_id = l.id AND ${condition})`;

const isOn = (datasets: readonly OnDataset[]): Prisma.Sql =>
  datasets.length === 0
    ? Prisma.sql`TRUE`
    : Prisma.sql`(${Prisma.join(
        datasets.map(({ dataset_name, dataset_digest }) =>
          allOf([
            ...(dataset_name ? [Prisma.sql`m.dataset_name = ${dataset_name}`] : []),
            ...(dataset_digest ? [Prisma.sql`m.dataset_digest = ${dataset_digest}`] : []),
          ]),
        ),
        ' OR ',
      )})`;

function modelCondition(condition: SearchCondition, datasets: readonly OnDataset[]): Prisma.Sql {
  const { kind, key } = condition;
  if (kind === 'metric') {
    return measured(
      Prisma.sql`m.key = ${key} AND ${compareNumber(Prisma.sql`m.value`, condition)} AND ${isOn(datasets)}`,
    );
  }
  if (kind === 'parameter') return memberCondition(Prisma.sql`l.params`, condition);
  if (kind === 'tag') return memberCondition(Prisma.sql`l.tags`, condition);
  const { sql, kind: values } = attributeOf(key);
  return values === 'time' ? compareTime(sql, condition) : compareText(sql, condition);
}

function attributeOf(key: string): Pick<SortKey, 'sql' | 'kind'> {
  const texts: Readonly<Record<string, Prisma.Sql>> = {
    name: Prisma.sql`l.name`,
    model_id: Prisma.sql`l.id`,
    model_type: Prisma.sql`l.model_type`,
    status: Prisma.sql`upper(l.state::text)`,
    source_run_id: runIdText(Prisma.sql`l.source_run_id`),
  };
  const times: Readonly<Record<string, Prisma.Sql>> = {
    creation_timestamp: Prisma.sql`l.created_at`,
    last_updated_timestamp: Prisma.sql`l.updated_at`,
  };
  const [text, time] = [texts[key], times[key]];
  if (text) return { sql: text, kind: 'text' };
  if (time) return { sql: time, kind: 'time' };
  throw refuseSearch(`Invalid order by field name: ${key}.`);
}

const attributeName = (field: string): string | undefined => {
  const names = LOGGED_MODEL_SEARCH.orderAttributes;
  return Object.hasOwn(names, field.trim()) ? names[field.trim()] : undefined;
};

function sortBy(order: FieldOrder, index: number): { readonly key: SortKey; readonly join: Prisma.Sql } {
  const { field_name: field, ascending = true, dataset_name, dataset_digest } = order;
  const direction = ascending ? 'asc' : 'desc';
  const dot = field.indexOf('.');
  if (dot < 0) {
    const name = attributeName(field);
    if (name === undefined) throw refuseSearch(`Invalid order by field name: ${field.slice(0, 100)}.`);
    return { key: { ...attributeOf(name), direction, nullable: true }, join: Prisma.empty };
  }
  if (field.slice(0, dot) !== 'metrics') {
    throw refuseSearch(`Invalid order by field name: ${field.slice(0, 100)}. Only metrics are supported.`);
  }
  if (dataset_digest && !dataset_name) {
    throw refuseSearch('`dataset_digest` can only be specified if `dataset_name` is also specified.');
  }
  const alias = Prisma.raw(`o${index}`); // a number of ours
  const join = Prisma.sql`LEFT JOIN LATERAL (
    SELECT m.value FROM logged_model_metrics m
    WHERE m.model_id = l.id AND m.key = ${field.slice(dot + 1)} AND ${isOn([order])}
    ORDER BY m."timestamp" DESC, m.step DESC, m.run_id LIMIT 1) ${alias} ON TRUE`;
  return { key: { sql: Prisma.sql`${alias}.value`, kind: 'number', direction, nullable: true }, join };
}

/** Newest first, then by id, unless these were asked for. */
function tiesOf(orderBy: readonly FieldOrder[]): readonly SortKey[] {
  const names = orderBy.map(({ field_name }) => attributeName(field_name));
  const ties: SortKey[] = [
    { sql: Prisma.sql`l.created_at`, kind: 'time', direction: 'desc' },
    { sql: Prisma.sql`l.id`, kind: 'text', direction: 'asc' },
  ];
  return ties.filter((_, index) => !names.includes(['creation_timestamp', 'model_id'][index]));
}
