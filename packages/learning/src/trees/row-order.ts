import type { Kernel } from '../wasm/kernel.js';
import type { NodeSplit } from './boosted-node.js';
import type { BoostingMatrix, MatrixColumn, MatrixEntry } from './boosting-matrix.js';
import type { TeamLead } from './team-lead.js';

/**
 * The rows of a tree, ordered so that each node owns one contiguous range, in the kernel's memory. A cut reorders the range of its
 * node, left rows first, each side in the order it had.
 */
export class RowOrder {
  readonly address: number;
  private readonly goesLeft: number;

  constructor(
    private readonly kernel: Kernel,
    private readonly matrix: BoostingMatrix,
  ) {
    this.address = kernel.allocate(4 * matrix.rowCount);
    this.goesLeft = kernel.allocate(256);
  }

  /** The rows [start, end) as they lie. */
  rows(start: number, end: number): Uint32Array {
    return this.kernel.ints(this.address + 4 * start, end - start);
  }

  /** Starts over: first `drawn`, or all positions when it is null, then `others`. */
  fill(drawn: Int32Array | null, others: Int32Array): void {
    if (drawn === null) this.kernel.run.fillRows(this.address, this.matrix.rowCount - others.length);
    else this.rows(0, drawn.length).set(drawn);
    const first = drawn === null ? this.matrix.rowCount - others.length : drawn.length;
    this.rows(first, first + others.length).set(others);
  }

  /**
   * Reorders the range [start, end) and returns where the right side begins.
   *
   * @param held address of room for as many rows
   * @param lead has helpers for it; null for none
   */
  cut(split: NodeSplit, start: number, end: number, held: number, lead: TeamLead | null): number {
    if (start === end) return start;
    const entry = this.matrix.entries[split.entry]!;
    const column = this.matrix.columns[entry.column]!;
    this.writeSides(split, entry, column);
    const rows = this.address + 4 * start;
    const { codes, shift } = column;
    const job = [rows, end - start, codes, shift, this.goesLeft, held] as const;
    return start + (lead === null ? this.kernel.run.partition(...job) : lead.partition(...job));
  }

  /** For each code of the column: 1 when its rows go left. */
  private writeSides(split: NodeSplit, { bins, slots, stride }: MatrixEntry, column: MatrixColumn): void {
    const sides = this.kernel.bytes(this.goesLeft, 256);
    const sideOf = (code: number): number => {
      if (code >= bins) return split.missingLeft;
      if (split.leftBins === null) return Number(code <= split.bin);
      return (split.leftBins[code >> 5]! >>> (code & 31)) & 1;
    };
    if (column.slots === slots) for (let code = 0; code < slots; code++) sides[code] = sideOf(code);
    else for (let code = 0; code < column.slots; code++) sides[code] = sideOf(Math.floor(code / stride) % slots);
  }
}
