/** How often something was done, and how long that took in all. */
export class Tally {
  count = 0;
  ms = 0;

  add(ms: number): void {
    this.count += 1;
    this.ms += ms;
  }
}

/** Why a request was not answered: the graph could not be loaded or run, it was not its turn in time, or else, as by what was sent. */
export type FailureReason = 'graph' | 'queue' | 'other';

/** What a graph has done since it was loaded: times of requests, and of the runs that answered them. */
export class VersionStatistics {
  /** Requests from their beginning to their place in the prediction log. */
  readonly success = new Tally();
  readonly failures: Readonly<Record<FailureReason, Tally>> = {
    graph: new Tally(),
    queue: new Tally(),
    other: new Tally(),
  };
  /** Requests that waited for their first run. */
  readonly queue = new Tally();
  /** Requests: reading the rows, the runs that they took part in, deciding by the threshold. */
  readonly input = new Tally();
  readonly infer = new Tally();
  readonly output = new Tally();
  /** Requests that were looked for among the remembered ones. */
  readonly cacheHit = new Tally();
  readonly cacheMiss = new Tally();
  /** Runs, by their rows. */
  readonly runs = new Map<number, Tally>();
  /** Rows that were answered. */
  rows = 0;
  /** How sure it was of them, added up; NaN when its task does not say. */
  confidenceSum = 0;
  /** Milliseconds since 1970; 0 when nothing was answered. */
  lastAnsweredAtMs = 0;

  /** For whatever reason. */
  get failure(): Tally {
    const all = new Tally();
    for (const { count, ms } of Object.values(this.failures)) {
      all.count += count;
      all.ms += ms;
    }
    return all;
  }

  ran(rows: number, ms: number): void {
    let tally = this.runs.get(rows);
    if (!tally) {
      tally = new Tally();
      this.runs.set(rows, tally);
    }
    tally.add(ms);
  }

  answered(rows: number, ms: number): void {
    this.success.add(ms);
    this.rows += rows;
    this.lastAnsweredAtMs = Date.now();
  }
}
