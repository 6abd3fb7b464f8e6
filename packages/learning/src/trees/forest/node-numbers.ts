import type { Kernel } from '../../wasm/kernel.js';

/** Rows per step while cells are turned, so that what is read and what is written stay near the processor. */
const TURNED_ROWS = 256;

/** The lists of a node are read in steps of four. */
const SPARE = 3;

/** Weighted sums of a part of a node: per class, or of the values. */
export class PartSums {
  readonly sums: Float64Array;
  weight = 0;
  rows = 0;

  constructor(size: number) {
    this.sums = new Float64Array(size);
  }

  clear(): void {
    this.sums.fill(0);
    this.weight = 0;
    this.rows = 0;
  }
}

/** Numbers of a node under one column. */
export interface GatheredValues {
  /** In the order of the node's rows. */
  readonly values: Float32Array;
  least: number;
  /** Less than `least` when all are missing. */
  greatest: number;
  hasGaps: boolean;
}

/**
 * Numeric columns in the kernel's memory, row by row: the rows of a node lie far apart, and the columns that are drawn for it share what the processor
 * fetches for a row. Beside them what the rows of the present node count.
 */
export class NodeNumbers {
  private readonly cells: number;
  private readonly rowBytes: number;
  /** Weight and target of each position side by side: rows of a node lie far apart, and each is fetched once. */
  private readonly pairs: Float64Array;
  private readonly rows: Uint32Array;
  private readonly weights: Float64Array;
  /** More than two classes: 16 times the class. */
  private readonly classes: Uint32Array;
  /** Else: weight times number. */
  private readonly weighted: Float64Array;
  private readonly sums: Float64Array;
  private readonly range: Float32Array;
  private count = 0;

  /**
   * @param columns as long as the table they are of
   * @param rows the rows of the table that are learned from; positions count among them
   * @param target by position: the number that is learned, 0 or 1 of two classes, or the index of the class
   * @param classCount 0 for numbers
   */
  constructor(
    private readonly kernel: Kernel,
    columns: readonly Float32Array[],
    rows: Int32Array,
    private readonly target: Float64Array,
    private readonly classCount: number,
  ) {
    this.rowBytes = 4 * columns.length;
    this.pairs = new Float64Array(2 * rows.length);
    this.cells = kernel.allocate(rows.length * this.rowBytes);
    turnToRows(columns, rows, kernel.floats(this.cells, rows.length * columns.length));
    const size = rows.length + SPARE;
    this.rows = kernel.ints(kernel.allocate(4 * size), size);
    this.weights = kernel.doubles(kernel.allocate(8 * size), size);
    this.classes = kernel.ints(kernel.allocate(classCount > 2 ? 4 * size : 0), classCount > 2 ? size : 0);
    this.weighted = kernel.doubles(kernel.allocate(classCount > 2 ? 0 : 8 * size), classCount > 2 ? 0 : size);
    const sumCount = Math.max(2, 2 * classCount);
    this.sums = kernel.doubles(kernel.allocate(8 * sumCount), sumCount);
    this.range = kernel.floats(kernel.allocate(8), 2);
  }

  /** A list for {@link gather}. */
  makeValues(): GatheredValues {
    const size = this.rows.length + SPARE;
    const values = this.kernel.floats(this.kernel.allocate(4 * size), size);
    return { values, least: 0, greatest: 0, hasGaps: false };
  }

  /** Starts on a tree. @param weights by position */
  begin(weights: Float64Array): void {
    const { pairs, target } = this;
    for (let i = 0; i < weights.length; i++) {
      pairs[2 * i] = weights[i]!;
      pairs[2 * i + 1] = target[i]!;
    }
  }

  /**
   * Takes up the node that owns the positions `rows[start..end)`, and writes its sums.
   *
   * @returns whether all its rows have the same target
   */
  enter(rows: Int32Array, start: number, end: number, node: PartSums): boolean {
    const { pairs, rowBytes, classCount } = this;
    const first = pairs[2 * rows[start]! + 1]!;
    let isPure = true;
    let weight = 0;
    let sum = 0;
    node.clear();
    for (let i = start, k = 0; i < end; i++, k++) {
      const row = rows[i]!;
      const own = pairs[2 * row]!;
      const value = pairs[2 * row + 1]!;
      this.rows[k] = row * rowBytes;
      this.weights[k] = own;
      weight += own;
      if (classCount > 2) {
        this.classes[k] = 16 * value;
        node.sums[value]! += own;
      } else {
        this.weighted[k] = own * value;
        sum += own * value;
      }
      if (value !== first) isPure = false;
    }
    this.count = end - start;
    node.rows = this.count;
    node.weight = weight;
    if (classCount <= 2) this.writeSum(node, sum);
    return isPure;
  }

  /** The values of the node's rows under a column, the one at `place` of those given. */
  gather(place: number, found: GatheredValues): void {
    const { kernel, rows, range } = this;
    const list = found.values.byteOffset;
    const column = this.cells + 4 * place;
    found.hasGaps = Boolean(kernel.run.gatherCells(column, rows.byteOffset, this.count, list, range.byteOffset));
    found.least = range[0]!;
    found.greatest = range[1]!;
  }

  /** Writes the sums of the rows whose value is there and not above a threshold. */
  sumUpTo({ values }: GatheredValues, threshold: number, part: PartSums): void {
    const { kernel, count, classCount, sums } = this;
    const [list, weights, to] = [values.byteOffset, this.weights.byteOffset, sums.byteOffset];
    if (classCount <= 2) {
      part.rows = kernel.run.sumUpTo(list, threshold, count, weights, this.weighted.byteOffset, to);
      part.weight = sums[0]!;
      this.writeSum(part, sums[1]!);
      return;
    }
    const classes = this.classes.byteOffset;
    part.rows = kernel.run.sumClassesUpTo(list, threshold, count, weights, classes, to, classCount);
    part.weight = 0;
    for (let k = 0; k < classCount; k++) {
      part.sums[k] = sums[2 * k + 1]!;
      part.weight += sums[2 * k + 1]!;
    }
  }

  private writeSum(part: PartSums, sum: number): void {
    if (this.classCount === 2) part.sums[0] = part.weight - sum;
    part.sums[part.sums.length - 1] = sum;
  }
}

function turnToRows(columns: readonly Float32Array[], rows: Int32Array, cells: Float32Array): void {
  const width = columns.length;
  for (let from = 0; from < rows.length; from += TURNED_ROWS) {
    const to = Math.min(rows.length, from + TURNED_ROWS);
    for (let j = 0; j < width; j++) {
      const column = columns[j]!;
      for (let i = from, at = from * width + j; i < to; i++, at += width) cells[at] = column[rows[i]!]!;
    }
  }
}
