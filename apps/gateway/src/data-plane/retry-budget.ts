/** Share of the requests that may be sent a second time, lastingly. */
const SHARE = 0.2;

/**
 * Bounds what retries add to the load of replicas that are in trouble already: each request earns a fifth of a retry. What was earned is
 * kept up to `most`, so that all that was under way at a replica when it died can move to another at once.
 */
export class RetryBudget {
  private earned: number;

  /** @param most retries that may follow each other without requests in between */
  constructor(private readonly most: number) {
    this.earned = most;
  }

  /** Another request came. */
  earn(): void {
    if (this.earned < this.most) this.earned += SHARE;
  }

  /** @returns whether one may be sent again; then it counts as sent */
  spend(): boolean {
    if (this.earned < 1) return false;
    this.earned -= 1;
    return true;
  }
}
