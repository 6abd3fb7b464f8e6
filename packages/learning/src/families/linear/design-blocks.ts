import type { Kernel } from '../../wasm/kernel.js';
import type { DesignMatrix } from './design-matrix.js';

/** Rows of a block, a multiple of four: a block stays in the processor's nearer caches while all outputs pass over it. */
export const BLOCK_ROWS = 256;
/** From a column of a block to the next: not a power of two, which would have them all in the same places of the cache. */
const COLUMN_BYTES = 4 * BLOCK_ROWS + 64;

/** Designs of at most this many bytes are copied to the kernel once, not in every pass. */
const KEPT_BYTES_MAX = 128 * 1024 * 1024;

/** The numeric columns of a design, as they are, in the kernel's memory: a block of rows, or all blocks side by side. */
export class DesignBlocks {
  readonly columnBytes = COLUMN_BYTES;
  /** A multiple of four: columns of zeros follow the design's own. */
  readonly columnCount: number;
  private readonly cells: Float32Array;
  /** The first row of the block in each place, -1 before there is one. */
  private readonly starts: Int32Array;

  /** @param passes whether blocks are read once or again and again */
  constructor(
    kernel: Kernel,
    private readonly design: DesignMatrix,
    passes: 'once' | 'repeatedly',
  ) {
    this.columnCount = roundUpToFour(design.columns.length);
    const bytes = this.columnCount * COLUMN_BYTES;
    const blockCount = Math.ceil(design.rowCount / BLOCK_ROWS);
    const kept = passes === 'repeatedly' && blockCount * bytes <= KEPT_BYTES_MAX ? blockCount : 1;
    this.starts = new Int32Array(kept).fill(-1);
    this.cells = kernel.floats(kernel.allocate(kept * bytes), (kept * bytes) / 4);
  }

  /**
   * Takes up the rows [start, start + count), with zeros up to a multiple of four rows.
   *
   * @param start a multiple of {@link BLOCK_ROWS}
   * @param count at most as many
   * @returns the block's address, until the next call
   */
  load(start: number, count: number): number {
    const { starts, cells, columnCount, design } = this;
    const place = (start / BLOCK_ROWS) % starts.length;
    const first = (place * columnCount * COLUMN_BYTES) / 4;
    const address = cells.byteOffset + 4 * first;
    if (starts[place] === start) return address;
    for (let j = 0, at = first; j < columnCount; j++, at += COLUMN_BYTES / 4) {
      const isColumn = j < design.columns.length;
      if (isColumn) cells.set(design.columns[j]!.values.subarray(start, start + count), at);
      cells.fill(0, isColumn ? at + count : at, at + roundUpToFour(count));
    }
    starts[place] = start;
    return address;
  }
}

export const roundUpToFour = (count: number): number => (count + 3) & ~3;
