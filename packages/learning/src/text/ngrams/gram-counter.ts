import { GramTable } from './gram-table.js';

/** Counts in how many texts each key occurs, in bounded memory. */
export class GramCounter {
  private table = new GramTable();
  private counts = new Int32Array(1024);
  private lastTexts = new Int32Array(1024).fill(-1);
  private floor = 0;

  /** @param sizeMax keys held at once; beyond it the rarest are forgotten (lossy counting, Manku and Motwani, 2002) */
  constructor(private readonly sizeMax: number) {}

  /** True when keys were forgotten: counts may then be too small by a few. */
  get isLossy(): boolean {
    return this.floor > 0;
  }

  /** Notes that a text has a key; texts come one after the other, so a second time in one text counts nothing. */
  add(high: number, low: number, text: number): void {
    const index = this.table.add(high, low);
    if (index >= this.counts.length) this.grow();
    if (this.lastTexts[index] === text) return;
    this.lastTexts[index] = text;
    this.counts[index]!++;
  }

  /** Forgets the rarest keys when there are too many. Call between texts. */
  trim(): void {
    while (this.table.size > this.sizeMax) {
      this.floor++;
      const { table, counts } = this;
      this.table = new GramTable();
      this.counts = new Int32Array(1024);
      this.lastTexts = new Int32Array(1024).fill(-1);
      for (let i = 0; i < table.size; i++) {
        if (counts[i]! <= this.floor) continue;
        const index = this.table.add(...table.keyAt(i));
        if (index >= this.counts.length) this.grow();
        this.counts[index] = counts[i]!;
      }
    }
  }

  /** Keys that occur in at least `least` texts. */
  list(least: number): { readonly high: number; readonly low: number; readonly count: number }[] {
    const listed = [];
    for (let i = 0; i < this.table.size; i++) {
      const count = this.counts[i]!;
      if (count < least) continue;
      const [high, low] = this.table.keyAt(i);
      listed.push({ high, low, count });
    }
    return listed;
  }

  private grow(): void {
    const counts = new Int32Array(2 * this.counts.length);
    counts.set(this.counts);
    const lastTexts = new Int32Array(counts.length).fill(-1);
    lastTexts.set(this.lastTexts);
    this.counts = counts;
    this.lastTexts = lastTexts;
  }
}
