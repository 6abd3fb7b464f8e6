import type { Random } from '../../random/random.js';
import { BINS_MAX, type ForestColumns } from './forest-columns.js';
import { EVERY_VALUE, type ForestSample, type NodeSplitter } from './node-splitter.js';
import type { NodeCut, TreeCollector } from './tree-collector.js';

/** Nodes of at most this many rows find their filled bins in a bit set; larger ones look at every bin. */
const BIT_SET_ROWS_MAX = 192;

/** A cut in terms of bins, kept in one mutable place: a forest judges millions. */
export interface BestCut {
  /** -1 while there is none. */
  feature: number;
  /** Larger is better; what it means is up to the splitter. */
  score: number;
  /** Bins up to this one go left; unused at a cut of categories. */
  bin: number;
  /** 1 when missing goes left. */
  missingLeft: number;
  /** At a cut of categories the first `leftBins` of `bins` go left; else 0. */
  leftBins: number;
  readonly bins: Uint8Array;
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
  /** Filled bins of the column under scan, ascending unless reordered; the missing one is not among them. */
  protected readonly filled = new Uint8Array(BINS_MAX);
  protected readonly best: BestCut = {
    feature: -1,
    score: -1,
    bin: 0,
    missingLeft: 0,
    leftBins: 0,
    bins: new Uint8Array(BINS_MAX),
  };
  private readonly held: Int32Array;
  private readonly goesLeft = new Uint8Array(BINS_MAX);
  private readonly bits = new Int32Array(BINS_MAX >> 5);

  constructor(protected readonly columns: ForestColumns) {
    this.held = new Int32Array(columns.rowCount);
  }

  abstract begin(sample: ForestSample, random: Random): void;
  abstract enter(rows: Int32Array, start: number, end: number): void;
  abstract scan(feature: number): void;
  abstract writeLeaf(tree: TreeCollector, node: number): void;
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
  }

  /**
   * Lists the filled bins of a column in {@link filled}.
   *
   * @param counts rows per bin, or anything that is not 0 where the bin is filled; read only in large nodes
   */
  protected listFilled(bins: Uint8Array, valueBins: number, counts: Float64Array | Int32Array): number {
    const { rows, start, end, filled, bits } = this;
    let size = 0;
    if (end - start > BIT_SET_ROWS_MAX) {
      for (let bin = 0; bin < valueBins; bin++) if (counts[bin] !== 0) filled[size++] = bin;
      return size;
    }
    bits.fill(0);
    for (let i = start; i < end; i++) {
      const bin = bins[rows[i]!]!;
      bits[bin >> 5]! |= 1 << (bin & 31);
    }
    for (let word = 0; word < bits.length; word++) {
      for (let left = bits[word]!; left !== 0; left &= left - 1) {
        filled[size++] = (word << 5) | (31 - Math.clz32(left & -left));
      }
    }
    if (size > 0 && filled[size - 1] === valueBins) size--;
    return size;
  }

  /** Keeps a cut after the first `leftCount` of `size` filled bins. */
  protected keep(feature: number, score: number, leftCount: number, size: number, sides: CutSides): void {
    const { best, filled, columns } = this;
    const { hasMissing, leftIsLarger } = sides;
    best.feature = feature;
    best.score = score;
    best.missingLeft = hasMissing ? sides.missingLeft : leftIsLarger;
    best.leftBins = 0;
    if (columns.members[feature] === null) {
      const low = filled[leftCount - 1]!;
      // When only missing goes right, every value goes left.
      best.bin = leftCount === size ? columns.valueBins[feature]! - 1 : low + ((filled[leftCount]! - low) >> 1);
      return;
    }
    const isTurned = leftIsLarger === 1 && leftCount < size;
    if (isTurned) best.missingLeft = 1 - best.missingLeft;
    const [from, to] = isTurned ? [leftCount, size] : [0, leftCount];
    for (let i = from; i < to; i++) best.bins[best.leftBins++] = filled[i]!;
  }

  cutRows(): number {
    const { rows, start, end, held, best } = this;
    const bins = this.columns.bins[best.feature]!;
    const side = this.markSides();
    let left = start;
    let right = 0;
    for (let i = start; i < end; i++) {
      const row = rows[i]!;
      const goes = side[bins[row]!]!;
      // Both are written and one is kept: which way a row goes can't be foretold, so a branch would be wrong half the time.
      rows[left] = row;
      held[right] = row;
      left += goes;
      right += 1 - goes;
    }
    for (let i = 0; i < right; i++) rows[left + i] = held[i]!;
    return left;
  }

  /** Which bins go left. */
  private markSides(): Uint8Array {
    const { best, goesLeft, columns } = this;
    const missingBin = columns.valueBins[best.feature]!;
    if (best.leftBins > 0) {
      goesLeft.fill(0, 0, missingBin);
      for (let i = 0; i < best.leftBins; i++) goesLeft[best.bins[i]!] = 1;
    } else {
      goesLeft.fill(1, 0, best.bin + 1);
      goesLeft.fill(0, best.bin + 1, missingBin);
    }
    goesLeft[missingBin] = best.missingLeft;
    return goesLeft;
  }

  describeCut(): NodeCut {
    const { best, columns } = this;
    const { feature, missingLeft } = best;
    const members = columns.members[feature]!;
    if (members !== null) {
      const codes: number[] = [];
      for (let i = 0; i < best.leftBins; i++) codes.push(...members[best.bins[i]!]!);
      return { feature, threshold: 0, categories: codes.sort((a, b) => a - b), missingLeft, gain: this.gain() };
    }
    const edges = columns.edges[feature]!;
    const threshold = best.bin < edges.length ? edges[best.bin]! : EVERY_VALUE;
    return { feature, threshold, categories: null, missingLeft, gain: this.gain() };
  }
}
