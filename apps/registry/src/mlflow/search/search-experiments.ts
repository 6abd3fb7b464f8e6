import { Prisma } from '@gimbal/db';
import { EXPERIMENT_SEARCH, parseOrderBy, refuseSearch, type SearchCondition, type SearchOrder } from '@gimbal/domain';
import type { Database } from '../../database/database.js';
import { allOf, compareText, compareTime } from './compare.js';
import { readExperimentIds } from './experiment-ids.js';
import type { SortKey } from './order.js';
import type { Page } from './page.js';
import { lifecyclesOf, type SearchRequest, type View } from './search-request.js';
import { searchTable, type TableSearch } from './search-rows.js';
import { memberCondition } from './tag-conditions.js';

/** @returns the numbers of a page of experiments, as text. @throws DomainError as `searchRuns` */
export function searchExperiments(
  database: Database,
  { view, orderBy, ...request }: SearchRequest & { readonly view: View },
): Promise<Page> {
  const orders = parseOrderBy(EXPERIMENT_SEARCH, orderBy);
  const lifecycle = Prisma.sql`e.lifecycle = ANY(${lifecyclesOf(view)}::lifecycle[])`;
  const search: TableSearch = {
    name: 'experiments',
    space: EXPERIMENT_SEARCH,
    limits: { usual: 1000, most: 50_000 },
    from: Prisma.sql`experiments e`,
    id: Prisma.sql`e.number::text`,
    where: (conditions) => allOf([lifecycle, ...conditions.map(experimentCondition)]),
    keys: experimentKeys(orders),
    scope: [view, orders],
  };
  return searchTable(database, search, request);
}

function experimentCondition(condition: SearchCondition): Prisma.Sql {
  const { kind, key, operator, value } = condition;
  if (kind === 'tag') return memberCondition(Prisma.sql`e.tags`, condition);
  if (key === 'creation_time') return compareTime(Prisma.sql`e.created_at`, condition);
  if (key === 'last_update_time') return compareTime(Prisma.sql`e.updated_at`, condition);
  if (key === 'name') return compareText(Prisma.sql`e.name`, condition);
  const ids = readExperimentIds(Array.isArray(value) ? value : [String(value)]);
  return operator === '=' || operator === 'IN'
    ? Prisma.sql`e.number = ANY(${[...ids]}::bigint[])`
    : Prisma.sql`e.number <> ALL(${[...ids]}::bigint[])`;
}

/** Newest first; with another order the greatest number first among equals, as MLflow has it. */
function experimentKeys(orders: readonly SearchOrder[]): readonly SortKey[] {
  if (orders.length === 0) return [experimentKey('creation_time', 'desc'), experimentKey('experiment_id', 'asc')];
  const keys = orders.map(({ key, direction }) => experimentKey(key, direction));
  return orders.some(({ key }) => key === 'experiment_id') ? keys : [...keys, experimentKey('experiment_id', 'desc')];
}

function experimentKey(key: string, direction: 'asc' | 'desc'): SortKey {
  if (key === 'name') return { sql: Prisma.sql`e.name`, kind: 'text', direction };
  if (key === 'creation_time') return { sql: Prisma.sql`e.created_at`, kind: 'time', direction };
  if (key === 'last_update_time') return { sql: Prisma.sql`e.updated_at`, kind: 'time', direction };
  if (key === 'experiment_id') return { sql: Prisma.sql`e.number`, kind: 'integer', direction };
  throw refuseSearch(`Invalid order_by entity: ${key}`);
}
