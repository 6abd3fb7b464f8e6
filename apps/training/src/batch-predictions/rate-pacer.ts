import { setTimeout as pause } from 'node:timers/promises';

/** Lets so many rows pass in a second, evenly, whoever sends them. */
export class RatePacer {
  private nextAtMs = 0;

  constructor(private readonly rowsPerSecond: number) {}

  /** Resolves when `rows` may be sent; rejects when the signal aborts meanwhile. */
  async pass(rows: number, signal: AbortSignal): Promise<void> {
    const now = performance.now();
    const at = Math.max(now, this.nextAtMs);
    this.nextAtMs = at + (1_000 * rows) / this.rowsPerSecond;
    if (at > now) await pause(at - now, undefined, { signal });
  }
}
