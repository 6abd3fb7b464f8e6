const SLOTS = 10;

/** Calls and failures of the last while, in ten slots of equal length: the window moves on by a tenth of its length. Times are given, in ms. */
export class ErrorWindow {
  private readonly slotMs: number;
  private readonly callsBySlot = new Uint32Array(SLOTS);
  private readonly failuresBySlot = new Uint32Array(SLOTS);
  private newest = 0;
  private callCount = 0;
  private failureCount = 0;

  /** @param seconds length of the window, > 0 */
  constructor(seconds: number) {
    this.slotMs = (seconds * 1_000) / SLOTS;
  }

  add(outcome: 'success' | 'failure', nowMs: number): void {
    const slot = this.moveTo(nowMs);
    this.callsBySlot[slot] = (this.callsBySlot[slot] ?? 0) + 1;
    this.callCount += 1;
    if (outcome === 'success') return;
    this.failuresBySlot[slot] = (this.failuresBySlot[slot] ?? 0) + 1;
    this.failureCount += 1;
  }

  /** As of the last call that was added. */
  get calls(): number {
    return this.callCount;
  }

  /** Share of failed calls, in [0, 1]; 0 without calls. */
  get errorRate(): number {
    return this.callCount === 0 ? 0 : this.failureCount / this.callCount;
  }

  clear(): void {
    this.callsBySlot.fill(0);
    this.failuresBySlot.fill(0);
    this.callCount = 0;
    this.failureCount = 0;
  }

  /** Forgets what is older than the window. */
  private moveTo(nowMs: number): number {
    const now = Math.floor(nowMs / this.slotMs);
    if (now - this.newest >= SLOTS) this.clear();
    else
      for (let number = this.newest + 1; number <= now; number++) {
        const slot = number % SLOTS;
        this.callCount -= this.callsBySlot[slot] ?? 0;
        this.failureCount -= this.failuresBySlot[slot] ?? 0;
        this.callsBySlot[slot] = 0;
        this.failuresBySlot[slot] = 0;
      }
    this.newest = Math.max(this.newest, now);
    return this.newest % SLOTS;
  }
}
