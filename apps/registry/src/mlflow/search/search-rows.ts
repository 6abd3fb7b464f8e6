import { Prisma } from '@gimbal/db';
import { parseFilter, printFilter, type SearchCondition, type SearchSpace } from '@gimbal/domain';
import type { Database } from '../../database/database.js';
import { after, markOf, orderBy, type SortKey } from './order.js';
import { type Found, type Page, PageTokens } from './page.js';
import { rowsOf } from './rows-of.js';
import { type Limits, readLimit, type SearchRequest } from './search-request.js';

/** How one table is searched. */
export interface TableSearch {
  readonly name: string;
  readonly space: SearchSpace;
  readonly limits: Limits;
  /** The table under its alias. */
  readonly from: Prisma.Sql;
  /** A column that names the row, as text. */
  readonly id: Prisma.Sql;
  readonly where: (conditions: readonly SearchCondition[]) => Prisma.Sql;
  readonly keys: readonly SortKey[];
  /** What beside the filter makes it this search and no other. */
  readonly scope: readonly unknown[];
}

/** Searches a table whose rows are few, in the one statement that PostgreSQL plans best. @returns the ids of a page of rows */
export async function searchTable(
  database: Database,
  { name, space, limits, from, id, where, keys, scope }: TableSearch,
  request: Omit<SearchRequest, 'orderBy'>,
): Promise<Page> {
  const limit = readLimit(request.maxResults, limits);
  const conditions = parseFilter(space, request.filter);
  const tokens = new PageTokens([name, scope, printFilter(conditions)], keys);
  const found = await rowsOf<Found>(
    database,
    Prisma.sql`SELECT ${id} AS id, ${markOf(keys)} AS mark FROM ${from}
      WHERE ${where(conditions)} AND ${after(keys, tokens.read(request.pageToken))}
      ORDER BY ${orderBy(keys)} LIMIT ${limit + 1}`,
  );
  return tokens.cut(found, limit);
}
