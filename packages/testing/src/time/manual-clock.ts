/** A clock that stands still until it is told to move. Pass `() => clock.now()` where a function of the time is wanted. */
export class ManualClock {
  private milliseconds: number;

  /** @param start an instant or its ISO 8601 text. */
  constructor(start: Date | string = '2026-01-01T00:00:00.000Z') {
    this.milliseconds = new Date(start).getTime();
    if (Number.isNaN(this.milliseconds)) throw new RangeError(`Not a time: ${String(start)}`);
  }

  /** A new Date each time, so that nobody moves the clock by changing it. */
  now(): Date {
    return new Date(this.milliseconds);
  }

  /** Moves forward by so many milliseconds, >= 0. */
  advance(milliseconds: number): void {
    if (!(milliseconds >= 0)) throw new RangeError('A clock does not go backwards; use moveTo.');
    this.milliseconds += milliseconds;
  }

  /** Jumps to an instant, backwards too: as when a machine's clock is set. */
  moveTo(time: Date | string): void {
    this.milliseconds = new Date(time).getTime();
  }
}
