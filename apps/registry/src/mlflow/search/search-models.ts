import { Prisma } from '@gimbal/db';
import {
  MODEL_VERSION_SEARCH,
  parseOrderBy,
  REGISTERED_MODEL_SEARCH,
  refuseSearch,
  type SearchCondition,
  type SearchOrder,
} from '@gimbal/domain';
import type { Database } from '../../database/database.js';
import { allOf, compareNumber, compareText } from './compare.js';
import type { SortKey } from './order.js';
import type { Page } from './page.js';
import { runIdText } from './run-conditions.js';
import type { SearchRequest } from './search-request.js';
import { searchTable, type TableSearch } from './search-rows.js';
import { memberCondition, withoutPrompts } from './tag-conditions.js';

/** @returns the names of a page of models. @throws DomainError as `searchRuns` */
export function searchRegisteredModels(database: Database, { orderBy, ...request }: SearchRequest): Promise<Page> {
  const orders = parseOrderBy(REGISTERED_MODEL_SEARCH, orderBy);
  const search: TableSearch = {
    name: 'registered models',
    space: REGISTERED_MODEL_SEARCH,
    limits: { usual: 100, most: 1000 },
    from: Prisma.sql`models m`,
    id: Prisma.sql`m.name`,
    where: (conditions) => whereOf(Prisma.sql`m.tags`, conditions, (one) => compareText(Prisma.sql`m.name`, one)),
    keys: withTies(orders, [{ key: 'name', direction: 'asc' }]).map(modelKey),
    scope: [orders],
  };
  return searchTable(database, search, request);
}

/** @returns the ids of a page of versions. @throws DomainError as `searchRuns` */
export function searchModelVersions(database: Database, { orderBy, ...request }: SearchRequest): Promise<Page> {
  const orders = parseOrderBy(MODEL_VERSION_SEARCH, orderBy);
  const newest: Clause[] = orders.length === 0 ? [{ key: 'last_updated_timestamp', direction: 'desc' }] : [];
  const ties: Clause[] = [...newest, { key: 'name', direction: 'asc' }, { key: 'version_number', direction: 'desc' }];
  const search: TableSearch = {
    name: 'model versions',
    space: MODEL_VERSION_SEARCH,
    limits: { usual: 10_000, most: 200_000 },
    from: Prisma.sql`model_versions v`,
    id: Prisma.sql`v.id::text`,
    where: (conditions) => whereOf(Prisma.sql`v.tags`, conditions, versionAttribute),
    keys: withTies(orders, ties).map(versionKey),
    scope: [orders],
  };
  return searchTable(database, search, request);
}

function whereOf(
  tags: Prisma.Sql,
  conditions: readonly SearchCondition[],
  attribute: (condition: SearchCondition) => Prisma.Sql,
): Prisma.Sql {
  const { asked, hidden } = withoutPrompts(tags, conditions);
  return allOf([hidden, ...asked.map((one) => (one.kind === 'tag' ? memberCondition(tags, one) : attribute(one)))]);
}

function versionAttribute(condition: SearchCondition): Prisma.Sql {
  if (condition.key === 'name') return compareText(Prisma.sql`v.model_name`, condition);
  if (condition.key === 'source_path') return compareText(Prisma.sql`v.source`, condition);
  if (condition.key === 'version_number') return compareNumber(Prisma.sql`v.version::float8`, condition);
  return compareText(Prisma.sql`coalesce(v.source_run, ${runIdText(Prisma.sql`v.run_id`)})`, condition);
}

type Clause = Pick<SearchOrder, 'key' | 'direction'>;

/** The clauses that were asked for, and those of `ties` that were not. */
const withTies = (orders: readonly SearchOrder[], ties: readonly Clause[]): readonly Clause[] => [
  ...orders,
  ...ties.filter((tie) => !orders.some(({ key }) => key === tie.key)),
];

const modelKey = ({ key, direction }: Clause): SortKey =>
  key === 'name'
    ? { sql: Prisma.sql`m.name`, kind: 'text', direction }
    : { sql: Prisma.sql`m.updated_at`, kind: 'time', direction };

function versionKey({ key, direction }: Clause): SortKey {
  if (key === 'name') return { sql: Prisma.sql`v.model_name`, kind: 'text', direction };
  if (key === 'version_number') return { sql: Prisma.sql`v.version`, kind: 'integer', direction };
  if (key === 'creation_timestamp') return { sql: Prisma.sql`v.created_at`, kind: 'time', direction };
  if (key === 'last_updated_timestamp') return { sql: Prisma.sql`v.updated_at`, kind: 'time', direction };
  throw refuseSearch(`Invalid order by key '${key}' specified.`);
}
