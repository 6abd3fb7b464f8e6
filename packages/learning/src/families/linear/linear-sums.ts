import type { Kernel } from '../../wasm/kernel.js';
import { BLOCK_ROWS, DesignBlocks, roundUpToFour } from './design-blocks.js';
import type { DesignMatrix } from './design-matrix.js';

/**
 * The two sums that linear models are made of, for any number of outputs and a block of rows at a time: over terms (margins) and over rows (the gradient).
 * Columns are read as they are; offsets and scales go into the weights before, and into the sums after.
 */
export class LinearSums {
  /**
   * The margins of the rows of a block, to be overwritten with factors for {@link addProducts}: that of row i and output k at
   * k * {@link BLOCK_ROWS} + i, in the kernel's memory.
   */
  readonly margins: Float64Array;
  private readonly blocks: DesignBlocks;
  private readonly slopes: Float64Array;
  private readonly products: Float64Array;
  private readonly starts: Float64Array;
  private readonly totals: Float64Array;

  constructor(
    private readonly kernel: Kernel,
    private readonly design: DesignMatrix,
    readonly outputCount: number,
  ) {
    this.blocks = new DesignBlocks(kernel, design, 'repeatedly');
    const size = this.blocks.columnCount * outputCount;
    const take = (length: number): Float64Array => kernel.doubles(kernel.allocate(8 * length), length).fill(0);
    this.slopes = take(size);
    this.products = take(size);
    this.starts = new Float64Array(outputCount);
    this.totals = new Float64Array(outputCount);
    this.margins = take(BLOCK_ROWS * outputCount);
  }

  /** Begins a pass over the rows. @param point output by output, the weights of all terms and then the bias */
  begin(point: Float64Array): void {
    const { design, outputCount, slopes, starts } = this;
    this.products.fill(0);
    this.totals.fill(0);
    for (let k = 0; k < outputCount; k++) {
      const first = k * (design.width + 1);
      let start = point[first + design.width]!;
      design.columns.forEach(({ offset, scale }, j) => {
        const slope = point[first + j]! * scale;
        slopes[j * outputCount + k] = slope;
        start -= slope * offset;
      });
      starts[k] = start;
    }
  }

  /** Writes the {@link margins} of the rows [start, start + count). @param point as {@link begin} was given it */
  sumTerms(point: Float64Array, start: number, count: number): void {
    const { design, blocks, kernel, margins, outputCount } = this;
    for (let k = 0; k < outputCount; k++) margins.fill(this.starts[k]!, k * BLOCK_ROWS, k * BLOCK_ROWS + count);
    kernel.run.addTerms(
      blocks.load(start, count),
      blocks.columnBytes,
      blocks.columnCount,
      this.slopes.byteOffset,
      margins.byteOffset,
      8 * BLOCK_ROWS,
      outputCount,
      roundUpToFour(count),
    );
    let at = design.columns.length;
    for (const { indices, size } of design.categoryColumns) {
      for (let k = 0; k < outputCount; k++) {
        const first = k * (design.width + 1) + at;
        for (let i = 0; i < count; i++) {
          const index = indices[start + i]!;
          if (index < size) margins[k * BLOCK_ROWS + i]! += point[first + index]!;
        }
      }
      at += size;
    }
  }

  /**
   * Adds up, for each term and output, the sum of z * factor over the same rows, the factors being in {@link margins}. Those of indicators go
   * to the gradient at once.
   */
  addProducts(gradient: Float64Array, start: number, count: number): void {
    const { design, blocks, kernel, margins, outputCount } = this;
    for (let k = 0; k < outputCount; k++) {
      const first = k * BLOCK_ROWS;
      let total = 0;
      for (let i = first; i < first + count; i++) total += margins[i]!;
      this.totals[k]! += total;
      margins.fill(0, first + count, first + roundUpToFour(count));
    }
    kernel.run.addProducts(
      blocks.load(start, count),
      blocks.columnBytes,
      blocks.columnCount,
      margins.byteOffset,
      8 * BLOCK_ROWS,
      outputCount,
      this.products.byteOffset,
      roundUpToFour(count),
    );
    let at = design.columns.length;
    for (const { indices, size } of design.categoryColumns) {
      for (let k = 0; k < outputCount; k++) {
        const first = k * (design.width + 1) + at;
        for (let i = 0; i < count; i++) {
          const index = indices[start + i]!;
          if (index < size) gradient[first + index]! += margins[k * BLOCK_ROWS + i]!;
        }
      }
      at += size;
    }
  }

  /** Ends a pass: writes the products of the numeric terms and of the bias. */
  end(gradient: Float64Array): void {
    const { design, outputCount, products, totals } = this;
    for (let k = 0; k < outputCount; k++) {
      const first = k * (design.width + 1);
      design.columns.forEach(({ offset, scale }, j) => {
        gradient[first + j] = scale * (products[j * outputCount + k]! - offset * totals[k]!);
      });
      gradient[first + design.width] = totals[k]!;
    }
  }
}
