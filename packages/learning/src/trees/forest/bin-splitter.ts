import type { Random } from '../../random/random.js';
import { CATEGORIES_MAX, type ForestColumns } from './forest-columns.js';
import { EVERY_VALUE, type ForestSample, type NodeSplitter } from './node-splitter.js';
import { MISSING_CODE } from './rank-values.js';
import type { NodeCut } from './tree-collector.js';

/** Nodes of at most this share of the training rows read codes row by row, larger ones column by column. */
const BY_ROW_SHARE_MAX = 1 / 16;
/** Nodes of at most this many rows find their filled bins in a bit set; larger ones look at every bin. */
export const BIT_SET_ROWS_MAX = 192;
/**
 * The codes of a column in a node are laid out in bins from the least code to the greatest: at least as many bins as rows up to a limit, so that few rows share
 * one. With the 255 bins per column of boosting, full-grown forests of many classes lose one to two points of accuracy.
 */
const SMALL_NODE_BIN_BITS = 10;
const BIN_BITS_MAX = 12;

/** The bin of missing values, after those of values. */
export const MISSING_BIN = 1 << BIN_BITS_MAX;
/** Bins of a node, the one for missing included. */
export const NODE_BINS = MISSING_BIN + 1;

/** A cut in terms of bins, kept in one mutable place: a forest judges millions. */
export interface BestCut {
  /** -1 while there is none. */
  feature: number;
  /** Larger is better; what it means is up to the splitter. */
  score: number;
  /** Codes up to this one go left; unused at a cut of categories. */
  code: number;
  /** 1 when missing goes left. */
  missingLeft: number;
  /** At a cut of categories the first `leftCount` of `leftCodes` go left; else 0. */
  leftCount: number;
  readonly leftCodes: Uint8Array;
}

/** Which rows go where at a cut. */
export interface CutSides {
  readonly hasMissing: boolean;
  /** 1 when missing goes left; of no account when the node has no missing values. */
  readonly missingLeft: number;
  /** 1 when the left child has at least half of the rows, else 0. */
  readonly leftIsLarger: number;
}

/**
 * What splitters on binned columns share: which bins a node fills, and how a cut between bins is carried out and told in raw values.
 *
 * A cut between two bins that a node fills goes into the middle of the empty bins between them: hugging the left one costs accuracy
 * on rows that were not drawn for the tree. A cut of categories is told by the codes of the smaller child, so that a code that
 * does not occur in the node follows the larger one, as missing values do when the node has none.
 */
export abstract class BinSplitter implements NodeSplitter {
  nodeWeight = 0;
  isPure = false;
  protected rows: Int32Array = new Int32Array(0);
  protected start = 0;
  protected end = 0;
  /** Codes of the column that {@link aim} named last: that of position i at i * `cellStep` + `cellOffset`. */
  protected cells: Uint16Array = new Uint16Array(0);
  protected cellStep = 1;
  protected cellOffset = 0;
  /** Filled bins of the column under scan, ascending unless reordered; the missing one is not among them. */
  protected readonly filled = new Uint16Array(NODE_BINS);
  /** Bin of each row of the node under the last column laid out. */
  protected readonly nodeBins: Uint16Array;
  /** Whether the codes gathered last have missing ones among them. */
  protected hasGaps = false;
  protected lowest = 0;
  protected shift = 0;
  protected readonly best: BestCut = {
    feature: -1,
    score: -1,
    code: 0,
    missingLeft: 0,
    leftCount: 0,
    leftCodes: new Uint8Array(CATEGORIES_MAX),
  };
  private readonly held: Int32Array;
  private readonly goesLeft = new Uint8Array(CATEGORIES_MAX);
  protected readonly bits = new Int32Array((1 << SMALL_NODE_BIN_BITS) >> 5);

  constructor(protected readonly columns: ForestColumns) {
    this.held = new Int32Array(columns.rowCount);
    this.nodeBins = new Uint16Array(columns.rowCount);
  }

