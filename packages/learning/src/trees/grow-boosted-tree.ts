import type { BinnedFeatures } from '../binning/bin-features.js';
import { HistogramPool } from './histogram.js';
import { RowPartition } from './row-partition.js';
import { type NodeSums, type Split, type SplitLimits, SplitScanner } from './split-scanner.js';
import { TreeBuilder } from './tree.js';

/** The shape a boosted tree may take. */
export interface GrowthPolicy {
  /** `level-wise` cuts every node that may be cut; `leaf-wise` always the one that gains most, until `leavesMax`. */
  readonly order: 'level-wise' | 'leaf-wise';
  /** Levels of cuts, >= 1; Infinity for no limit. */
  readonly depthMax: number;
  /** Leaves, >= 2; Infinity for no limit. */
  readonly leavesMax: number;
}

/** Rows, gradients and columns of one boosting round. */
export interface BoostingRound {
  /** Positions in the binned matrix that the tree is grown on, ascending. */
  readonly rows: Int32Array;
  /** Columns that may be cut, ascending. */
  readonly features: Int32Array;
  /** First derivative of the loss, one per row of the binned matrix. */
  readonly gradients: Float32Array;
  /** Second derivative, > 0. */
  readonly hessians: Float32Array;
  /** Factor on leaf values. */
  readonly learningRate: number;
}

/** A grown tree and where its training rows ended. */
export interface GrownTree {
  readonly builder: TreeBuilder;
  /** Leaves as ranges of `rows`. */
  readonly leaves: readonly { readonly start: number; readonly end: number; readonly value: number }[];
  /** The rows of the round, ordered by leaf. */
  readonly rows: Int32Array;
}

interface OpenNode {
  readonly id: number;
  readonly start: number;
  readonly end: number;
  readonly depth: number;
  readonly sums: NodeSums;
  histogram: Float64Array | null;
  split: Split | null;
}

/**
 * Step of leaf values, in log-odds. float32 has 24 bits, so sums stay exact up to 16 in magnitude; beyond, the
 * probability is within 1e-7 of 0 or 1 and rounding no longer shows.
 */
const LEAF_STEP = 2 ** -20;

/** Rounds log-odds to the grid on which float32 sums are exact. */
export function roundLogOdds(value: number): number {
  return Math.fround(Math.round(value / LEAF_STEP) * LEAF_STEP);
}

/** Grows the trees of one boosted model; keeps histogram memory from tree to tree. */
export class BoostedTreeGrower {
  private readonly pool: HistogramPool;
  private readonly scanner: SplitScanner;

  constructor(
    private readonly binned: BinnedFeatures,
    private readonly policy: GrowthPolicy,
    private readonly limits: SplitLimits,
  ) {
    this.pool = new HistogramPool(binned);
    this.scanner = new SplitScanner(limits, binned.edges);
  }

  grow(round: BoostingRound): GrownTree {
    const builder = new TreeBuilder();
    const partition = new RowPartition(round.rows);
    const open = [this.openRoot(builder, partition, round)];
    const leaves: { start: number; end: number; value: number }[] = [];
    let leafCount = 1;
    while (open.length > 0) {
      const node = this.takeNext(open);
      if (node.split === null || leafCount >= this.policy.leavesMax) {
        const value = this.leafValue(node.sums, round.learningRate);
        builder.setLeaf(node.id, value);
        leaves.push({ start: node.start, end: node.end, value });
        if (node.histogram !== null) this.pool.release(node.histogram);
        continue;
      }
      leafCount++;
      open.push(...this.cut(node, node.split, { builder, partition, round, leafCount }));
    }
    return { builder, leaves, rows: partition.rows };
  }

  private openRoot(builder: TreeBuilder, partition: RowPartition, round: BoostingRound): OpenNode {
    let gradient = 0;
    let hessian = 0;
    for (const row of round.rows) {
      gradient += round.gradients[row]!;
      hessian += round.hessians[row]!;
    }
    const rows = round.rows.length;
    const root: OpenNode = {
      id: builder.addNode(rows),
      start: 0,
      end: rows,
      depth: 0,
      sums: { gradient, hessian, rows },
      histogram: this.pool.build(
        partition.rows,
        { start: 0, end: rows },
        round.gradients,
        round.hessians,
        round.features,
      ),
      split: null,
    };
    root.split = this.findSplit(root, round.features);
    return root;
  }

  /** Level-wise order does not change the tree, so it goes depth first, which holds the fewest histograms. */
  private takeNext(open: OpenNode[]): OpenNode {
    if (this.policy.order === 'leaf-wise') {
      let best = 0;
      for (let i = 1; i < open.length; i++) {
        if ((open[i]!.split?.gain ?? -1) > (open[best]!.split?.gain ?? -1)) best = i;
      }
      return open.splice(best, 1)[0]!;
    }
    return open.pop()!;
  }

  private findSplit(node: OpenNode, features: Int32Array): Split | null {
    const { valueBins, offsets } = this.binned;
    if (node.histogram === null || node.end - node.start < 2 * this.limits.childRowsMin) return null;
    this.scanner.begin(node.sums);
    for (const feature of features) {
      this.scanner.scan(feature, node.histogram, offsets[feature]!, valueBins[feature]!, null);
    }
    return this.scanner.take();
  }

  private cut(
    node: OpenNode,
    split: Split,
    tree: { builder: TreeBuilder; partition: RowPartition; round: BoostingRound; leafCount: number },
  ): [OpenNode, OpenNode] {
    const { builder, partition, round, leafCount } = tree;
    const middle = partition.cut(this.binned, split, node.start, node.end);
    const rightSums = {
      gradient: node.sums.gradient - split.left.gradient,
      hessian: node.sums.hessian - split.left.hessian,
      rows: node.sums.rows - split.left.rows,
    };
    const child = (start: number, end: number, sums: NodeSums): OpenNode => {
      return {
        id: builder.addNode(end - start),
        start,
        end,
        depth: node.depth + 1,
        sums,
        histogram: null,
        split: null,
      };
    };
    const left = child(node.start, middle, split.left);
    const right = child(middle, node.end, rightSums);
    builder.setCut(node.id, split, left.id, right.id);
    const parent = node.histogram!; // a node with a split had its histogram built
    if (left.depth >= this.policy.depthMax || leafCount >= this.policy.leavesMax) {
      this.pool.release(parent);
      return [left, right];
    }
    // Only the smaller child is summed; the other one is what remains of the parent.
    const [small, large] = left.end - left.start <= right.end - right.start ? [left, right] : [right, left];
    small.histogram = this.pool.build(partition.rows, small, round.gradients, round.hessians, round.features);
    this.pool.subtract(parent, small.histogram, round.features);
    large.histogram = parent;
    left.split = this.findSplit(left, round.features);
    right.split = this.findSplit(right, round.features);
    return [left, right];
  }

  /** Newton step of the second-order objective (Chen and Guestrin, 2016, eq. 5), on the grid of exact sums. */
  private leafValue({ gradient, hessian }: NodeSums, learningRate: number): number {
    return roundLogOdds((-gradient / (hessian + this.limits.lambda)) * learningRate);
  }
}
