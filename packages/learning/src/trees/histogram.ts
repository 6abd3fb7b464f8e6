import type { BinnedFeatures } from '../binning/bin-features.js';
import { SLOT_WIDTH } from './split-scanner.js';

/** Adds the rows of one node to the slots of one column. `gradients` and `hessians` are in the order of `rows[start..end)`. */
export function accumulateColumn(
  histogram: Float64Array,
  first: number,
  column: Uint8Array,
  rows: Int32Array,
  range: { readonly start: number; readonly end: number },
  gradients: Float64Array,
  hessians: Float64Array,
): void {
  const { start, end } = range;
  for (let i = start, k = 0; i < end; i++, k++) {
    const at = (first + column[rows[i]!]!) * SLOT_WIDTH;
    histogram[at]! += gradients[k]!;
    histogram[at + 1]! += hessians[k]!;
    histogram[at + 2]!++;
  }
}

/** Builds node histograms over all features and reuses their memory. */
export class HistogramPool {
  private readonly free: Float64Array[] = [];
  private readonly columns: readonly Uint8Array[];
  private readonly orderedGradients: Float64Array;
  private readonly orderedHessians: Float64Array;

  constructor(private readonly binned: BinnedFeatures) {
    const { codes, rowCount, featureCount } = binned;
    this.columns = Array.from({ length: featureCount }, (_, j) => codes.subarray(j * rowCount, (j + 1) * rowCount));
    this.orderedGradients = new Float64Array(rowCount);
    this.orderedHessians = new Float64Array(rowCount);
  }

  release(histogram: Float64Array): void {
    this.free.push(histogram);
  }

  /** Sums the rows [start, end) over the given features; slots of other features are left undefined. */
  build(
    rows: Int32Array,
    range: { readonly start: number; readonly end: number },
    gradients: Float32Array,
    hessians: Float32Array,
    features: Int32Array,
  ): Float64Array {
    const { offsets, featureCount } = this.binned;
    const histogram = this.free.pop() ?? new Float64Array(offsets[featureCount]! * SLOT_WIDTH);
    const { orderedGradients, orderedHessians } = this;
    // Gathered once per node: every column then reads them in sequence.
    for (let i = range.start, k = 0; i < range.end; i++, k++) {
      const row = rows[i]!;
      orderedGradients[k] = gradients[row]!;
      orderedHessians[k] = hessians[row]!;
    }
    for (const feature of features) {
      const first = offsets[feature]!;
      histogram.fill(0, first * SLOT_WIDTH, offsets[feature + 1]! * SLOT_WIDTH);
      accumulateColumn(histogram, first, this.columns[feature]!, rows, range, orderedGradients, orderedHessians);
    }
    return histogram;
  }

  /** Turns the histogram of a parent into that of the sibling of `child`, in place: parent - child. */
  subtract(parent: Float64Array, child: Float64Array, features: Int32Array): void {
    const { offsets } = this.binned;
    for (const feature of features) {
      const end = offsets[feature + 1]! * SLOT_WIDTH;
      for (let at = offsets[feature]! * SLOT_WIDTH; at < end; at++) parent[at]! -= child[at]!;
    }
  }
}
