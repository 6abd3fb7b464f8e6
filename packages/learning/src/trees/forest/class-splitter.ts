import { BinSplitter, MISSING_BIN, NODE_BINS } from './bin-splitter.js';
import type { ForestColumns } from './forest-columns.js';
import type { ForestSample } from './node-splitter.js';
import { scoreCategories } from './order-categories.js';

/**
 * Splits nodes by the Gini impurity of any number of classes: ranks cuts by sum_k L_k^2/L + sum_k R_k^2/R, L_k the weight of class
 * k on the left and L their sum. Rows are ordered by bin and moved from right to left one by one, which changes one class at a
 * time: the cost does not grow with the number of classes.
 */
export class ClassSplitter extends BinSplitter {
  private weights: Float64Array = new Float64Array(0);
  private readonly nodeClasses: Float64Array;
  private readonly left: Float64Array;
  private readonly right: Float64Array;
  private readonly gatheredWeights: Float64Array;
  private readonly gatheredClasses: Int32Array;
  private readonly binRows = new Int32Array(NODE_BINS);
  private readonly binStarts = new Int32Array(NODE_BINS);
  private readonly ordered: Int32Array;
  private readonly scores = new Float64Array(NODE_BINS);
  private nodeScore = 0;

  /**
   * @param target index of the class of each row
   * @param childRowsMin least distinct rows in a child
   */
  constructor(
    columns: ForestColumns,
    private readonly target: Int32Array,
    private readonly classCount: number,
    private readonly childRowsMin: number,
  ) {
    super(columns);
    this.nodeClasses = new Float64Array(classCount);
    this.left = new Float64Array(classCount);
    this.right = new Float64Array(classCount);
    this.gatheredWeights = new Float64Array(columns.rowCount);
    this.gatheredClasses = new Int32Array(columns.rowCount);
    this.ordered = new Int32Array(columns.rowCount);
  }

  begin({ weights }: ForestSample): void {
    this.weights = weights;
  }

  enter(rows: Int32Array, start: number, end: number): void {
    this.open(rows, start, end);
    const { target, weights, nodeClasses, gatheredWeights, gatheredClasses } = this;
    nodeClasses.fill(0);
    let weight = 0;
    for (let i = start, k = 0; i < end; i++, k++) {
      const row = rows[i]!;
      const own = weights[row]!;
      gatheredWeights[k] = own;
      gatheredClasses[k] = target[row]!;
      nodeClasses[target[row]!]! += own;
      weight += own;
    }
    let squares = 0;
    let present = 0;
    for (const own of nodeClasses) {
      squares += own * own;
      if (own > 0) present++;
    }
    this.nodeWeight = weight;
    this.nodeScore = squares / weight;
    this.isPure = present < 2;
  }

  scan(feature: number): void {
    const { binRows } = this;
    const size = this.layOut(feature, binRows);
    const missingRows = binRows[MISSING_BIN]!;
    if (size > 1 || (size === 1 && missingRows > 0)) {
      this.orderRows(size);
      if (this.columns.members[feature] !== null && size > 2) this.orderByComponent(size);
      this.judge(feature, size, 'missing-right');
      if (missingRows > 0 && size > 1) this.judge(feature, size, 'missing-left');
    }
    for (let i = 0; i < size; i++) binRows[this.filled[i]!] = 0;
    binRows[MISSING_BIN] = 0;
  }

  /** Orders the rows of the node, counted from 0, by bin: those of bin b lie at `binStarts[b]`, the missing ones last. */
  private orderRows(size: number): void {
    const { nodeBins, filled, binRows, binStarts, ordered } = this;
    const count = this.end - this.start;
    let at = 0;
    for (let i = 0; i < size; i++) {
      binStarts[filled[i]!] = at;
      at += binRows[filled[i]!]!;
    }
    binStarts[MISSING_BIN] = at;
    for (let k = 0; k < count; k++) ordered[binStarts[nodeBins[k]!]!++] = k;
    for (let i = 0; i < size; i++) binStarts[filled[i]!]! -= binRows[filled[i]!]!;
    binStarts[MISSING_BIN]! -= binRows[MISSING_BIN]!;
  }

  private orderByComponent(size: number): void {
    const { filled, binRows, binStarts, ordered, classCount, gatheredClasses, gatheredWeights, scores } = this;
    const counts = new Float64Array(size * classCount);
    for (let i = 0; i < size; i++) {
      const from = binStarts[filled[i]!]!;
      for (let at = from; at < from + binRows[filled[i]!]!; at++) {
        const k = ordered[at]!;
        counts[i * classCount + gatheredClasses[k]!]! += gatheredWeights[k]!;
      }
    }
    const found = new Float64Array(size);
    scoreCategories(counts, size, classCount, found);
    for (let i = 0; i < size; i++) scores[filled[i]!] = found[i]!;
    filled.subarray(0, size).sort((a, b) => scores[a]! - scores[b]! || a - b);
  }

  private judge(feature: number, size: number, direction: 'missing-left' | 'missing-right'): void {
    const { nodeClasses, nodeWeight, left, right, filled, binRows, binStarts, childRowsMin } = this;
    const { ordered, gatheredClasses, gatheredWeights } = this;
    const rowCount = this.end - this.start;
    const missingRows = binRows[MISSING_BIN]!;
    const isMissingLeft = direction === 'missing-left';
    left.fill(0);
    right.set(nodeClasses);
    let leftSquares = 0;
    let rightSquares = this.nodeScore * nodeWeight;
    let weight = 0;
    let rows = 0;
    let leftCount = 0;
    let leftRows = 0;
    let score = this.best.score;
    const last = missingRows > 0 && !isMissingLeft ? size : size - 1;
    for (let i = isMissingLeft ? -1 : 0; i < last; i++) {
      const bin = i < 0 ? MISSING_BIN : filled[i]!;
      const from = binStarts[bin]!;
      const to = from + binRows[bin]!;
      for (let at = from; at < to; at++) {
        const own = gatheredWeights[ordered[at]!]!;
        const k = gatheredClasses[ordered[at]!]!;
        const onLeft = left[k]!;
        const onRight = right[k]!;
        leftSquares += own * (2 * onLeft + own);
        rightSquares -= own * (2 * onRight - own);
        left[k] = onLeft + own;
        right[k] = onRight - own;
        weight += own;
      }
      rows += binRows[bin]!;
      if (i < 0 || rows < childRowsMin || rowCount - rows < childRowsMin) continue;
      const found = leftSquares / weight + rightSquares / (nodeWeight - weight);
      if (found > score) {
        score = found;
        leftCount = i + 1;
        leftRows = rows;
      }
    }
    if (leftCount === 0) return;
    const leftIsLarger = Number(2 * leftRows >= rowCount);
    const missingLeft = Number(isMissingLeft);
    this.keep(feature, score, leftCount, size, { hasMissing: missingRows > 0, missingLeft, leftIsLarger });
  }

  protected gain(): number {
    return Math.max(0, this.best.score - this.nodeScore);
  }

  meanOf(output: number): number {
    return this.nodeClasses[output]! / this.nodeWeight;
  }
}
