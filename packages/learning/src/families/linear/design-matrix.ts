/** A categorical column as indicators, of which at most one per row is 1. */
export interface CategoryColumn {
  /** Which indicator is 1, by row; `size` where none is. */
  readonly indices: Int32Array;
  /** Indicators. */
  readonly size: number;
}

/** The z of all terms for all training rows: the columns of numbers first, then the indicators. */
export interface DesignMatrix {
  readonly rowCount: number;
  /** Terms. */
  readonly width: number;
  readonly columns: readonly Float32Array[];
  readonly categoryColumns: readonly CategoryColumn[];
}

/** Rows taken at once: their margins stay in the processor's first cache while all columns pass over them. */
export const BLOCK_ROWS = 1024;

/** target[i] += sum over numeric columns of weight * z, for the rows [start, start + count). Four columns per pass. */
function addColumns(
  { columns }: DesignMatrix,
  weights: Float64Array,
  first: number,
  start: number,
  count: number,
  target: Float64Array,
): void {
  let j = 0;
  for (; j + 4 <= columns.length; j += 4) {
    const [a, b, c, d] = [columns[j]!, columns[j + 1]!, columns[j + 2]!, columns[j + 3]!];
    const wa = weights[first + j]!;
    const wb = weights[first + j + 1]!;
    const wc = weights[first + j + 2]!;
    const wd = weights[first + j + 3]!;
    for (let i = 0, at = start; i < count; i++, at++) {
      target[i]! += wa * a[at]! + wb * b[at]! + (wc * c[at]! + wd * d[at]!);
    }
  }
  for (; j < columns.length; j++) {
    const column = columns[j]!;
    const weight = weights[first + j]!;
    for (let i = 0, at = start; i < count; i++, at++) target[i]! += weight * column[at]!;
  }
}

/**
 * Adds the weighted terms of the rows [start, start + count) to `target`.
 *
 * @param weights one per term, from `first` on
 */
export function addTerms(
  design: DesignMatrix,
  weights: Float64Array,
  first: number,
  start: number,
  count: number,
  target: Float64Array,
): void {
  addColumns(design, weights, first, start, count, target);
  let at = first + design.columns.length;
  for (const { indices, size } of design.categoryColumns) {
    for (let i = 0; i < count; i++) {
      const index = indices[start + i]!;
      if (index < size) target[i]! += weights[at + index]!;
    }
    at += size;
  }
}

/**
 * Adds, for each term, the sum of z * factor over the rows [start, start + count) to `sums`.
 *
 * @param sums one per term, from `first` on
 */
export function addProducts(
  { columns, categoryColumns }: DesignMatrix,
  factors: Float64Array,
  first: number,
  start: number,
  count: number,
  sums: Float64Array,
): void {
  let j = 0;
  for (; j + 4 <= columns.length; j += 4) {
    const [a, b, c, d] = [columns[j]!, columns[j + 1]!, columns[j + 2]!, columns[j + 3]!];
    let [sa, sb, sc, sd] = [0, 0, 0, 0];
    for (let i = 0, at = start; i < count; i++, at++) {
      const factor = factors[i]!;
      sa += factor * a[at]!;
      sb += factor * b[at]!;
      sc += factor * c[at]!;
      sd += factor * d[at]!;
    }
    sums[first + j]! += sa;
    sums[first + j + 1]! += sb;
    sums[first + j + 2]! += sc;
    sums[first + j + 3]! += sd;
  }
  for (; j < columns.length; j++) {
    const column = columns[j]!;
    let sum = 0;
    for (let i = 0, at = start; i < count; i++, at++) sum += factors[i]! * column[at]!;
    sums[first + j]! += sum;
  }
  let at = first + columns.length;
  for (const { indices, size } of categoryColumns) {
    for (let i = 0; i < count; i++) {
      const index = indices[start + i]!;
      if (index < size) sums[at + index]! += factors[i]!;
    }
    at += size;
  }
}

/** The given rows of a design, copied. */
export function takeDesignRows(design: DesignMatrix, rows: Int32Array): DesignMatrix {
  return {
    rowCount: rows.length,
    width: design.width,
    columns: design.columns.map((column) => Float32Array.from(rows, (row) => column[row]!)),
    categoryColumns: design.categoryColumns.map(({ indices, size }) => {
      return { indices: Int32Array.from(rows, (row) => indices[row]!), size };
    }),
  };
}
