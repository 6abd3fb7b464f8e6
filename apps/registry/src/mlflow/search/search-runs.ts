import { parseFilter, parseOrderBy, printFilter, RUN_SEARCH } from '@gimbal/domain';
import type { Database } from '../../database/database.js';
import { readExperimentIds } from './experiment-ids.js';
import { findRuns } from './find-runs.js';
import { type Page, PageTokens } from './page.js';
import { sortRuns } from './run-order.js';
import { lifecyclesOf, readLimit, type SearchRequest, type View } from './search-request.js';

const LIMITS = { usual: 1000, most: 50_000 };

export interface RunSearch extends SearchRequest {
  /** MLflow's ids; those that are not there are passed over. */
  readonly experimentIds: readonly string[];
  readonly view: View;
}

/**
 * Searches runs as MLflow does: filters ask the last value of a metric, the newest run comes first unless another order is asked for.
 * @returns the ids of a page of runs
 * @throws DomainError `validation-failed` for a filter, an order or a number of results that MLflow refuses; `invalid-cursor`
 */
export async function searchRuns(database: Database, request: RunSearch): Promise<Page> {
  const limit = readLimit(request.maxResults, LIMITS);
  const conditions = parseFilter(RUN_SEARCH, request.filter);
  const orders = parseOrderBy(RUN_SEARCH, request.orderBy);
  const experiments = readExperimentIds(request.experimentIds);
  const search = ['runs', experiments, request.view, printFilter(conditions), orders];
  const tokens = new PageTokens(search, sortRuns(orders).keys);
  const place = tokens.read(request.pageToken);
  const scope = { experiments, lifecycles: lifecyclesOf(request.view), conditions };
  const found = experiments.length === 0 ? [] : await findRuns(database, { scope, orders, place, count: limit + 1 });
  return tokens.cut(found, limit);
}
