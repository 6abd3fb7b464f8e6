import type { SearchOrder } from '@gimbal/domain';
import type { Database } from '../../database/database.js';
import {
  type Candidates,
  countCandidates,
  entryCandidates,
  metricCandidates,
  metricCuts,
  namedCandidates,
} from './candidate-runs.js';
import { type Collection, collectAll, collectCandidates } from './collect-runs.js';
import type { Place } from './order.js';
import type { Found } from './page.js';
import { rowsOf } from './rows-of.js';
import { sortRuns } from './run-order.js';
import { cutByMetric, type RunScope } from './run-scope.js';
import { partsAfter, walkByMetric, walkByStart, walkMetricByStart } from './walk-runs.js';

export interface RunQuery {
  readonly scope: RunScope;
  readonly orders: readonly SearchOrder[];
  readonly place: Place | null;
  readonly count: number;
}

/**
 * Finds the first runs after a place. PostgreSQL is not left the choice of how: its statistics are of the values of all metrics together, so
 * it takes a condition that few runs meet for one that many meet, and the other way round. Instead:
 *
 * - Runs that are named, or of which an index shows that few meet a condition, are collected and sorted.
 * - Else runs are walked in the order that is asked for, by start time or by a metric, until the page is full.
 * - Only an order that no index has sorts all that fit.
 */
export async function findRuns(database: Database, query: RunQuery): Promise<readonly Found[]> {
  const { scope, orders, place, count } = query;
  const walked = metricOrder(orders);
  const cuts = metricCuts(scope).filter(({ key }) => key !== walked?.key);
  const few = await findFew(database, query, [
    ...cuts.map((cut) => metricCandidates(scope, cut)),
    ...entryCandidates(scope),
  ]);
  if (few === 'none') return [];
  const collection: Collection = { sorted: sortRuns(orders), place, count };
  if (few) return rowsOf(database, collectCandidates(scope, few, collection));
  if (walked) return walkParts(database, query, walked);
  const direction = startOrder(orders);
  if (direction === null) return rowsOf(database, collectAll(scope, collection));
  const [cut] = cuts;
  const start = { direction, place, count };
  return rowsOf(database, cut ? walkMetricByStart(scope, cut, start) : walkByStart(scope, start));
}

/** The fewest candidates, when these are few. */
async function findFew(
  database: Database,
  { scope, count }: RunQuery,
  all: readonly Candidates[],
): Promise<Candidates | 'none' | null> {
  const named = namedCandidates(scope);
  if (named || all.length === 0) return named;
  const [row] = await rowsOf<{ counts: number[] }>(database, countCandidates(all, count));
  const counted = all.map((candidates, at) => ({ candidates, found: row?.counts[at] ?? 0 }));
  if (counted.some(({ found }) => found === 0)) return 'none';
  const few = counted.filter(({ candidates, found }) => found <= Math.max(candidates.few, count));
  return few.sort((one, other) => one.found - other.found)[0]?.candidates ?? null;
}

/** The metric that alone decides the order. */
function metricOrder([first, second, ...others]: readonly SearchOrder[]): SearchOrder | null {
  const isTie = !second || (second.kind === 'attribute' && second.key === 'start_time' && second.direction === 'desc');
  return first?.kind === 'metric' && isTie && others.length === 0 ? first : null;
}

/** The direction when start time alone decides the order. */
function startOrder([first, ...others]: readonly SearchOrder[]): 'asc' | 'desc' | null {
  if (!first) return 'desc';
  return first.kind === 'attribute' && first.key === 'start_time' && others.length === 0 ? first.direction : null;
}

async function walkParts(
  database: Database,
  { scope, place, count }: RunQuery,
  { key, direction }: SearchOrder,
): Promise<readonly Found[]> {
  const cut = cutByMetric(scope.conditions, key);
  const found: Found[] = [];
  for (const part of partsAfter(place)) {
    if (part.of === 'missing' && cut.own.length > 0) break; // a condition on the metric asks for a value
    found.push(
      ...(await rowsOf<Found>(database, walkByMetric(scope, cut, { direction, part, count: count - found.length }))),
    );
    if (found.length >= count) break;
  }
  return found;
}
