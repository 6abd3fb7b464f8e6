import type { Random } from '../../random/random.js';
import { BIT_SET_ROWS_MAX, NODE_BINS } from './bin-splitter.js';
import type { ForestColumns } from './forest-columns.js';
import type { ForestSample } from './node-splitter.js';
import { MISSING_CODE } from './rank-values.js';
import { ValueSplitter } from './value-splitter.js';

/** Rows and positives of a bin share a word, each in 16 bits, one of them for the sign. */
const WORD_WEIGHT_MAX = 32_767;

/** Nodes of at most this many rows are sorted: most nodes of a deep tree are small. At most 32. */
const SORTED_ROWS_MAX = 20;

/**
 * {@link ValueSplitter} for the common case: two classes, rows that count whole times (as a bootstrap draws them), a
 * numeric column without gaps, leaves of one row. Rows and positives of a bin are one word, so that one addition counts both, and bins are
 * judged while they are read. The cuts and their gains are the same.
 */
export class CountSplitter extends ValueSplitter {
  /** By position: how often the tree drew the row, and the same again in the lower half when its target is 1. */
  private readonly rowWords: Int32Array;
  /** Words of the rows of the node. */
  private readonly words: Int32Array;
  private readonly binWords = new Int32Array(NODE_BINS);
  private readonly filledWords = new Int32Array(NODE_BINS);
  private readonly keys = new Int32Array(SORTED_ROWS_MAX);
  private areWhole = false;
  private isPacked = false;
  private isGathered = false;

  /** @param target 0 or 1 per row */
  constructor(
    columns: ForestColumns,
    private readonly positive: Float64Array,
  ) {
    super(columns, positive, 1);
    this.rowWords = new Int32Array(columns.rowCount);
    this.words = new Int32Array(columns.rowCount);
  }

  override begin(sample: ForestSample, random: Random): void {
    super.begin(sample, random);
    const { rowWords, positive } = this;
    this.areWhole = true;
    for (const row of sample.rows) {
      const weight = sample.weights[row]!;
      if (!Number.isInteger(weight) || weight > WORD_WEIGHT_MAX) this.areWhole = false;
      rowWords[row] = weight * (0x10000 + positive[row]!);
    }
  }

  override enter(rows: Int32Array, start: number, end: number): void {
    this.isPacked = false;
    this.isGathered = !this.areWhole;
    if (this.isGathered) {
      super.enter(rows, start, end);
      return;
    }
    this.open(rows, start, end);
    const { rowWords, words } = this;
    let weight = 0;
    let sum = 0;
    for (let i = start, k = 0; i < end; i++, k++) {
      const word = rowWords[rows[i]!]!;
      words[k] = word;
      weight += word >>> 16;
      sum += word & 0xffff;
    }
    this.nodeWeight = weight;
    this.nodeSum = sum;
    this.isPure = sum === 0 || sum === weight;
    this.isPacked = weight <= WORD_WEIGHT_MAX;
  }

  override scan(feature: number): void {
    if (!this.isPacked || this.columns.members[feature] !== null) {
      this.scanAny(feature);
      return;
    }
    if (this.end - this.start <= SORTED_ROWS_MAX) {
      if (!this.scanSorted(feature)) this.scanAny(feature);
      return;
    }
    const last = this.gatherCodes(feature);
    if (this.hasGaps) this.scanAny(feature);
    else if (last === 0) return;
    else if (this.end - this.start <= BIT_SET_ROWS_MAX) this.scanSmall(feature, last);
    else this.scanLarge(feature, last);
  }

  /** Judges the column as {@link ValueSplitter} does. */
  private scanAny(feature: number): void {
    if (!this.isGathered) {
      this.isGathered = true;
      this.gather();
    }
    super.scan(feature);
  }