  abstract begin(sample: ForestSample, random: Random): void;
  abstract enter(rows: Int32Array, start: number, end: number): void;
  abstract scan(feature: number): void;
  abstract meanOf(output: number): number;
  /** What the best cut gained, >= 0. */
  protected abstract gain(): number;

  get hasCut(): boolean {
    return this.best.feature >= 0;
  }

  protected open(rows: Int32Array, start: number, end: number): void {
    this.rows = rows;
    this.start = start;
    this.end = end;
    this.best.feature = -1;
    this.best.score = -1;
    this.cellStep = end - start <= this.columns.rowCount * BY_ROW_SHARE_MAX ? this.columns.codes.length : 1;
  }

  /** Chooses where the codes of a column are read in this node. */
  protected aim(feature: number): void {
    const isByRow = this.cellStep > 1;
    this.cells = isByRow ? this.columns.byRow : this.columns.codes[feature]!;
    this.cellOffset = isByRow ? feature : 0;
  }

  /**
   * Lays the codes of a column in this node out in bins, into {@link nodeBins}, and lists the filled ones in {@link filled}.
   *
   * @param counts cleared; from now the rows of each filled bin and of {@link MISSING_BIN}
   * @returns how many value bins are filled
   */
  protected layOut(feature: number, counts: Int32Array): number {
    const { nodeBins } = this;
    const count = this.end - this.start;
    const last = this.gatherCodes(feature);
    const { lowest, shift } = this;
    for (let k = 0; k < count; k++) {
      const code = nodeBins[k]!;
      const bin = code === MISSING_CODE ? MISSING_BIN : (code - lowest) >> shift;
      nodeBins[k] = bin;
      counts[bin]!++;
    }
    return count <= BIT_SET_ROWS_MAX ? this.listByBits(count) : this.listByCounts(counts, last);
  }

  /**
   * Copies the codes of the rows of the node to {@link nodeBins} and chooses how they are laid out: the bin of a code is
   * (code - `lowest`) >> `shift`.
   *
   * @returns the bin of the greatest code
   */
  protected gatherCodes(feature: number): number {
    this.aim(feature);
    const { rows, start, end, nodeBins, cells, cellStep, cellOffset } = this;
    let lowest = MISSING_CODE;
    let highest = -1;
    this.hasGaps = false;
    for (let i = start, k = 0; i < end; i++, k++) {
      const code = cells[rows[i]! * cellStep + cellOffset]!;
      nodeBins[k] = code;
      if (code < lowest) lowest = code;
      if (code > highest) highest = code;
    }
    if (highest === MISSING_CODE) {
      this.hasGaps = true;
      highest = 0;
      for (let k = 0; k < end - start; k++) if (nodeBins[k] !== MISSING_CODE) highest = Math.max(highest, nodeBins[k]!);
      lowest = Math.min(lowest, highest);
    }
    const count = end - start;
    const bits = count <= BIT_SET_ROWS_MAX ? SMALL_NODE_BIN_BITS : Math.min(BIN_BITS_MAX, 32 - Math.clz32(count));
    this.lowest = lowest;
    this.shift = Math.max(0, 32 - Math.clz32(highest - lowest) - bits);
    return (highest - lowest) >> this.shift;
  }

  private listByCounts(counts: Int32Array, lastBin: number): number {
    let size = 0;
    for (let bin = 0; bin <= lastBin; bin++) if (counts[bin] !== 0) this.filled[size++] = bin;
    return size;
  }

  private listByBits(count: number): number {
    const { nodeBins, filled, bits } = this;
    bits.fill(0);
    for (let k = 0; k < count; k++) {
      const bin = nodeBins[k]!;
      if (bin !== MISSING_BIN) bits[bin >> 5]! |= 1 << (bin & 31);
    }
    let size = 0;
    for (let word = 0; word < bits.length; word++) {
      for (let left = bits[word]!; left !== 0; left &= left - 1) {
        filled[size++] = (word << 5) | (31 - Math.clz32(left & -left));
      }
    }
    return size;
  }

