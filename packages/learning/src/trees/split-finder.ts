import type { TeamStart, ThreadTeam } from '../parallel/thread-team.js';
import type { Kernel } from '../wasm/kernel.js';
import { KIND_CATEGORIES, KIND_THRESHOLD, NODE_BYTES, RECORD_BYTES, SLOT_BYTES } from '../wasm/layout.js';
import type { NodeSplit, NodeSums, OpenNode } from './boosted-node.js';
import type { BoostingMatrix } from './boosting-matrix.js';
import { TeamLead } from './team-lead.js';

/** How a categorical feature is cut. */
interface CategoryLimits {
  /** `weight`: XGBoost's partition; `ratio`: LightGBM's. */
  readonly order: 'weight' | 'ratio';
  /** With fewer categories than this, one against all others. */
  readonly oneHotMax: number;
  /** Most categories of a set. */
  readonly setMax: number;
  /** `ratio`: added to a category's hessian where it is ranked; least rows of a category that is ranked. */
  readonly smooth: number;
  /** `ratio`: added to L2 at a cut of sets. */
  readonly lambda: number;
  /** `ratio`: least rows between two cuts that are tried, and on the right. */
  readonly groupRowsMin: number;
}

/** What a split must satisfy. */
export interface SplitLimits {
  /** L2 penalty on leaf values, >= 0. */
  readonly lambda: number;
  /** L1 penalty on leaf values, >= 0. */
  readonly alpha: number;
  /** Least sum of hessians in a child, > 0. */
  readonly childHessianMin: number;
  /** Least rows in a child, >= 1; counted exactly, since deriving it from hessians hurts small data. */
  readonly childRowsMin: number;
  /** A split must gain more than this. */
  readonly gainMin: number;
  /** -1: answers must not rise with the feature, 1: must not fall, 0: free; one per feature. */
  readonly monotone: Int32Array;
  readonly categories: CategoryLimits;
}

function shrink(gradient: number, alpha: number): number {
  return Math.sign(gradient) * Math.max(Math.abs(gradient) - alpha, 0);
}

/** Newton step of the second-order objective (Chen and Guestrin, 2016, eq. 5) with L1, within bounds. */
export function weighNode(
  { gradient, hessian }: NodeSums,
  { alpha }: Pick<SplitLimits, 'alpha'>,
  { lambda, lower, upper }: Pick<OpenNode, 'lambda' | 'lower' | 'upper'>,
): number {
  return Math.min(upper, Math.max(lower, -shrink(gradient, alpha) / (hessian + lambda)));
}

/** Builds histograms and finds the best cut of nodes, in the kernel. */
export class SplitFinder {
  readonly isMonotone: boolean;
  private readonly small: number;
  private readonly large: number;
  /** Helpers at hand; null for none. */
  readonly lead: TeamLead | null;

  constructor(
    private readonly kernel: Kernel,
    private readonly matrix: BoostingMatrix,
    private readonly limits: SplitLimits,
    team: ThreadTeam | null,
  ) {
    const recordBytes = RECORD_BYTES * matrix.entries.length;
    this.small = kernel.allocate(NODE_BYTES + 56 + recordBytes);
    this.large = kernel.allocate(NODE_BYTES + 56 + recordBytes);
    this.isMonotone = limits.monotone.some((direction) => direction !== 0);
    const set = this.describeLimits();
    kernel.run.setLimits(...set.limits);
    kernel.run.setCategoryLimits(...set.categoryLimits);
    this.lead = team && team.helperCount > 0 ? new TeamLead(kernel, matrix, team, set) : null;
  }

  /** True when a node is large enough that a cut may satisfy the limits. */
  mayCut({ start, end, sums }: OpenNode): boolean {
    return end - start >= 2 * this.limits.childRowsMin && sums.hessian >= 2 * this.limits.childHessianMin;
  }

  /**
   * Sums the rows of `small` into its histogram and, with a parent, takes the sibling's as the rest; then finds the best cut of each
   * node that may be cut.
   *
   * @param source rows and gradient pairs of `small`, in the same order; rows 0 stands for all, in the order of their positions
   * @param parent address of the parent's histogram, which becomes that of `large`; 0 for none
   */
  evaluate(
    small: OpenNode,
    large: OpenNode | null,
    source: { readonly rows: number; readonly pairs: number },
    parent: number,
    pulse: () => void,
  ): void {
    const { kernel, matrix } = this;
    const smallNode = this.mayCut(small) ? this.writeNode(this.small, small) : 0;
    const largeNode = large !== null && this.mayCut(large) ? this.writeNode(this.large, large) : 0;
    const count = small.end - small.start;
    // A pulse at least every 40 million cells, about 40 ms.
    const groupsAtOnce = Math.max(1, Math.floor(10_000_000 / Math.max(1, count)));
    for (let from = 0; from < matrix.groupCount; from += groupsAtOnce) {
      pulse();
      const to = Math.min(matrix.groupCount, from + groupsAtOnce);
      const { rows, pairs } = source;
      const target = small.histogram;
      const job = [from, to, rows, pairs, count, target, parent, parent, smallNode, largeNode] as const;
      if (this.lead === null) kernel.run.evaluateGroups(...job);
      else this.lead.evaluate(...job);
    }
    if (smallNode !== 0) small.split = this.takeBest(smallNode, small, source.rows);
    if (large !== null && largeNode !== 0)
      large.split = this.takeBest(largeNode, large, this.rowsOf(large, small, source));
  }

