import type { ThreadTeam } from '../parallel/thread-team.js';
import type { Kernel } from '../wasm/kernel.js';
import type { NodeSplit, NodeSums, OpenNode } from './boosted-node.js';
import type { BoostingMatrix } from './boosting-matrix.js';
import { type NodeCut, TreeCollector } from './forest/tree-collector.js';
import { HistogramPool } from './histogram-pool.js';
import { RowOrder } from './row-order.js';
import { SplitFinder, type SplitLimits, weighNode } from './split-finder.js';
import type { TeamLead } from './team-lead.js';

/** float32's largest finite number: a threshold that every value passes, so that only missing goes the other way. */
const EVERY_VALUE = 3.4028234663852886e38;

/** The shape a boosted tree may take. */
export interface GrowthPolicy {
  /** `level-wise` cuts every node that may be cut; `leaf-wise` always the one that gains most, until `leavesMax`. */
  readonly order: 'level-wise' | 'leaf-wise';
  /** Levels of cuts, >= 1; Infinity for no limit. */
  readonly depthMax: number;
  /** Leaves, >= 2; Infinity for no limit. */
  readonly leavesMax: number;
}

/** Rows, gradients and columns of one tree. */
export interface BoostingRound {
  /** Positions that the tree is grown on, ascending; null: all that are not in `others`. */
  readonly drawn: Int32Array | null;
  /** Positions that only follow the cuts; with `drawn` null the last ones of the matrix. */
  readonly others: Int32Array;
  /** Columns that may be cut; null for all. */
  readonly features: Int32Array | null;
  /** Address of first and second derivatives, float32 pairs in the order of positions. */
  readonly pairs: number;
  /** What a gain of 1 in the units of the gradients is in the objective. */
  readonly gainUnit: number;
  /** Turns a leaf's weight into what the model adds. */
  readonly toLeaf: (weight: number) => number;
  /** Called between steps of a few milliseconds up to 50. */
  readonly pulse: () => void;
}

/** A leaf and the rows in it, as ranges of the order of rows. */
export interface GrownLeaf {
  readonly start: number;
  readonly end: number;
  readonly otherStart: number;
  readonly otherEnd: number;
  readonly value: number;
}

/** A grown tree and where its rows ended. */
export interface GrownTree {
  readonly collector: TreeCollector;
  readonly leaves: readonly GrownLeaf[];
}

interface GrowingTree {
  readonly collector: TreeCollector;
  readonly round: BoostingRound;
  leafCount: number;
}

/** Grows the trees of one boosted model; keeps its memory from tree to tree. */
export class BoostedTreeGrower {
  readonly order: RowOrder;
  private readonly pool: HistogramPool;
  private readonly finder: SplitFinder;
  /**
   * Gradient pairs in the order of the rows of the node that is summed, and between two sums the rows that a cut sets aside: never
   * both at once. Grows to what is asked for.
   */
  private readonly desk = { address: 0, bytes: 0 };
  private readonly range: number;

  /**
   * @param weights of the rows by position, for the cover of nodes; null when all count 1
   * @param team threads that help; null for none
   */
  constructor(
    private readonly kernel: Kernel,
    private readonly matrix: BoostingMatrix,
    private readonly policy: GrowthPolicy,
    private readonly limits: SplitLimits,
    private readonly weights: Float32Array | null,
    team: ThreadTeam | null,
  ) {
    this.order = new RowOrder(kernel, matrix);
    this.range = kernel.allocate(32);
    this.finder = new SplitFinder(kernel, matrix, limits, team);
    this.pool = new HistogramPool(kernel, matrix);
  }

  /** Helpers at hand; null for none. Their `end` is to be called whether the training succeeds or not. */
  get lead(): TeamLead | null {
    return this.finder.lead;
  }

  grow(round: BoostingRound): GrownTree {
    // Seldom are more than half of the rows summed by a list: of two children the smaller one is.
    this.clearDesk(Math.max(4 * this.matrix.rowCount, 8 * (round.drawn?.length ?? 0)));
    const tree: GrowingTree = { collector: new TreeCollector(1), round, leafCount: 1 };
    this.matrix.activate(round.features);
    const open = [this.openRoot(tree)];
    const leaves: GrownLeaf[] = [];
    while (open.length > 0) {
      const node = this.takeNext(open);
      if (node.split === null || tree.leafCount >= this.policy.leavesMax) {
        leaves.push(this.closeLeaf(node, tree));
        continue;
      }
      tree.leafCount++;
      open.push(...this.cut(node, node.split, tree, open));
    }
    return { collector: tree.collector, leaves };
  }