  /** Sorts the rows by code (insertion sort) and judges every cut between two codes; false when a value is missing. */
  private scanSorted(feature: number): boolean {
    this.aim(feature);
    const { rows, start, cells, cellStep, cellOffset, keys, words, nodeWeight, nodeSum } = this;
    const count = this.end - start;
    for (let k = 0; k < count; k++) {
      const key = (cells[rows[start + k]! * cellStep + cellOffset]! << 5) | k;
      let at = k;
      for (; at > 0 && keys[at - 1]! > key; at--) keys[at] = keys[at - 1]!;
      keys[at] = key;
    }
    if (keys[count - 1]! >> 5 === MISSING_CODE) return false;
    this.lowest = 0;
    this.shift = 0;
    let { score } = this.best;
    let cutAt = -1;
    let leftWeight = 0;
    let seen = words[keys[0]! & 31]!;
    for (let k = 1; k < count; k++) {
      if (keys[k]! >> 5 !== keys[k - 1]! >> 5) {
        const weight = seen >>> 16;
        const sum = seen & 0xffff;
        const rest = nodeSum - sum;
        const others = nodeWeight - weight;
        const sides = weight * others;
        const gained = sum * sum * others + rest * rest * weight;
        if (gained > score * sides && gained / sides > score) {
          score = gained / sides;
          cutAt = k;
          leftWeight = weight;
        }
      }
      seen += words[keys[k]! & 31]!;
    }
    if (cutAt < 0) return true;
    const leftIsLarger = Number(2 * leftWeight >= nodeWeight);
    this.keepBetween(feature, score, keys[cutAt - 1]! >> 5, keys[cutAt]! >> 5, leftIsLarger);
    return true;
  }

  private scanSmall(feature: number, last: number): void {
    const { nodeBins, words, binWords, bits, lowest, shift, nodeWeight, nodeSum } = this;
    const count = this.end - this.start;
    const wordCount = (last >> 5) + 1;
    for (let word = 0; word < wordCount; word++) bits[word] = 0;
    for (let k = 0; k < count; k++) {
      const bin = (nodeBins[k]! - lowest) >> shift;
      binWords[bin]! += words[k]!;
      bits[bin >> 5]! |= 1 << (bin & 31);
    }
    let { score } = this.best;
    let leftBin = -1;
    let rightBin = -1;
    let leftWeight = 0;
    let before = -1;
    let seen = 0;
    for (let word = 0; word < wordCount; word++) {
      for (let left = bits[word]!; left !== 0; left &= left - 1) {
        const bin = (word << 5) | (31 - Math.clz32(left & -left));
        if (before >= 0) {
          const weight = seen >>> 16;
          const sum = seen & 0xffff;
          const rest = nodeSum - sum;
          const others = nodeWeight - weight;
          const sides = weight * others;
          const gained = sum * sum * others + rest * rest * weight;
          if (gained > score * sides && gained / sides > score) {
            score = gained / sides;
            leftBin = before;
            rightBin = bin;
            leftWeight = weight;
          }
        }
        seen += binWords[bin]!;
        binWords[bin] = 0;
        before = bin;
      }
    }
    if (leftBin >= 0) this.keepBetween(feature, score, leftBin, rightBin, Number(2 * leftWeight >= nodeWeight));
  }

  private scanLarge(feature: number, last: number): void {
    const { nodeBins, words, binWords, lowest, shift, nodeWeight, nodeSum } = this;
    const count = this.end - this.start;
    for (let k = 0; k < count; k++) binWords[(nodeBins[k]! - lowest) >> shift]! += words[k]!;
    const size = this.listWords(last);
    const { filled, filledWords } = this;
    let { score } = this.best;
    let cutAt = 0;
    let leftWeight = 0;
    let seen = 0;
    for (let i = 1; i < size; i++) {
      seen += filledWords[i - 1]!;
      const weight = seen >>> 16;
      const sum = seen & 0xffff;
      const rest = nodeSum - sum;
      const others = nodeWeight - weight;
      const sides = weight * others;
      const gained = sum * sum * others + rest * rest * weight;
      if (gained > score * sides && gained / sides > score) {
        score = gained / sides;
        cutAt = i;
        leftWeight = weight;
      }
    }
    if (cutAt === 0) return;
    const leftIsLarger = Number(2 * leftWeight >= nodeWeight);
    this.keepBetween(feature, score, filled[cutAt - 1]!, filled[cutAt]!, leftIsLarger);
  }

  /**
   * Lists the filled bins up to `last` with their words, and empties them. Which are filled can't be foretold, so every bin is written and the
   * filled ones are kept.
   */
  private listWords(last: number): number {
    const { binWords, filled, filledWords } = this;
    let size = 0;
    for (let bin = 0; bin <= last; bin++) {
      const word = binWords[bin]!;
      filled[size] = bin;
      filledWords[size] = word;
      size += -word >>> 31;
      binWords[bin] = 0;
    }
    return size;
  }
}