  /** The code in the middle between two bins of the last column laid out: the left one's are not above it, the right one's are. */
  private codeBetween(leftBin: number, rightBin: number): number {
    const last = this.lowest + ((leftBin + 1) << this.shift) - 1;
    const next = this.lowest + (rightBin << this.shift);
    return last + ((next - last) >> 1);
  }

  /** Keeps a cut of numbers between two filled bins, of a node without missing values. */
  protected keepBetween(feature: number, score: number, leftBin: number, rightBin: number, leftIsLarger: number): void {
    const { best } = this;
    best.feature = feature;
    best.score = score;
    best.missingLeft = leftIsLarger;
    best.leftCount = 0;
    best.code = this.codeBetween(leftBin, rightBin);
  }

  /** Keeps a cut after the first `leftCount` of `size` filled bins. */
  protected keep(feature: number, score: number, leftCount: number, size: number, sides: CutSides): void {
    const { best, filled, columns } = this;
    const { hasMissing, leftIsLarger } = sides;
    best.feature = feature;
    best.score = score;
    best.missingLeft = hasMissing ? sides.missingLeft : leftIsLarger;
    best.leftCount = 0;
    if (columns.members[feature] === null) {
      // When only missing goes right, every value goes left.
      best.code =
        leftCount === size
          ? columns.codeCounts[feature]! - 1
          : this.codeBetween(filled[leftCount - 1]!, filled[leftCount]!);
      return;
    }
    const isTurned = leftIsLarger === 1 && leftCount < size;
    if (isTurned) best.missingLeft = 1 - best.missingLeft;
    const [from, to] = isTurned ? [leftCount, size] : [0, leftCount];
    for (let i = from; i < to; i++) best.leftCodes[best.leftCount++] = filled[i]! + this.lowest;
  }

  cutRows(): number {
    const { rows, start, end, held, best } = this;
    this.aim(best.feature);
    const { cells, cellStep, cellOffset } = this;
    const { missingLeft } = best;
    const isCategorical = best.leftCount > 0;
    if (isCategorical) this.markCategories();
    const side = this.goesLeft;
    let left = start;
    let right = 0;
    for (let i = start; i < end; i++) {
      const row = rows[i]!;
      const code = cells[row * cellStep + cellOffset]!;
      let goes: number;
      if (code === MISSING_CODE) goes = missingLeft;
      else if (isCategorical) goes = side[code]!;
      else goes = (code - best.code - 1) >>> 31; // the sign: 1 up to the code, else 0
      // Both are written and one is kept: which way a row goes can't be foretold, so a branch would be wrong half the time.
      rows[left] = row;
      held[right] = row;
      left += goes;
      right += 1 - goes;
    }
    for (let i = 0; i < right; i++) rows[left + i] = held[i]!;
    return left;
  }

  private markCategories(): void {
    const { best, goesLeft } = this;
    goesLeft.fill(0);
    for (let i = 0; i < best.leftCount; i++) goesLeft[best.leftCodes[i]!] = 1;
  }

  describeCut(): NodeCut {
    const { best, columns } = this;
    const { feature, missingLeft } = best;
    const members = columns.members[feature]!;
    if (members !== null) {
      const codes: number[] = [];
      for (let i = 0; i < best.leftCount; i++) codes.push(...members[best.leftCodes[i]!]!);
      return { feature, threshold: 0, categories: codes.sort((a, b) => a - b), missingLeft, gain: this.gain() };
    }
    const edges = columns.edges[feature]!;
    const threshold = best.code < edges.length ? edges[best.code]! : EVERY_VALUE;
    return { feature, threshold, categories: null, missingLeft, gain: this.gain() };
  }
}
