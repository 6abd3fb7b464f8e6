import type { Kernel } from '../../wasm/kernel.js';
import { BLOCK_ROWS, DesignBlocks, roundUpToFour } from './design-blocks.js';
import type { DesignMatrix } from './design-matrix.js';

/** From a standardised column of a block to the next; see {@link DesignBlocks}. */
const COLUMN_BYTES = 8 * BLOCK_ROWS + 64;

/** The standardised numeric columns of a block, then those that are not terms of the design (ones, a target), each times the root of the row's weight. */
class StandardisedBlock {
  /** A multiple of four; what is left over is 0. */
  readonly columnCount: number;
  readonly roots: Float64Array;
  private readonly source: DesignBlocks;
  private readonly cells: Float64Array;
  private readonly terms: Float64Array;
  private readonly gram: Float64Array;

  constructor(
    private readonly kernel: Kernel,
    private readonly design: DesignMatrix,
    private readonly others: readonly (Float64Array | null)[],
  ) {
    this.source = new DesignBlocks(kernel, design, 'once');
    // The columns of zeros that the source ends with are overwritten by the others.
    this.columnCount = Math.max(this.source.columnCount, roundUpToFour(design.columns.length + others.length));
    const take = (length: number): Float64Array => kernel.doubles(kernel.allocate(8 * length), length).fill(0);
    this.roots = take(BLOCK_ROWS).fill(1);
    this.cells = take((this.columnCount * COLUMN_BYTES) / 8);
    this.terms = take(2 * this.source.columnCount);
    this.gram = take(this.columnCount ** 2);
    design.columns.forEach(({ offset, scale }, j) => void this.terms.set([offset, scale], 2 * j));
  }

  /** A column of the block. */
  column(j: number): Float64Array {
    const at = (j * COLUMN_BYTES) / 8;
    return this.cells.subarray(at, at + BLOCK_ROWS);
  }

  /** Takes up rows and adds the products of all pairs of columns. The {@link roots} are set, 0 after the last row. */
  add(start: number, count: number): void {
    const { kernel, source, design, roots } = this;
    const rows = roundUpToFour(count);
    kernel.run.standardiseColumns(
      source.load(start, count),
      source.columnBytes,
      design.columns.length,
      this.terms.byteOffset,
      roots.byteOffset,
      this.cells.byteOffset,
      COLUMN_BYTES,
      rows,
    );
    this.others.forEach((values, j) => {
      const column = this.column(design.columns.length + j);
      for (let i = 0; i < rows; i++)
        column[i] = i >= count ? 0 : (values === null ? 1 : values[start + i]!) * roots[i]!;
    });
    kernel.run.addPairs(this.cells.byteOffset, COLUMN_BYTES, this.columnCount, rows, this.gram.byteOffset);
  }

  /** Sum of products of two columns, j <= k, over all rows that were added. */
  product(j: number, k: number): number {
    return this.gram[j * this.columnCount + k]!;
  }
}

/** Adds the products of indicators with all columns of a block and with each other, each to one of the two halves of the matrix. */
function addCategoryPairs(
  gram: Float64Array,
  size: number,
  design: DesignMatrix,
  block: StandardisedBlock,
  placeOf: (column: number) => number,
  start: number,
  count: number,
): void {
  const others = size - design.width;
  const columns = Array.from({ length: design.columns.length + others }, (_, j) => block.column(j));
  let first = design.columns.length;
  design.categoryColumns.forEach((column, c) => {
    for (let i = 0; i < count; i++) {
      const index = column.indices[start + i]!;
      if (index >= column.size) continue;
      const line = (first + index) * size;
      const root = block.roots[i]!;
      for (let j = 0; j < columns.length; j++) gram[line + placeOf(j)]! += columns[j]![i]! * root;
      gram[line + first + index]! += root * root;
      let other = first + column.size;
      for (let k = c + 1; k < design.categoryColumns.length; k++) {
        const { indices, size: otherSize } = design.categoryColumns[k]!;
        const otherIndex = indices[start + i]!;
        if (otherIndex < otherSize) gram[line + other + otherIndex]! += root * root;
        other += otherSize;
      }
    }
    first += column.size;
  });
}

/**
 * The matrix of weighted sums of products of all pairs of terms, then of a constant 1, then of other columns.
 *
 * @param rowWeights one per row, >= 0; null when all are 1
 * @param others more columns, by row
 * @returns row-major, symmetric, of width + 1 + others.length columns
 */
export function sumGram(
  kernel: Kernel,
  design: DesignMatrix,
  rowWeights: Float64Array | null,
  others: readonly Float64Array[] = [],
): Float64Array {
  const { rowCount, width } = design;
  const numberCount = design.columns.length;
  const size = width + 1 + others.length;
  const gram = new Float64Array(size * size);
  const block = new StandardisedBlock(kernel, design, [null, ...others]);
  const placeOf = (column: number): number => (column < numberCount ? column : column - numberCount + width);
  for (let start = 0; start < rowCount; start += BLOCK_ROWS) {
    const count = Math.min(BLOCK_ROWS, rowCount - start);
    const { roots } = block;
    if (rowWeights !== null) for (let i = 0; i < count; i++) roots[i] = Math.sqrt(rowWeights[start + i]!);
    if (count < BLOCK_ROWS) roots.fill(0, count);
    block.add(start, count);
    addCategoryPairs(gram, size, design, block, placeOf, start, count);
  }
  for (let j = 0; j < numberCount + size - width; j++) {
    for (let k = j; k < numberCount + size - width; k++) gram[placeOf(k) * size + placeOf(j)] = block.product(j, k);
  }
  // Each product stands in one half, the other one has a 0.
  for (let j = 0; j < size; j++) {
    for (let k = 0; k < j; k++) {
      const sum = gram[j * size + k]! + gram[k * size + j]!;
      gram[j * size + k] = sum;
      gram[k * size + j] = sum;
    }
  }
  return gram;
}
