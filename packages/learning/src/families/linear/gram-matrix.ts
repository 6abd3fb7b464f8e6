import { BLOCK_ROWS, type DesignMatrix, type NumberColumn } from './design-matrix.js';

/** The z of some rows of a column, or ones. */
function fillBlock(column: NumberColumn | null, start: number, count: number, block: Float64Array): void {
  if (column === null) {
    block.fill(1, 0, count);
    return;
  }
  const { values, offset, scale } = column;
  for (let i = 0; i < count; i++) block[i] = (values[start + i]! - offset) * scale;
}

/** Adds weighted products of pairs of numeric columns, two by two, to the upper triangle. */
function addColumnPairs(
  gram: Float64Array,
  size: number,
  columns: readonly Float64Array[],
  scaled: readonly Float64Array[],
  count: number,
): void {
  for (let j = 0; j < columns.length; j += 2) {
    const a = scaled[j]!;
    const b = scaled[Math.min(j + 1, columns.length - 1)]!;
    for (let k = j; k < columns.length; k += 2) {
      const c = columns[k]!;
      const d = columns[Math.min(k + 1, columns.length - 1)]!;
      let ac = 0;
      let ad = 0;
      let bc = 0;
      let bd = 0;
      for (let i = 0; i < count; i++) {
        const va = a[i]!;
        const vb = b[i]!;
        const vc = c[i]!;
        const vd = d[i]!;
        ac += va * vc;
        ad += va * vd;
        bc += vb * vc;
        bd += vb * vd;
      }
      gram[j * size + k]! += ac;
      if (k + 1 < columns.length) gram[j * size + k + 1]! += ad;
      if (j + 1 < columns.length) {
        if (k > j) gram[(j + 1) * size + k]! += bc;
        if (k + 1 < columns.length) gram[(j + 1) * size + k + 1]! += bd;
      }
    }
  }
}

/** Adds products with indicators: of a numeric column the weighted sum of its rows, of another indicator the weight of the common rows. */
function addCategoryPairs(
  gram: Float64Array,
  size: number,
  design: DesignMatrix,
  start: number,
  count: number,
  scaled: readonly Float64Array[],
  weights: Float64Array,
): void {
  let first = design.columns.length;
  design.categoryColumns.forEach((column, c) => {
    for (let i = 0; i < count; i++) {
      const index = column.indices[start + i]!;
      if (index >= column.size) continue;
      const at = first + index;
      for (let j = 0; j < scaled.length; j++) gram[j * size + at]! += scaled[j]![i]!;
      gram[at * size + at]! += weights[i]!;
      let other = first + column.size;
      for (let k = c + 1; k < design.categoryColumns.length; k++) {
        const { indices, size: otherSize } = design.categoryColumns[k]!;
        const otherIndex = indices[start + i]!;
        if (otherIndex < otherSize) gram[at * size + other + otherIndex]! += weights[i]!;
        other += otherSize;
      }
      gram[at * size + size - 1]! += weights[i]!;
    }
    first += column.size;
  });
}

/**
 * The matrix of weighted sums of products of all pairs of terms, a constant 1 being the last one.
 *
 * @param rowWeights one per row; null when all are 1
 * @returns row-major, (width + 1) x (width + 1), symmetric
 */
export function sumGram(design: DesignMatrix, rowWeights: Float64Array | null): Float64Array {
  const { rowCount, columns, width } = design;
  const size = width + 1;
  const gram = new Float64Array(size * size);
  // A column of ones stands beside the numeric ones, so that sums of columns come with the products.
  const block = Array.from({ length: columns.length + 1 }, () => new Float64Array(BLOCK_ROWS));
  const scaled = block.map(() => new Float64Array(BLOCK_ROWS));
  const numericSize = columns.length + 1;
  const numericGram = new Float64Array(numericSize * numericSize);
  const weights = new Float64Array(BLOCK_ROWS);
  for (let start = 0; start < rowCount; start += BLOCK_ROWS) {
    const count = Math.min(BLOCK_ROWS, rowCount - start);
    for (let i = 0; i < count; i++) weights[i] = rowWeights === null ? 1 : rowWeights[start + i]!;
    block.forEach((values, j) => {
      fillBlock(columns[j] ?? null, start, count, values);
      for (let i = 0; i < count; i++) scaled[j]![i] = values[i]! * weights[i]!;
    });
    addColumnPairs(numericGram, numericSize, block, scaled, count);
    addCategoryPairs(gram, size, design, start, count, scaled.slice(0, columns.length), weights);
  }
  for (let j = 0; j < numericSize; j++) {
    for (let k = j; k < numericSize; k++) {
      const row = j === columns.length ? width : j;
      const column = k === columns.length ? width : k;
      gram[row * size + column] = numericGram[j * numericSize + k]!;
    }
  }
  for (let j = 0; j < size; j++) for (let k = j + 1; k < size; k++) gram[k * size + j] = gram[j * size + k]!;
  return gram;
}
