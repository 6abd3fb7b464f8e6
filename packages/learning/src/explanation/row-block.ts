import type { FeatureTable } from '../dataset/dataset.js';
import type { Tree } from '../trees/tree.js';

const isMissing = Number.isNaN;

/** Some rows of a table, column by column, close together in memory. */
export interface RowBlock {
  /** Rows a block has room for. */
  readonly capacity: number;
  /** Column j begins at `j * capacity`. */
  readonly values: Float32Array;
  /** Rows it holds now. */
  size: number;
}

export function createRowBlock(featureCount: number, capacity: number): RowBlock {
  return { capacity, values: new Float32Array(featureCount * capacity), size: 0 };
}

/** Fills a block with `rows[from]`, `rows[from + 1]`, … up to its capacity. */
export function fillRowBlock(block: RowBlock, { columns }: FeatureTable, rows: Int32Array, from: number): void {
  const size = Math.min(block.capacity, rows.length - from);
  block.size = size;
  columns.forEach((column, j) => {
    const start = j * block.capacity;
    for (let i = 0; i < size; i++) block.values[start + i] = column[rows[from + i]!]!;
  });
}

/** Writes for each row of a block, from `sides[start]` on: 1 when it goes left at a node, 0 when right. */
export function decideSides(tree: Tree, node: number, block: RowBlock, sides: Uint8Array, start: number): void {
  const { values, size, capacity } = block;
  const offset = tree.feature[node]! * capacity;
  const missing = tree.missingLeft[node]!;
  const codes = tree.categories[node]!;
  if (codes !== null) {
    const left = new Set(codes);
    for (let i = 0; i < size; i++) {
      const value = values[offset + i]!;
      sides[start + i] = isMissing(value) ? missing : Number(left.has(value));
    }
    return;
  }
  // No comparison with NaN holds, so that each form sends missing values to its own side.
  const threshold = tree.threshold[node]!;
  if (missing === 1) for (let i = 0; i < size; i++) sides[start + i] = values[offset + i]! > threshold ? 0 : 1;
  else for (let i = 0; i < size; i++) sides[start + i] = values[offset + i]! <= threshold ? 1 : 0;
}
