/** Steps from one row to the largest batch. */
const STEPS = 16;
/** What is left of a batch that took too long. */
const SHRUNK = 0.75;

/**
 * How many rows run together, by what runs take: a full batch that was in time lets the next one be larger by a step, one that was not lets it be
 * smaller by a quarter (additive increase, multiplicative decrease).
 */
export class BatchLimit {
  private readonly rowsMax: number;
  private readonly runMsMax: number;
  private rowsNow: number;

  /**
   * @param rowsMax never more
   * @param runMsMax time that a run may take
   * @param runMsByRows as measured at load, rising by rows: the largest in time is where it begins
   */
  constructor(rowsMax: number, runMsMax: number, runMsByRows: ReadonlyArray<readonly [number, number]>) {
    this.rowsMax = rowsMax;
    this.runMsMax = Math.max(runMsMax, 2 * (runMsByRows[0]?.[1] ?? 0)); // smaller than one row there is none
    const measured = runMsByRows.findLast(([, runMs]) => runMs <= this.runMsMax)?.[0] ?? 1;
    this.rowsNow = Math.min(measured, rowsMax);
  }

  /** Most rows of the next run, >= 1. */
  get rows(): number {
    return this.rowsNow;
  }

  ran(rows: number, runMs: number): void {
    if (runMs > this.runMsMax) this.rowsNow = Math.max(1, Math.floor(Math.min(rows, this.rowsNow) * SHRUNK));
    else if (rows >= this.rowsNow && rows < this.rowsMax)
      this.rowsNow = Math.min(this.rowsMax, this.rowsNow + Math.ceil(this.rowsMax / STEPS));
  }
}
