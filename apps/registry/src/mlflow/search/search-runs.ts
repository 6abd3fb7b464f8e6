import type { DatabaseReader } from '@gimbal/db';
import { parseFilter, parseOrderBy, printFilter, RUN_SEARCH } from '@gimbal/domain';
import { readExperimentIds } from './experiment-ids.js';
import { findRuns } from './find-runs.js';
import { loadRuns, type StoredRun } from './load-runs.js';
import { type Page, PageTokens, readLimit } from './page.js';
import { sortRuns } from './run-order.js';
import { lifecyclesOf, type SearchRequest, type View } from './search-request.js';

const LIMITS = { usual: 1000, most: 50_000 };

export interface RunSearch extends SearchRequest {
  /** MLflow's ids; those that are not there are passed over. */
  readonly experimentIds: readonly string[];
  readonly view: View;
}

/**
 * Searches runs as MLflow does: filters ask the last value of a metric, the newest run comes first unless another order is asked for.
 * Takes a constant number of queries.
 * @throws DomainError `validation-failed` for a filter, an order or a number of results that MLflow refuses; `invalid-cursor`
 */
export async function searchRuns(db: DatabaseReader, request: RunSearch): Promise<Page<StoredRun>> {
  const limit = readLimit(request.maxResults, LIMITS);
  const conditions = parseFilter(RUN_SEARCH, request.filter ?? '');
  const orders = parseOrderBy(RUN_SEARCH, request.orderBy ?? []);
  const experiments = readExperimentIds(request.experimentIds);
  const search = ['runs', experiments, request.view, printFilter(conditions), orders];
  const tokens = new PageTokens(search, sortRuns(orders).keys);
  const place = tokens.read(request.pageToken);
  const scope = { experiments, lifecycles: lifecyclesOf(request.view), conditions };
  const found = experiments.length === 0 ? [] : await findRuns(db, { scope, orders, place, count: limit + 1 });
  const { rows, ...page } = tokens.cut(found, limit);
  const runs = await loadRuns(
    db,
    rows.map(({ run_id }) => run_id),
  );
  return { rows: runs, ...page };
}
