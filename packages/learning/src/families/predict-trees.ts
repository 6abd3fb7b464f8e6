import { type CompiledTrees, MISSING_LEFT, NODE_WORDS, TESTS_CODES } from './compile-trees.js';

/** Rows are taken in blocks whose cells stay in the processor's cache while all trees pass over them. */
const BLOCK_CELLS = 32_768;
const BLOCK_ROWS_MIN = 64;
const BLOCK_ROWS_MAX = 4096;

/** A block of rows, `slots` cells each, side by side: the columns that the trees test. */
interface Block {
  readonly cells: Float32Array;
  readonly width: number;
  readonly rowCount: number;
}

function fillBlock(
  { slots }: CompiledTrees,
  columns: readonly Float32Array[],
  rows: Int32Array,
  cells: Float32Array,
): Block {
  const width = slots.length;
  slots.forEach(({ feature, positions }, slot) => {
    const column = columns[feature]!;
    if (positions === null) {
      for (let i = 0, at = slot; i < rows.length; i++, at += width) cells[at] = column[rows[i]!]!;
      return;
    }
    for (let i = 0, at = slot; i < rows.length; i++, at += width) {
      const code = column[rows[i]!]!;
      cells[at] = Number.isNaN(code) ? Number.NaN : positions.of(code);
    }
  });
  return { cells, width, rowCount: rows.length };
}

/** Writes, for each row of a block, where the values of its leaf begin: a tree whose cuts are all thresholds. */
function findLeavesByThreshold(
  { words, floats }: CompiledTrees,
  root: number,
  { cells, width, rowCount }: Block,
  leaves: Int32Array,
): void {
  for (let i = 0, row = 0; i < rowCount; i++, row += width) {
    let node = root;
    for (let slot = words[node]!; slot >= 0; slot = words[node]!) {
      const value = cells[row + slot]!;
      // NaN is the one value that differs from itself.
      // biome-ignore lint/suspicious/noSelfCompare: Number.isNaN costs a third more here
      const goesLeft = value <= floats[node + 1]! || (value !== value && words[node + 3] === MISSING_LEFT);
      node = goesLeft ? words[node + 2]! : words[node + 2]! + NODE_WORDS;
    }
    leaves[i] = words[node + 1]!;
  }
}

/** The same for a tree that also cuts categories. */
function findLeavesByCodes(
  { words, floats, sets }: CompiledTrees,
  root: number,
  { cells, width, rowCount }: Block,
  leaves: Int32Array,
): void {
  for (let i = 0, row = 0; i < rowCount; i++, row += width) {
    let node = root;
    for (let slot = words[node]!; slot >= 0; slot = words[node]!) {
      const value = cells[row + slot]!;
      const flags = words[node + 3]!;
      let goesLeft: boolean;
      if (Number.isNaN(value)) goesLeft = (flags & MISSING_LEFT) !== 0;
      else if ((flags & TESTS_CODES) === 0) goesLeft = value <= floats[node + 1]!;
      else goesLeft = ((sets[words[node + 1]! + (value >> 5)]! >>> (value & 31)) & 1) === 1;
      node = goesLeft ? words[node + 2]! : words[node + 2]! + NODE_WORDS;
    }
    leaves[i] = words[node + 1]!;
  }
}

/**
 * Sums base and leaf values, in float64.
 *
 * @returns row-major, `rows.length` x `base.length`
 */
export function sumTrees(
  trees: CompiledTrees,
  base: readonly number[],
  columns: readonly Float32Array[],
  rows: Int32Array,
): Float64Array {
  const outputCount = base.length;
  const sums = new Float64Array(rows.length * outputCount);
  const { roots, outputs, widths, leafValues } = trees;
  const slotCount = Math.max(1, trees.slots.length);
  const rowsOfBlock = Math.min(
    BLOCK_ROWS_MAX,
    Math.max(BLOCK_ROWS_MIN, Math.floor(BLOCK_CELLS / slotCount)),
    rows.length,
  );
  const cells = new Float32Array(rowsOfBlock * slotCount);
  const leaves = new Int32Array(rowsOfBlock);
  for (let start = 0; start < rows.length; start += rowsOfBlock) {
    const block = fillBlock(trees, columns, rows.subarray(start, start + rowsOfBlock), cells);
    const first = start * outputCount;
    const end = first + block.rowCount * outputCount;
    for (let at = first; at < end; at += outputCount) for (let k = 0; k < outputCount; k++) sums[at + k] = base[k]!;
    for (let t = 0; t < roots.length; t++) {
      if (trees.testsCodes[t] === 1) findLeavesByCodes(trees, roots[t]!, block, leaves);
      else findLeavesByThreshold(trees, roots[t]!, block, leaves);
      const width = widths[t]!;
      for (let i = 0, at = first + outputs[t]!; i < block.rowCount; i++, at += outputCount) {
        const leaf = leaves[i]!;
        for (let k = 0; k < width; k++) sums[at + k]! += leafValues[leaf + k]!;
      }
    }
  }
  return sums;
}