  /** The limits as the kernel takes them. */
  private describeLimits(): Pick<TeamStart, 'limits' | 'categoryLimits'> {
    const { lambda, alpha, childHessianMin, childRowsMin, categories } = this.limits;
    const hasBounds = Number(this.isMonotone);
    const isGeneral = Number(alpha > 0) | hasBounds;
    // Of equally good cuts each library takes the first it meets, LightGBM from the highest threshold down.
    const isByRatio = Number(categories.order === 'ratio');
    const { oneHotMax, setMax, smooth, lambda: categoryLambda, groupRowsMin } = categories;
    return {
      limits: [lambda, alpha, childHessianMin, childRowsMin, isGeneral, hasBounds, isByRatio],
      categoryLimits: [isByRatio, oneHotMax, setMax, smooth, categoryLambda, groupRowsMin],
    };
  }

  /** Siblings lie next to each other. */
  private rowsOf(large: OpenNode, small: OpenNode, source: { readonly rows: number }): number {
    return source.rows + 4 * (large.start - small.start);
  }

  private writeNode(address: number, node: OpenNode): number {
    const { gradient, hessian } = node.sums;
    const { alpha, lambda, gainMin } = this.limits;
    const weight = weighNode(node.sums, this.limits, { lambda, lower: node.lower, upper: node.upper });
    const shrunk = shrink(gradient, alpha);
    // XGBoost bounds the node's own score as those of children, LightGBM doesn't.
    const isBounded = this.isMonotone && this.limits.categories.order === 'weight';
    const score = isBounded
      ? -(2 * shrunk * weight + (hessian + lambda) * weight * weight)
      : (shrunk * shrunk) / (hessian + lambda);
    const { hessianMin, hessianMax, lower, upper } = node;
    const numbers = [gradient, hessian, hessianMin, hessianMax, score + gainMin, score, lower, upper];
    this.kernel.doubles(address, 8).set(numbers);
    this.kernel.ints(address + 64, 2).set([node.end - node.start, address + NODE_BYTES + 56]);
    return address;
  }

  private takeBest(address: number, node: OpenNode, rows: number): NodeSplit | null {
    const { kernel, matrix, limits } = this;
    const chosen = kernel.run.pickBest(address, matrix.byFeature, matrix.entries.length, node.histogram, rows);
    kernel.run.writeMask(address, node.histogram + matrix.maskOffset, matrix.entries.length);
    if (chosen < 0) return null;
    const { bins, hasMissing } = matrix.entries[chosen]!;
    const slots = kernel.run.slotsOf(chosen, node.histogram) >>> 0;
    const record = address + NODE_BYTES + 56 + RECORD_BYTES * chosen;
    const [score, gradient, hessian] = kernel.doubles(record, 3) as unknown as [number, number, number]; // three were asked for
    const [bin, missingLeft, kind] = kernel.ints(record + 32, 3) as unknown as [number, number, number]; // and here
    const isThreshold = kind === KIND_THRESHOLD;
    const missingHessian = hasMissing ? kernel.doubles(slots + SLOT_BYTES * bins, 2)[1]! : 0;
    // When only missing rows go right, every value goes left, also one that no row of the node has. Sums are exact.
    const isGapAlone = missingLeft === 0 && missingHessian > 0 && node.sums.hessian - hessian === missingHessian;
    const isSetByRatio = kind === KIND_CATEGORIES && limits.categories.order === 'ratio';
    return {
      entry: chosen,
      gain: score - kernel.doubles(address + 40, 1)[0]!,
      left: { gradient, hessian },
      bin: isThreshold ? (isGapAlone ? bins - 1 : bin) : -1,
      missingLeft,
      missingHessian,
      leftBins: isThreshold ? null : kernel.ints(record + 48, 8).slice(),
      lambda: limits.lambda + (isSetByRatio ? limits.categories.lambda : 0),
    };
  }
}
