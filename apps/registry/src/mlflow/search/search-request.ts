import { refuseSearch } from '@gimbal/domain';
import type { Page } from './page.js';

/** Deleted things are hidden, shown alone, or shown with the others. */
export type View = 'active' | 'deleted' | 'all';

/** What every search is asked with. */
export interface SearchRequest {
  /** In MLflow's language; empty: everything. */
  readonly filter: string;
  /** Clauses such as `metrics.loss DESC`. */
  readonly orderBy: readonly string[];
  readonly maxResults: number | undefined;
  /** Of the page before. */
  readonly pageToken: string | undefined;
}

const VIEWS = { ACTIVE_ONLY: 'active', DELETED_ONLY: 'deleted', ALL: 'all' } as const;

export const viewOf = (view: keyof typeof VIEWS = 'ACTIVE_ONLY'): View => VIEWS[view];

/** The lifecycles that a view shows, as the database names them. */
export const lifecyclesOf = (view: View): string[] => (view === 'all' ? ['active', 'deleted'] : [view]);

/** What MLflow's messages of searches have in common. */
interface SearchMessage {
  readonly filter?: string | undefined;
  readonly order_by: readonly string[];
  readonly max_results?: number | bigint | undefined;
  readonly page_token?: string | undefined;
}

export const readSearch = ({ filter = '', order_by, max_results, page_token }: SearchMessage): SearchRequest => ({
  filter,
  orderBy: order_by,
  maxResults: max_results === undefined ? undefined : Number(max_results),
  pageToken: page_token || undefined,
});

/** How many results a search gives. */
export interface Limits {
  readonly usual: number;
  readonly most: number;
}

/** @throws DomainError `validation-failed` in MLflow's words */
export function readLimit(maxResults: number | undefined, { usual, most }: Limits): number {
  const limit = maxResults ?? usual;
  if (limit >= 1 && limit <= most) return limit;
  throw refuseSearch(
    `Invalid value ${limit} for parameter 'max_results' supplied. It must be ${limit < 1 ? 'a positive integer' : `at most ${most}`}`,
  );
}

/** The token of the next page, when there is one, as MLflow's messages have it. */
export const showToken = ({ nextPageToken }: Page): object =>
  nextPageToken === undefined ? {} : { next_page_token: nextPageToken };