  private openRoot(tree: GrowingTree): OpenNode {
    const { drawn, others, pairs } = tree.round;
    const { kernel } = this;
    this.order.fill(drawn, others);
    const rows = drawn === null ? this.matrix.rowCount - others.length : drawn.length;
    let source = { rows: 0, pairs };
    if (drawn !== null) {
      source = { rows: this.order.address, pairs: this.clearDesk(8 * rows) };
      kernel.run.gatherPairs(source.rows, rows, pairs, source.pairs, this.range);
    }
    kernel.run.sumPairs(source.pairs, rows, this.range);
    const [gradient, hessian, hessianMin, hessianMax] = kernel.doubles(this.range, 4);
    const root: OpenNode = {
      id: tree.collector.addNode(this.coverOf(0, rows)),
      start: 0,
      end: rows,
      otherStart: rows,
      otherEnd: rows + others.length,
      depth: 0,
      sums: { gradient: gradient!, hessian: hessian! },
      lambda: this.limits.lambda,
      lower: Number.NEGATIVE_INFINITY,
      upper: Number.POSITIVE_INFINITY,
      hessianMin: hessianMin!,
      hessianMax: hessianMax!,
      histogram: 0,
      split: null,
    };
    if (this.finder.mayCut(root)) {
      root.histogram = this.pool.take();
      this.finder.evaluate(root, null, source, 0, tree.round.pulse);
    }
    return root;
  }

  /** Level-wise order does not change the tree, so it goes depth first, which holds the fewest histograms. */
  private takeNext(open: OpenNode[]): OpenNode {
    if (this.policy.order === 'level-wise') return open.pop()!;
    let best = 0;
    for (let i = 1; i < open.length; i++) {
      if ((open[i]!.split?.gain ?? -1) > (open[best]!.split?.gain ?? -1)) best = i;
    }
    return open.splice(best, 1)[0]!;
  }

  private closeLeaf(node: OpenNode, { collector, round }: GrowingTree): GrownLeaf {
    const value = round.toLeaf(weighNode(node.sums, this.limits, node));
    collector.setValue(node.id, 0, value);
    this.pool.release(node.histogram);
    const { start, end, otherStart, otherEnd } = node;
    return { start, end, otherStart, otherEnd, value };
  }

  private cut(node: OpenNode, found: NodeSplit, tree: GrowingTree, open: OpenNode[]): [OpenNode, OpenNode] {
    const { collector } = tree;
    const middle = this.order.cut(found, node.start, node.end, this.desk.address, this.lead);
    const split = this.directMissing(node, found, middle);
    const otherMiddle = this.order.cut(split, node.otherStart, node.otherEnd, this.desk.address, this.lead);
    const sums = {
      gradient: node.sums.gradient - split.left.gradient,
      hessian: node.sums.hessian - split.left.hessian,
    };
    const [leftBounds, rightBounds] = this.boundChildren(node, split, sums);
    const common = {
      depth: node.depth + 1,
      lambda: split.lambda,
      hessianMin: node.hessianMin,
      hessianMax: node.hessianMax,
      histogram: 0,
      split: null,
    };
    const left: OpenNode = {
      ...common,
      ...leftBounds,
      id: collector.addNode(this.coverOf(node.start, middle)),
      ...{ start: node.start, end: middle, otherStart: node.otherStart, otherEnd: otherMiddle },
      sums: split.left,
    };
    const right: OpenNode = {
      ...common,
      ...rightBounds,
      id: collector.addNode(this.coverOf(middle, node.end)),
      ...{ start: middle, end: node.end, otherStart: otherMiddle, otherEnd: node.otherEnd },
      sums,
    };
    collector.setCut(node.id, this.describeCut(split, tree.round.gainUnit), left.id, right.id);
    const isLast = left.depth >= this.policy.depthMax || tree.leafCount >= this.policy.leavesMax;
    if (isLast || !(this.finder.mayCut(left) || this.finder.mayCut(right))) {
      this.pool.release(node.histogram);
      return [left, right];
    }
    return this.evaluateChildren(node, left, right, tree.round, open);
  }

  /** When a node has no missing rows, those to come will follow its larger child; at a cut of categories they go right. */
  private directMissing(node: OpenNode, split: NodeSplit, middle: number): NodeSplit {
    if (split.leftBins !== null || split.missingHessian > 0) return split;
    return { ...split, missingLeft: Number(2 * (middle - node.start) >= node.end - node.start) };
  }

