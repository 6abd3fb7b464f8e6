/** Small whole numbers are counted in an array, everything else in a map. */
const SMALL = 1_024;

/**
 * Counts different values up to a limit. Beyond it new values are only noticed, not kept: those kept were met first, so the frequent ones are
 * among them unless the data are sorted by this column.
 */
export class ValueCounter {
  isFull = false;
  private readonly small = new Uint32Array(SMALL);
  private readonly numbers = new Map<number, number>();
  private readonly texts = new Map<string, number>();
  private smallDistinct = 0;

  constructor(private readonly limit: number) {}

  /** Different values kept. */
  get distinct(): number {
    return this.smallDistinct + this.numbers.size + this.texts.size;
  }

  addNumber(value: number): void {
    // A column of measurements is full at once; after that its values are not worth a look-up each.
    if (this.isFull) return;
    if (value >= 0 && value < SMALL && Number.isInteger(value)) {
      if (this.small[value]!++ === 0) this.smallDistinct++;
      return;
    }
    const count = this.numbers.get(value);
    if (count !== undefined) this.numbers.set(value, count + 1);
    else if (this.distinct >= this.limit) this.isFull = true;
    else this.numbers.set(value, 1);
  }

  /** True when this value was met for the first time and kept. */
  addText(value: string): boolean {
    const count = this.texts.get(value);
    if (count !== undefined) this.texts.set(value, count + 1);
    else if (this.distinct >= this.limit) this.isFull = true;
    else {
      this.texts.set(value, 1);
      return true;
    }
    return false;
  }

  /** The numbers kept, with their counts, ascending. */
  numberCounts(): (readonly [number, number])[] {
    const small = [...this.small.entries()].filter(([, count]) => count > 0);
    return [...small, ...this.numbers].sort(([a], [b]) => a - b);
  }

  /** The texts kept, with their counts, in the order of their code units. */
  textCounts(): (readonly [string, number])[] {
    return [...this.texts].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  }
}
