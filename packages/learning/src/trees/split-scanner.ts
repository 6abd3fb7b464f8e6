/** Numbers kept per histogram slot: sum of gradients, sum of hessians, count of rows. */
export const SLOT_WIDTH = 3;

/** float32's largest finite number: a threshold that every value passes, so that only missing goes the other way. */
const EVERY_VALUE = 3.4028234663852886e38;

/** What a split must satisfy. */
export interface SplitLimits {
  /** L2 penalty on leaf values, >= 0. */
  readonly lambda: number;
  /** Least sum of hessians in a child, >= 0. */
  readonly childHessianMin: number;
  /** Least rows in a child, >= 1; counted exactly, since deriving it from hessians hurts small data. */
  readonly childRowsMin: number;
  /** A split must gain more than this. */
  readonly gainMin: number;
}

/** Gradient sum, hessian sum and row count of a node or a child. */
export interface NodeSums {
  readonly gradient: number;
  readonly hessian: number;
  readonly rows: number;
}

/** The best split found for a node so far. */
export interface Split {
  feature: number;
  bin: number;
  threshold: number;
  missingLeft: number;
  gain: number;
  left: NodeSums;
}

/**
 * Finds the best cut of a node from histograms of its rows, feature by feature.
 *
 * The gain is that of second-order boosting without its factor 1/2 (Chen and Guestrin, 2016, eq. 7):
 * GL^2/(HL+lambda) + GR^2/(HR+lambda) - G^2/(H+lambda). With g = w*y, h = w and lambda = 0 the same formula ranks
 * splits of two classes as the Gini impurity does, so the forest uses it too.
 *
 * Missing rows are tried on both sides. When the node has none, they will follow the larger child. Ties keep the feature
 * and the cut seen first.
 */
export class SplitScanner {
  private node: NodeSums = { gradient: 0, hessian: 0, rows: 0 };
  private best: Split | null = null;
  private bestGain = 0;

  constructor(
    private readonly limits: SplitLimits,
    private readonly edges: readonly Float32Array[],
  ) {}

  /** Starts on a node with these sums. */
  begin(node: NodeSums): void {
    this.node = node;
    this.best = null;
    this.bestGain = this.limits.gainMin;
  }

  /** The best split since {@link begin}, or null when none satisfies the limits. */
  take(): Split | null {
    return this.best;
  }

  /** True when a split was found since {@link begin}. */
  hasSplit(): boolean {
    return this.best !== null;
  }

  /**
   * Scans the value slots of one feature.
   *
   * @param histogram interleaved sums, {@link SLOT_WIDTH} per slot
   * @param first slot of the first value bin
   * @param slots value slots; the slot after them holds the missing rows
   * @param binOfSlot bin of each slot when empty bins were left out; null when slot and bin are the same
   */
  scan(feature: number, histogram: Float64Array, first: number, slots: number, binOfSlot: Int32Array | null): void {
    const { lambda, childHessianMin, childRowsMin } = this.limits;
    const { gradient, hessian, rows } = this.node;
    const missing = (first + slots) * SLOT_WIDTH;
    const missingGradient = histogram[missing]!;
    const missingHessian = histogram[missing + 1]!;
    const missingRows = histogram[missing + 2]!;
    const parentScore = (gradient * gradient) / (hessian + lambda);
    let seenGradient = 0;
    let seenHessian = 0;
    let seenRows = 0;
    let bestSlot = -1;
    let bestSide = 0;
    let bestGain = this.bestGain;
    let bestGradient = 0;
    let bestHessian = 0;
    let bestRows = 0;
    for (let slot = 0; slot < slots; slot++) {
      const at = (first + slot) * SLOT_WIDTH;
      const count = histogram[at + 2]!;
      if (count === 0) continue; // the same partition as at the slot before
      seenGradient += histogram[at]!;
      seenHessian += histogram[at + 1]!;
      seenRows += count;
      const isLast = seenRows + missingRows === rows;
      if (isLast && missingRows === 0) break;
      // Side 0: missing rows go right. Side 1: left, pointless after the last value since nothing would be on the right.
      const sides = missingRows === 0 || isLast ? 1 : 2;
      for (let side = 0; side < sides; side++) {
        const leftRows = seenRows + side * missingRows;
        const leftHessian = seenHessian + side * missingHessian;
        const rightHessian = hessian - leftHessian;
        if (leftRows < childRowsMin || rows - leftRows < childRowsMin) continue;
        if (leftHessian < childHessianMin || rightHessian < childHessianMin) continue;
        const left = seenGradient + side * missingGradient;
        const right = gradient - left;
        const gain = (left * left) / (leftHessian + lambda) + (right * right) / (rightHessian + lambda) - parentScore;
        if (gain > bestGain) {
          bestSlot = slot;
          bestSide = side;
          bestGain = gain;
          bestGradient = left;
          bestHessian = leftHessian;
          bestRows = leftRows;
        }
      }
      if (isLast) break;
    }
    if (bestSlot < 0) return;
    const next = this.nextFilledSlot(histogram, first, slots, bestSlot);
    const bin = this.cutBin(bestSlot, next, slots, binOfSlot) ?? this.edges[feature]!.length;
    const missingLeft = missingRows > 0 ? bestSide : Number(bestRows * 2 >= rows);
    this.keep(feature, bin, missingLeft, bestGain, { gradient: bestGradient, hessian: bestHessian, rows: bestRows });
  }

  private keep(feature: number, bin: number, missingLeft: number, gain: number, left: NodeSums): void {
    const edges = this.edges[feature]!;
    const threshold = bin < edges.length ? edges[bin]! : EVERY_VALUE;
    this.bestGain = gain;
    this.best = { feature, bin, threshold, missingLeft, gain, left };
  }

  private nextFilledSlot(histogram: Float64Array, first: number, slots: number, slot: number): number {
    let next = slot + 1;
    while (next < slots && histogram[(first + next) * SLOT_WIDTH + 2] === 0) next++;
    return next;
  }

  /**
   * Between the last filled bin on the left and the first on the right lie bins that are empty in this node; the cut goes
   * into their middle. Hugging the left one costs accuracy on rows that were not drawn for this tree.
   *
   * @returns null when no value goes right, only missing
   */
  private cutBin(slot: number, next: number, slots: number, binOfSlot: Int32Array | null): number | null {
    if (next === slots) return null;
    const low = binOfSlot === null ? slot : binOfSlot[slot]!;
    const high = binOfSlot === null ? next : binOfSlot[next]!;
    return low + ((high - low) >> 1);
  }
}
