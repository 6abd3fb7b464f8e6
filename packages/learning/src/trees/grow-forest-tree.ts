import type { BinnedFeatures } from '../binning/bin-features.js';
import type { Random } from '../random/random.js';
import { accumulateColumn } from './histogram.js';
import { RowPartition } from './row-partition.js';
import { type NodeSums, SLOT_WIDTH, type Split, SplitScanner } from './split-scanner.js';
import { type Tree, TreeBuilder } from './tree.js';

/** Limits of a forest's trees. */
export interface ForestTreeLimits {
  /** Levels of cuts; Infinity for no limit. */
  readonly depthMax: number;
  /** Least distinct rows in a child, >= 1. */
  readonly childRowsMin: number;
  /** Columns drawn per node, >= 1. Drawing goes on while no drawn column can be cut, as in scikit-learn. */
  readonly featuresPerNode: number;
}

/** The rows drawn for one tree. */
export interface ForestSample {
  /** Positions in the binned matrix, ascending, without repetition. */
  readonly rows: Int32Array;
  /** How often each row of the binned matrix was drawn. */
  readonly weights: Float32Array;
  /** Weight of each row if it is positive, else 0. */
  readonly positives: Float32Array;
}

/** Nodes of at most this many rows are sorted by bin instead of summed into a histogram: most nodes of a deep tree are small. */
const SORTED_ROWS_MAX = 48;

interface OpenNode {
  readonly id: number;
  readonly start: number;
  readonly end: number;
  readonly depth: number;
  readonly sums: NodeSums;
}

/** Grows classification trees by Gini gain on bootstrap samples; keeps its memory from tree to tree. */
export class ForestTreeGrower {
  private readonly scanner: SplitScanner;
  private readonly histogram = new Float64Array(256 * SLOT_WIDTH);
  private readonly keys = new Int32Array(SORTED_ROWS_MAX);
  private readonly binOfSlot = new Int32Array(SORTED_ROWS_MAX + 1);
  private readonly orderedPositives: Float64Array;
  private readonly orderedWeights: Float64Array;
  private readonly columns: readonly Uint8Array[];

  constructor(
    private readonly binned: BinnedFeatures,
    private readonly limits: ForestTreeLimits,
  ) {
    const { codes, rowCount, featureCount } = binned;
    const split = { lambda: 0, childHessianMin: 0, childRowsMin: limits.childRowsMin, gainMin: 1e-12 };
    this.scanner = new SplitScanner(split, binned.edges);
    this.orderedPositives = new Float64Array(rowCount);
    this.orderedWeights = new Float64Array(rowCount);
    this.columns = Array.from({ length: featureCount }, (_, j) => codes.subarray(j * rowCount, (j + 1) * rowCount));
  }

