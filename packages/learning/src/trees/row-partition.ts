import type { BinnedFeatures } from '../binning/bin-features.js';
import type { Split } from './split-scanner.js';

/**
 * The rows of a tree, ordered so that each node owns one contiguous range. A cut reorders the range of its node, left
 * rows first; the order within each side is kept, so that sums do not depend on how the tree was walked.
 */
export class RowPartition {
  readonly rows: Int32Array;
  private readonly held: Int32Array;

  /** @param rows positions in the binned matrix; copied */
  constructor(rows: Int32Array) {
    this.rows = Int32Array.from(rows);
    this.held = new Int32Array(rows.length);
  }

  /** Reorders the range [start, end) by a split and returns where the right side begins. */
  cut(binned: BinnedFeatures, split: Split, start: number, end: number): number {
    const { rows, held } = this;
    const { codes, rowCount, valueBins } = binned;
    const column = codes.subarray(split.feature * rowCount, (split.feature + 1) * rowCount);
    const missingCode = valueBins[split.feature]!;
    const missingLeft = split.missingLeft === 1;
    const bin = split.bin;
    let left = start;
    let right = 0;
    for (let i = start; i < end; i++) {
      const row = rows[i]!;
      const code = column[row]!;
      if (code === missingCode ? missingLeft : code <= bin) rows[left++] = row;
      else held[right++] = row;
    }
    rows.set(held.subarray(0, right), left);
    return left;
  }
}
