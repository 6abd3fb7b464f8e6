import type { FeatureTable } from '../../dataset/dataset.js';
import type { Random } from '../../random/random.js';
import type { Kernel } from '../../wasm/kernel.js';
import { CATEGORIES_MAX, type CodedColumn, codeCategories } from './forest-columns.js';
import { type GatheredValues, NodeNumbers, PartSums } from './node-numbers.js';
import { EVERY_VALUE, type ForestSample, type NodeSplitter } from './node-splitter.js';
import type { NodeCut } from './tree-collector.js';

const isMissing = Number.isNaN;

/** What the trees learn. */
export interface RandomSplitterTarget {
  /** Regression: the value of each row. Classification: the index of its class. */
  readonly target: Float64Array;
  /** Classes; 0 in regression. */
  readonly classCount: number;
  /** Values per leaf: 1, or the number of classes; with 1 and two classes a leaf holds the share of class 1. */
  readonly width: number;
}

/** A column as extra trees read it: numbers, by their place among the numeric columns, or categories as bins. */
type RawColumn = { readonly place: number } | CodedColumn;

/**
 * Judges one random cut per column (extremely randomised trees; Geurts, Ernst and Wehenkel, 2006): a numeric column is cut at a
 * uniform draw between its least and greatest value in the node, a categorical one sends a random part of its codes left. Works on
 * raw values, without bins. Missing values are tried on both sides; a node without any sends them to the larger child.
 */
export class RandomSplitter implements NodeSplitter {
  nodeWeight = 0;
  isPure = false;
  hasCut = false;
  private readonly columns: readonly RawColumn[];
  private readonly numbers: NodeNumbers;
  private weights: Float64Array = new Float64Array(0);
  private random: Random | null = null;
  private rows: Int32Array = new Int32Array(0);
  private start = 0;
  private end = 0;
  private readonly node: PartSums;
  private readonly left: PartSums;
  private readonly missing: PartSums;
  private readonly held: Int32Array;
  /** The column under scan; at the best cut so far it becomes the one below. */
  private scanned: GatheredValues;
  private kept: GatheredValues;
  private goesLeft = new Uint8Array(CATEGORIES_MAX);
  private bestGoesLeft = new Uint8Array(CATEGORIES_MAX);
  private readonly best = { feature: 0, threshold: 0, missingLeft: 0, score: -1 };

  /** @param rows the training rows in the table; all positions count among them */
  constructor(
    kernel: Kernel,
    table: FeatureTable,
    rows: Int32Array,
    private readonly learned: RandomSplitterTarget,
    private readonly childRowsMin: number,
  ) {
    const numeric: Float32Array[] = [];
    this.columns = table.columns.map((column, j) => {
      if (table.features[j]!.kind === 'categorical') return codeCategories(column, rows);
      return { place: numeric.push(column) - 1 };
    });
    const { target, classCount } = learned;
    this.numbers = new NodeNumbers(kernel, numeric, rows, target, classCount);
    this.scanned = this.numbers.makeValues();
    this.kept = this.numbers.makeValues();
    const size = Math.max(1, classCount);
    this.node = new PartSums(size);
    this.left = new PartSums(size);
    this.missing = new PartSums(size);
    this.held = new Int32Array(rows.length);
  }

  begin({ weights }: ForestSample, random: Random): void {
    this.weights = weights;
    this.random = random;
    this.numbers.begin(weights);
  }

  enter(rows: Int32Array, start: number, end: number): void {
    this.rows = rows;
    this.start = start;
    this.end = end;
    this.hasCut = false;
    this.best.score = -1;
    this.isPure = this.numbers.enter(rows, start, end, this.node);
    this.nodeWeight = this.node.weight;
  }

  private add(part: PartSums, row: number): void {
    const weight = this.weights[row]!;
    const value = this.learned.target[row]!;
    part.weight += weight;
    part.rows++;
    if (this.learned.classCount > 0) part.sums[value]! += weight;
    else part.sums[0]! += weight * value;
  }

  scan(feature: number): void {
    const column = this.columns[feature]!;
    if ('place' in column) this.scanNumbers(feature, column.place);
    else this.scanCategories(feature, column);
  }

  private scanNumbers(feature: number, place: number): void {
    const { numbers, scanned, left, missing } = this;
    numbers.gather(place, scanned);
    const { least, greatest, hasGaps } = scanned;
    if (least > greatest || (least === greatest && !hasGaps)) return;
    const drawn = Math.fround(least + this.random!.nextFloat() * (greatest - least)); // begin() came first
    const threshold = least === greatest ? EVERY_VALUE : drawn < greatest ? drawn : least;
    numbers.sumUpTo(scanned, threshold, left);
    missing.rows = 0;
    if (hasGaps) this.sumGaps();
    if (!this.judge(feature)) return;
    this.best.threshold = threshold;
    this.scanned = this.kept;
    this.kept = scanned;
  }

