/** A column of numbers, standardised when it is read: z = (value - offset) * scale. */
export interface NumberColumn {
  /** By training row; without NaN. The dataset's own memory when nothing had to be filled in or left out. */
  readonly values: Float32Array;
  readonly offset: number;
  readonly scale: number;
}

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
  readonly columns: readonly NumberColumn[];
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
  let shift = 0;
  for (let j = 0; j < columns.length; j++) shift -= weights[first + j]! * columns[j]!.scale * columns[j]!.offset;
  for (let i = 0; i < count; i++) target[i]! += shift;
  const slope = (j: number): number => weights[first + j]! * columns[j]!.scale;
  let j = 0;
  for (; j + 4 <= columns.length; j += 4) {
    const a = columns[j]!.values;
    const b = columns[j + 1]!.values;
    const c = columns[j + 2]!.values;
    const d = columns[j + 3]!.values;
    const wa = slope(j);
    const wb = slope(j + 1);
    const wc = slope(j + 2);
    const wd = slope(j + 3);
    for (let i = 0, at = start; i < count; i++, at++) {
      target[i]! += wa * a[at]! + wb * b[at]! + (wc * c[at]! + wd * d[at]!);
    }
  }
  for (; j < columns.length; j++) {
    const { values } = columns[j]!;
    const weight = slope(j);
    for (let i = 0, at = start; i < count; i++, at++) target[i]! += weight * values[at]!;
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
  let total = 0;
  for (let i = 0; i < count; i++) total += factors[i]!;
  const add = (j: number, sum: number): void => {
    const { offset, scale } = columns[j]!;
    sums[first + j]! += scale * (sum - offset * total);
  };
  let j = 0;
  for (; j + 4 <= columns.length; j += 4) {
    const a = columns[j]!.values;
    const b = columns[j + 1]!.values;
    const c = columns[j + 2]!.values;
    const d = columns[j + 3]!.values;
    let sa = 0;
    let sb = 0;
    let sc = 0;
    let sd = 0;
    for (let i = 0, at = start; i < count; i++, at++) {
      const factor = factors[i]!;
      sa += factor * a[at]!;
      sb += factor * b[at]!;
      sc += factor * c[at]!;
      sd += factor * d[at]!;
    }
    add(j, sa);
    add(j + 1, sb);
    add(j + 2, sc);
    add(j + 3, sd);
  }
  for (; j < columns.length; j++) {
    const { values } = columns[j]!;
    let sum = 0;
    for (let i = 0, at = start; i < count; i++, at++) sum += factors[i]! * values[at]!;
    add(j, sum);
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
  const columns = design.columns.map(({ values, offset, scale }) => {
    const taken = new Float32Array(rows.length);
    for (let i = 0; i < rows.length; i++) taken[i] = values[rows[i]!]!;
    return { values: taken, offset, scale };
  });
  const categoryColumns = design.categoryColumns.map(({ indices, size }) => ({
    indices: rows.map((row) => indices[row]!),
    size,
  }));
  return { rowCount: rows.length, width: design.width, columns, categoryColumns };
}