  /**
   * A child on the side that must be lower may not exceed the middle of the two weights, nor the other one fall below it (XGBoost's
   * and LightGBM's basic method).
   */
  private boundChildren(node: OpenNode, split: NodeSplit, right: NodeSums) {
    const { lower, upper } = node;
    const direction = this.limits.monotone[this.matrix.entries[split.entry]!.feature]!;
    const same = { lower, upper };
    if (direction === 0) return [same, same] as const;
    const bounds = { lambda: split.lambda, lower, upper };
    const middle = (weighNode(split.left, this.limits, bounds) + weighNode(right, this.limits, bounds)) / 2;
    const below = { lower, upper: middle };
    const above = { lower: middle, upper };
    return direction > 0 ? ([below, above] as const) : ([above, below] as const);
  }

  /** Only the smaller child is summed; the other one is what remains of the parent. */
  private evaluateChildren(
    node: OpenNode,
    left: OpenNode,
    right: OpenNode,
    round: BoostingRound,
    open: OpenNode[],
  ): [OpenNode, OpenNode] {
    const [small, large] = left.end - left.start <= right.end - right.start ? [left, right] : [right, left];
    if (node.histogram === 0) {
      this.matrix.activate(round.features);
      // The parent gave its histogram away; sums are exact, so summing both children gives the same.
      for (const child of [small, large]) if (this.finder.mayCut(child)) this.evaluateAlone(child, round, open);
      return [left, right];
    }
    // As in LightGBM: a feature on which no cut of the node would gain is not tried on its children.
    if (this.policy.order === 'leaf-wise') this.matrix.narrow(node.histogram + this.matrix.maskOffset);
    small.histogram = this.takeHistogram(open);
    large.histogram = node.histogram;
    const source = this.gather(small, round);
    this.finder.evaluate(small, large, source, node.histogram, round.pulse);
    for (const child of [small, large]) {
      if (child.split !== null) continue;
      this.pool.release(child.histogram);
      child.histogram = 0;
    }
    return [left, right];
  }

  private evaluateAlone(node: OpenNode, round: BoostingRound, open: OpenNode[]): void {
    node.histogram = this.takeHistogram(open);
    const source = this.gather(node, round);
    this.finder.evaluate(node, null, source, 0, round.pulse);
  }

  /** Copies the pairs of a node into the order of its rows. */
  private gather(node: OpenNode, round: BoostingRound): { readonly rows: number; readonly pairs: number } {
    const rows = this.order.address + 4 * node.start;
    const count = node.end - node.start;
    const pairs = this.clearDesk(8 * count);
    const job = [rows, count, round.pairs, pairs, this.range] as const;
    if (this.lead === null) this.kernel.run.gatherPairs(...job);
    else this.lead.gatherPairs(...job);
    const [hessianMin, hessianMax] = this.kernel.doubles(this.range, 2);
    Object.assign(node, { hessianMin, hessianMax });
    return { rows, pairs };
  }

  /** Address of room for so many bytes, whatever lies there. */
  private clearDesk(bytes: number): number {
    const { desk } = this;
    if (bytes > desk.bytes) {
      desk.address = this.kernel.allocate(bytes);
      desk.bytes = bytes;
    }
    return desk.address;
  }

  /** A free histogram, or that of the open node that gains least. */
  private takeHistogram(open: readonly OpenNode[]): number {
    const free = this.pool.take();
    if (free !== 0) return free;
    const holders = open.filter(({ histogram }) => histogram !== 0);
    const poorest = holders.reduce((a, b) => ((b.split?.gain ?? 0) < (a.split?.gain ?? 0) ? b : a));
    const address = poorest.histogram;
    poorest.histogram = 0;
    return address;
  }

  private describeCut({ entry, leftBins, missingLeft, bin, ...split }: NodeSplit, gainUnit: number): NodeCut {
    const { feature, edges, categories } = this.matrix.entries[entry]!;
    const gain = split.gain * gainUnit;
    if (leftBins === null) {
      const threshold = bin < edges!.length ? edges![bin]! : EVERY_VALUE; // a cut at a threshold is one of a numeric feature
      return { feature, threshold, categories: null, missingLeft, gain };
    }
    const codes = categories!.filter((_, code) => (leftBins[code >> 5]! >>> (code & 31)) & 1).sort();
    return { feature, threshold: 0, categories: Array.from(codes), missingLeft, gain };
  }

  private coverOf(start: number, end: number): number {
    const { weights } = this;
    if (weights === null) return end - start;
    let sum = 0;
    for (const row of this.order.rows(start, end)) sum += weights[row]!;
    return sum;
  }
}
