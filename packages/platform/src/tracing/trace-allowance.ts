const SECOND_MS = 1_000;

/** How many traces a process keeps because strangers ask for it: so many a second, whoever asks. */
export class TraceAllowance {
  private left: number;
  private toppedUpMs = 0;

  /** @param perSecond also how many may follow each other at once */
  constructor(private readonly perSecond: number) {
    this.left = perSecond;
  }

  /**
   * Takes one.
   * @param nowMs never goes back
   * @returns false when there is none left
   */
  take(nowMs: number): boolean {
    const earned = ((nowMs - this.toppedUpMs) * this.perSecond) / SECOND_MS;
    this.left = Math.min(this.perSecond, this.left + earned);
    this.toppedUpMs = nowMs;
    if (this.left < 1) return false;
    this.left -= 1;
    return true;
  }
}