  /** @param leafUnits leaf values are shares of positives in whole units: round(share * leafUnits) */
  grow(sample: ForestSample, random: Random, leafUnits: number): Tree {
    const builder = new TreeBuilder();
    const partition = new RowPartition(sample.rows);
    const drawing = Int32Array.from({ length: this.binned.featureCount }, (_, j) => j);
    const open: OpenNode[] = [
      {
        id: builder.addNode(sample.rows.length),
        start: 0,
        end: sample.rows.length,
        depth: 0,
        sums: sumSample(sample),
      },
    ];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      const split = this.findSplit(node, partition.rows, sample, { random, drawing });
      if (split === null) {
        builder.setLeaf(node.id, Math.round((node.sums.gradient / node.sums.hessian) * leafUnits));
        continue;
      }
      const middle = partition.cut(this.binned, split, node.start, node.end);
      const depth = node.depth + 1;
      const right = {
        gradient: node.sums.gradient - split.left.gradient,
        hessian: node.sums.hessian - split.left.hessian,
        rows: node.sums.rows - split.left.rows,
      };
      const leftId = builder.addNode(middle - node.start);
      const rightId = builder.addNode(node.end - middle);
      builder.setCut(node.id, split, leftId, rightId);
      open.push({ id: leftId, start: node.start, end: middle, depth, sums: split.left });
      open.push({ id: rightId, start: middle, end: node.end, depth, sums: right });
    }
    return builder.finish();
  }

  private findSplit(
    node: OpenNode,
    rows: Int32Array,
    sample: ForestSample,
    draw: { readonly random: Random; readonly drawing: Int32Array },
  ): Split | null {
    const { gradient, hessian } = node.sums;
    const isPure = gradient === 0 || gradient === hessian;
    const count = node.end - node.start;
    if (isPure || node.depth >= this.limits.depthMax || count < 2 * this.limits.childRowsMin) return null;
    this.scanner.begin(node.sums);
    if (count > SORTED_ROWS_MAX) this.gatherRows(node, rows, sample);
    const { random, drawing } = draw;
    for (let drawn = 0; drawn < drawing.length; drawn++) {
      if (drawn >= this.limits.featuresPerNode && this.scanner.hasSplit()) break;
      const chosen = drawn + random.nextInteger(drawing.length - drawn);
      const feature = drawing[chosen]!;
      drawing[chosen] = drawing[drawn]!;
      drawing[drawn] = feature;
      if (count > SORTED_ROWS_MAX) this.scanHistogram(feature, node, rows);
      else this.scanSorted(feature, node, rows, sample);
    }
    return this.scanner.take();
  }

  private gatherRows(node: OpenNode, rows: Int32Array, sample: ForestSample): void {
    for (let i = node.start, k = 0; i < node.end; i++, k++) {
      this.orderedPositives[k] = sample.positives[rows[i]!]!;
      this.orderedWeights[k] = sample.weights[rows[i]!]!;
    }
  }

  private scanHistogram(feature: number, node: OpenNode, rows: Int32Array): void {
    const slots = this.binned.valueBins[feature]!;
    this.histogram.fill(0, 0, (slots + 1) * SLOT_WIDTH);
    const { orderedPositives, orderedWeights } = this;
    accumulateColumn(this.histogram, 0, this.columns[feature]!, rows, node, orderedPositives, orderedWeights);
    this.scanner.scan(feature, this.histogram, 0, slots, null);
  }

  /** Sorts the rows by bin (insertion sort) and sums them into a histogram without empty slots. */
  private scanSorted(feature: number, node: OpenNode, rows: Int32Array, sample: ForestSample): void {
    const { keys, histogram, binOfSlot } = this;
    const column = this.columns[feature]!;
    const missingCode = this.binned.valueBins[feature]!;
    const count = node.end - node.start;
    for (let i = 0; i < count; i++) {
      const key = (column[rows[node.start + i]!]! << 8) | i;
      let at = i;
      for (; at > 0 && keys[at - 1]! > key; at--) keys[at] = keys[at - 1]!;
      keys[at] = key;
    }
    let slots = 0;
    let bin = -1;
    for (let i = 0; i < count; i++) {
      const code = keys[i]! >> 8;
      if (code !== bin) {
        bin = code;
        binOfSlot[slots] = code;
        histogram.fill(0, slots * SLOT_WIDTH, (slots + 1) * SLOT_WIDTH);
        slots++;
      }
      const row = rows[node.start + (keys[i]! & 255)]!;
      const at = (slots - 1) * SLOT_WIDTH;
      histogram[at]! += sample.positives[row]!;
      histogram[at + 1]! += sample.weights[row]!;
      histogram[at + 2]!++;
    }
    // The missing code is the largest, so its slot is last, where the scanner looks for it.
    if (bin === missingCode) slots--;
    else histogram.fill(0, slots * SLOT_WIDTH, (slots + 1) * SLOT_WIDTH);
    this.scanner.scan(feature, histogram, 0, slots, binOfSlot);
  }
}

function sumSample({ rows, weights, positives }: ForestSample): NodeSums {
  let gradient = 0;
  let hessian = 0;
  for (const row of rows) {
    gradient += positives[row]!;
    hessian += weights[row]!;
  }
  return { gradient, hessian, rows: rows.length };
}
