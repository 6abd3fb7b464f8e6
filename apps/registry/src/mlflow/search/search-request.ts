/** Deleted things are hidden, shown alone, or shown with the others. */
export type View = 'active' | 'deleted' | 'all';

/** What every search is asked with. */
export interface SearchRequest {
  /** In MLflow's language; empty: everything. */
  readonly filter?: string | undefined;
  /** Clauses such as `metrics.loss DESC`. */
  readonly orderBy?: readonly string[] | undefined;
  readonly maxResults?: number | undefined;
  /** Of the page before. */
  readonly pageToken?: string | undefined;
}

/** The lifecycles that a view shows, as the database names them. */
export const lifecyclesOf = (view: View): string[] => (view === 'all' ? ['active', 'deleted'] : [view]);
