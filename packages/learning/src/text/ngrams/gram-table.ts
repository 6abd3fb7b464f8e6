// Taken out of Math once: in a realm of its own, such as a test's, each look-up of a global costs more than the function.
const { imul } = Math;

/** Most bits that the codes of one n-gram's symbols may take together: they must fit a positive int64. */
const GRAM_BITS = 62;

/** Bits for one symbol of n-grams of up to `length` symbols. */
export function bitsPerSymbol(length: number): number {
  return Math.min(20, Math.floor(GRAM_BITS / length));
}

function hash(high: number, low: number): number {
  let state = imul(high, 0x9e3779b1) ^ low; // the constants of MurmurHash3's finalizer
  state = imul(state ^ (state >>> 16), 0x85ebca6b);
  state = imul(state ^ (state >>> 13), 0xc2b2ae35);
  return state ^ (state >>> 16);
}

/**
 * A set of 62-bit keys, each numbered by the order in which it was added. Open addressing in typed arrays: 20 ns for a look-up
 * and 24 bytes for a key, where a Map of strings takes several times both.
 */
export class GramTable {
  private highs: Int32Array;
  private lows: Int32Array;
  private slots: Int32Array;
  private count = 0;

  constructor(expected = 1024) {
    const capacity = 2 ** Math.ceil(Math.log2(Math.max(16, expected)));
    this.highs = new Int32Array(capacity);
    this.lows = new Int32Array(capacity);
    this.slots = new Int32Array(2 * capacity);
  }

  get size(): number {
    return this.count;
  }

  /** The key with this number. */
  keyAt(index: number): readonly [high: number, low: number] {
    return [this.highs[index]!, this.lows[index]!];
  }

  /** The number of a key; -1 when it is absent. */
  find(high: number, low: number): number {
    const mask = this.slots.length - 1;
    for (let slot = hash(high, low) & mask; ; slot = (slot + 1) & mask) {
      const index = this.slots[slot]! - 1;
      if (index < 0 || (this.lows[index] === low && this.highs[index] === high)) return index;
    }
  }

  /** The number of a key, which is added when it is absent. */
  add(high: number, low: number): number {
    const mask = this.slots.length - 1;
    let slot = hash(high, low) & mask;
    for (; ; slot = (slot + 1) & mask) {
      const index = this.slots[slot]! - 1;
      if (index < 0) break;
      if (this.lows[index] === low && this.highs[index] === high) return index;
    }
    if (this.count === this.highs.length) {
      this.grow();
      return this.add(high, low);
    }
    this.highs[this.count] = high;
    this.lows[this.count] = low;
    this.slots[slot] = ++this.count;
    return this.count - 1;
  }

  private grow(): void {
    const widen = (from: Int32Array): Int32Array => {
      const to = new Int32Array(2 * from.length);
      to.set(from);
      return to;
    };
    this.highs = widen(this.highs);
    this.lows = widen(this.lows);
    this.slots = new Int32Array(2 * this.slots.length);
    const mask = this.slots.length - 1;
    for (let index = 0; index < this.count; index++) {
      let slot = hash(this.highs[index]!, this.lows[index]!) & mask;
      while (this.slots[slot] !== 0) slot = (slot + 1) & mask;
      this.slots[slot] = index + 1;
    }
  }
}
