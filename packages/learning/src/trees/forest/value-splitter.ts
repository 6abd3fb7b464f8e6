import type { Random } from '../../random/random.js';
import { BinSplitter, MISSING_BIN, NODE_BINS } from './bin-splitter.js';
import type { ForestColumns } from './forest-columns.js';
import type { ForestSample } from './node-splitter.js';

/**
 * Splits nodes by a number per row: a value (variance, as in regression trees) or 0 and 1 (Gini of two classes). Both rank cuts by
 * SL^2/WL + SR^2/WR, S the weighted sum of the numbers and W the weight on a side. Categories are ordered by their mean, which puts
 * the best of all 2^(k-1) - 1 cuts among k - 1 (Fisher, 1958, for squares; Breiman and others, 1984, theorem 4.5, for two classes).
 */
export class ValueSplitter extends BinSplitter {
  private weights: Float64Array = new Float64Array(0);
  private readonly weighted: Float64Array;
  protected nodeSum = 0;
  protected readonly nodeWeights: Float64Array;
  protected readonly nodeWeighted: Float64Array;
  private readonly binWeights = new Float64Array(NODE_BINS);
  private readonly binSums = new Float64Array(NODE_BINS);
  private readonly binRows = new Int32Array(NODE_BINS);

  /**
   * @param target a number per row
   * @param childRowsMin least distinct rows in a child
   */
  constructor(
    columns: ForestColumns,
    private readonly target: Float64Array,
    private readonly childRowsMin: number,
  ) {
    super(columns);
    this.weighted = new Float64Array(columns.rowCount);
    this.nodeWeights = new Float64Array(columns.rowCount);
    this.nodeWeighted = new Float64Array(columns.rowCount);
  }

  begin({ rows, weights }: ForestSample, _random: Random): void {
    this.weights = weights;
    for (const row of rows) this.weighted[row] = weights[row]! * this.target[row]!;
  }

  enter(rows: Int32Array, start: number, end: number): void {
    this.open(rows, start, end);
    this.gather();
    const { target, nodeWeights, nodeWeighted } = this;
    const first = target[rows[start]!]!;
    let weight = 0;
    let sum = 0;
    let isPure = true;
    for (let i = start, k = 0; i < end; i++, k++) {
      weight += nodeWeights[k]!;
      sum += nodeWeighted[k]!;
      if (target[rows[i]!] !== first) isPure = false;
    }
    this.nodeWeight = weight;
    this.nodeSum = sum;
    this.isPure = isPure;
  }

  /** Copies what the rows of the node count, once per node: every column then reads it in sequence. */
  protected gather(): void {
    const { rows, start, end, weights, weighted, nodeWeights, nodeWeighted } = this;
    for (let i = start, k = 0; i < end; i++, k++) {
      const row = rows[i]!;
      nodeWeights[k] = weights[row]!;
      nodeWeighted[k] = weighted[row]!;
    }
  }

  scan(feature: number): void {
    const size = this.layOut(feature, this.binRows);
    if (size > 1 || (size === 1 && this.binRows[MISSING_BIN]! > 0)) {
      this.sumBins();
      if (this.columns.members[feature] !== null) this.orderByMean(size);
      this.judge(feature, size);
    }
    const { binWeights, binSums, binRows, filled } = this;
    filled[size] = MISSING_BIN;
    for (let i = 0; i <= size; i++) {
      const bin = filled[i]!;
      binWeights[bin] = 0;
      binSums[bin] = 0;
      binRows[bin] = 0;
    }
  }

  private sumBins(): void {
    const { nodeBins, nodeWeights, nodeWeighted, binWeights, binSums } = this;
    const count = this.end - this.start;
    for (let k = 0; k < count; k++) {
      const bin = nodeBins[k]!;
      binWeights[bin]! += nodeWeights[k]!;
      binSums[bin]! += nodeWeighted[k]!;
    }
  }

  private orderByMean(size: number): void {
    const { binWeights, binSums } = this;
    const mean = (bin: number): number => binSums[bin]! / binWeights[bin]!;
    this.filled.subarray(0, size).sort((a, b) => mean(a) - mean(b) || a - b);
  }

  private judge(feature: number, size: number): void {
    const { nodeWeight, nodeSum, binWeights, binSums, binRows, filled, childRowsMin } = this;
    const rowCount = this.end - this.start;
    const missingRows = binRows[MISSING_BIN]!;
    const missingWeight = binWeights[MISSING_BIN]!;
    const missingSum = binSums[MISSING_BIN]!;
    let score = this.best.score;
    let leftCount = 0;
    let missingLeft = 0;
    let leftRows = 0;
    let weight = 0;
    let sum = 0;
    let rows = 0;
    // After the last value only missing is left to go right.
    const last = missingRows > 0 ? size : size - 1;
    for (let i = 0; i < last; i++) {
      const bin = filled[i]!;
      weight += binWeights[bin]!;
      sum += binSums[bin]!;
      rows += binRows[bin]!;
      if (rows >= childRowsMin && rowCount - rows >= childRowsMin) {
        const rest = nodeSum - sum;
        const found = (sum * sum) / weight + (rest * rest) / (nodeWeight - weight);
        if (found > score) {
          score = found;
          leftCount = i + 1;
          missingLeft = 0;
          leftRows = rows;
        }
      }
      if (missingRows === 0 || i === size - 1) continue;
      const more = rows + missingRows;
      if (more < childRowsMin || rowCount - more < childRowsMin) continue;
      const rest = nodeSum - sum - missingSum;
      const found =
        (sum + missingSum) ** 2 / (weight + missingWeight) + (rest * rest) / (nodeWeight - weight - missingWeight);
      if (found > score) {
        score = found;
        leftCount = i + 1;
        missingLeft = 1;
        leftRows = more;
      }
    }
    if (leftCount === 0) return;
    const leftIsLarger = Number(2 * leftRows >= rowCount);
    this.keep(feature, score, leftCount, size, { hasMissing: missingRows > 0, missingLeft, leftIsLarger });
  }

  protected gain(): number {
    return Math.max(0, this.best.score - this.nodeSum ** 2 / this.nodeWeight);
  }

  meanOf(): number {
    return this.nodeSum / this.nodeWeight;
  }
}