  private sumGaps(): void {
    const { rows, start, end, missing } = this;
    const { values } = this.scanned;
    missing.clear();
    for (let i = start; i < end; i++) if (isMissing(values[i - start]!)) this.add(missing, rows[i]!);
  }

  private scanCategories(feature: number, { bins, members }: CodedColumn): void {
    const { rows, start, end, left, missing, goesLeft } = this;
    const isPresent = new Uint8Array(CATEGORIES_MAX);
    let present = 0;
    for (let i = start; i < end; i++) {
      const bin = bins[rows[i]!]!;
      if (bin === members.length || isPresent[bin] === 1) continue;
      isPresent[bin] = 1;
      present++;
    }
    if (present === 0) return;
    this.drawBins(members.length, isPresent, present);
    left.clear();
    missing.clear();
    for (let i = start; i < end; i++) {
      const bin = bins[rows[i]!]!;
      if (bin === members.length) this.add(missing, rows[i]!);
      else if (goesLeft[bin] === 1) this.add(left, rows[i]!);
    }
    if (!this.judge(feature)) return;
    this.goesLeft = this.bestGoesLeft;
    this.bestGoesLeft = goesLeft;
  }

  /** Sends a random part of all bins left, so that some that are present go each way; all of them when only one is present. */
  private drawBins(size: number, isPresent: Uint8Array, present: number): void {
    const { goesLeft } = this;
    if (present === 1) {
      goesLeft.fill(1, 0, size);
      return;
    }
    for (let presentLeft = 0; presentLeft === 0 || presentLeft === present; ) {
      presentLeft = 0;
      for (let bin = 0, word = 0; bin < size; bin++, word >>>= 1) {
        if ((bin & 31) === 0) word = this.random!.nextUint32(); // begin() came first
        goesLeft[bin] = word & 1;
        presentLeft += goesLeft[bin]! & isPresent[bin]!;
      }
    }
  }

  /** Squared sums over weight, of both sides; missing rows go left when `withMissing` is 1. */
  private scoreSides(withMissing: 0 | 1): number {
    const { node, left, missing } = this;
    const weight = left.weight + withMissing * missing.weight;
    let leftSquares = 0;
    let rightSquares = 0;
    for (let k = 0; k < node.sums.length; k++) {
      const own = left.sums[k]! + withMissing * missing.sums[k]!;
      const other = node.sums[k]! - own;
      leftSquares += own * own;
      rightSquares += other * other;
    }
    return leftSquares / weight + rightSquares / (node.weight - weight);
  }

  /** Keeps the cut whose sums are at hand if it is the best so far. */
  private judge(feature: number): boolean {
    const isBest = this.judgeSide(feature, 0);
    return this.missing.rows > 0 ? this.judgeSide(feature, 1) || isBest : isBest;
  }

  private judgeSide(feature: number, missingLeft: 0 | 1): boolean {
    const { node, left, missing, best, childRowsMin } = this;
    const leftRows = left.rows + missingLeft * missing.rows;
    if (leftRows < childRowsMin || node.rows - leftRows < childRowsMin) return false;
    const score = this.scoreSides(missingLeft);
    if (!(score > best.score)) return false;
    best.feature = feature;
    best.score = score;
    best.missingLeft = missing.rows > 0 ? missingLeft : Number(2 * leftRows >= node.rows);
    this.hasCut = true;
    return true;
  }

  cutRows(): number {
    const { rows, start, end, held, best, bestGoesLeft } = this;
    const column = this.columns[best.feature]!;
    const { values } = this.kept;
    const { threshold, missingLeft } = best;
    const isNumeric = 'place' in column;
    let left = start;
    let right = 0;
    for (let i = start; i < end; i++) {
      const row = rows[i]!;
      let goes: number;
      if (isNumeric) {
        const value = values[i - start]!;
        goes = isMissing(value) ? missingLeft : Number(value <= threshold);
      } else {
        const bin = column.bins[row]!;
        goes = bin === column.members.length ? missingLeft : bestGoesLeft[bin]!;
      }
      rows[left] = row;
      held[right] = row;
      left += goes;
      right += 1 - goes;
    }
    for (let i = 0; i < right; i++) rows[left + i] = held[i]!;
    return left;
  }

  describeCut(): NodeCut {
    const { feature, threshold, missingLeft, score } = this.best;
    let squares = 0;
    for (const sum of this.node.sums) squares += sum * sum;
    const gain = Math.max(0, score - squares / this.nodeWeight);
    const column = this.columns[feature]!;
    if ('place' in column) return { feature, threshold, categories: null, missingLeft, gain };
    const categories = column.members.flatMap((codes, bin) => (this.bestGoesLeft[bin] === 1 ? codes : []));
    return { feature, threshold: 0, categories: categories.sort((a, b) => a - b), missingLeft, gain };
  }

  meanOf(output: number): number {
    const { width, classCount } = this.learned;
    const { sums, weight } = this.node;
    return sums[width === 1 && classCount > 0 ? 1 : output]! / weight;
  }
}
