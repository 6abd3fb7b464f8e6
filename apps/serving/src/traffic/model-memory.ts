/** What takes memory and can give it back. */
export interface Resident {
  /** Answers rows, or is about to. */
  readonly isBusy: boolean;
  /** When it last answered or, before it did, when it was loaded; ms since 1970. */
  readonly usedAtMs: number;
  /** Requests that were answered since it was loaded. */
  readonly answered: number;
  /** Takes no more rows; its memory is free when its last rows are answered. */
  unload(): void;
}

/** For this long (ms) after its last answer, what was asked more than once goes after what was asked once. */
const ESTABLISHED_MS = 600_000;
const ESTABLISHED_ANSWERS = 2;

/**
 * Shares the memory for graphs. What is loaded beyond the budget takes the place of what was not used for the longest time; a graph that answers
 * again and again gives way only when none is left that was asked once, so that a walk over all models costs no busy one its place. What is
 * at work is never unloaded: while all of them are, and for a single graph that is larger than the budget, more is held than it allows.
 */
export class ModelMemory {
  private readonly held = new Map<Resident, number>();
  private bytes = 0;

  constructor(private readonly budgetBytes: number) {}

  /** Estimated bytes of all graphs that are loaded or being loaded. */
  get usedBytes(): number {
    return this.bytes;
  }

  get isFull(): boolean {
    return this.bytes >= this.budgetBytes;
  }

  /** Makes room for a graph that is about to be loaded, and counts it. */
  take(resident: Resident, bytes: number): void {
    this.giveBack(resident);
    while (this.bytes > 0 && this.bytes + bytes > this.budgetBytes) {
      const victim = this.chooseVictim(Date.now());
      if (!victim) break;
      this.giveBack(victim);
      victim.unload();
    }
    this.held.set(resident, bytes);
    this.bytes += bytes;
  }

  /** For a graph that was unloaded or could not be loaded; counts once. */
  giveBack(resident: Resident): void {
    this.bytes -= this.held.get(resident) ?? 0;
    this.held.delete(resident);
  }

  private chooseVictim(nowMs: number): Resident | undefined {
    const isEstablished = ({ answered, usedAtMs }: Resident): boolean =>
      answered >= ESTABLISHED_ANSWERS && nowMs - usedAtMs < ESTABLISHED_MS;
    let victim: Resident | undefined;
    for (const resident of this.held.keys()) {
      if (resident.isBusy) continue;
      const goesFirst =
        !victim ||
        (isEstablished(resident) === isEstablished(victim)
          ? resident.usedAtMs < victim.usedAtMs
          : isEstablished(victim));
      if (goesFirst) victim = resident;
    }
    return victim;
  }
}
