import { type CompiledTrees, keyOfBits, NODE_WORDS } from './compile-trees.js';

/** Rows are taken in blocks whose cells stay in the processor's cache while all trees pass over them. */
const BLOCK_CELLS = 32_768;
const BLOCK_ROWS_MIN = 64;
const BLOCK_ROWS_MAX = 4096;

/** A block of rows, `slots` cells each, side by side: the columns that the trees test. */
interface Block {
  readonly cells: Int32Array;
  readonly width: number;
  readonly rowCount: number;
}

/** Bits of a float32 without its sign beyond those of infinity are those of NaN. */
const INFINITY_BITS = 0x7f800000;

function fillBlock(
  { slots }: CompiledTrees,
  columns: readonly Float32Array[],
  rows: Int32Array,
  cells: Int32Array,
): Block {
  const width = Math.max(1, slots.length);
  slots.forEach((slot, first) => {
    const column = columns[slot.feature]!;
    if (slot.positions !== null) {
      for (let i = 0, at = first; i < rows.length; i++, at += width) cells[at] = slot.positions.of(column[rows[i]!]!);
      return;
    }
    const bits = new Int32Array(column.buffer, column.byteOffset, column.length);
    for (let i = 0, at = first; i < rows.length; i++, at += width) {
      const cell = bits[rows[i]!]!;
      cells[at] = (cell & 0x7fffffff) > INFINITY_BITS ? slot.missingKey : keyOfBits(cell);
    }
  });
  return { cells, width, rowCount: rows.length };
}

/** 4 when `threshold` < `key`, else 0: the step from the left child to the right one. Without a branch, for any two int32. */
function stepRight(threshold: number, key: number): number {
  const difference = (threshold - key) | 0;
  return ((difference ^ ((threshold ^ key) & (difference ^ threshold))) >>> 31) << 2;
}

/**
 * Writes, for each row of a block, where the values of its leaf begin: a tree whose cuts are all thresholds. Four rows walk side by
 * side, so that one's next node comes from memory while the others compare.
 */
function findLeavesByThreshold(
  { words }: CompiledTrees,
  root: number,
  { cells, width, rowCount }: Block,
  leaves: Int32Array,
): void {
  let i = 0;
  for (let row = 0; i + 3 < rowCount; i += 4, row += 4 * width) {
    const [second, third, fourth] = [row + width, row + 2 * width, row + 3 * width];
    let [a, b, c, d] = [root, root, root, root];
    for (let moved = 1; moved !== 0; ) {
      const nextA = words[a + 2]! + stepRight(words[a + 1]!, cells[row + words[a]!]!);
      const nextB = words[b + 2]! + stepRight(words[b + 1]!, cells[second + words[b]!]!);
      const nextC = words[c + 2]! + stepRight(words[c + 1]!, cells[third + words[c]!]!);
      const nextD = words[d + 2]! + stepRight(words[d + 1]!, cells[fourth + words[d]!]!);
      moved = (nextA ^ a) | (nextB ^ b) | (nextC ^ c) | (nextD ^ d);
      [a, b, c, d] = [nextA, nextB, nextC, nextD];
    }
    leaves[i] = words[a + 3]!;
    leaves[i + 1] = words[b + 3]!;
    leaves[i + 2] = words[c + 3]!;
    leaves[i + 3] = words[d + 3]!;
  }
  for (; i < rowCount; i++) {
    let node = root;
    for (;;) {
      const next = words[node + 2]! + stepRight(words[node + 1]!, cells[i * width + words[node]!]!);
      if (next === node) break;
      node = next;
    }
    leaves[i] = words[node + 3]!;
  }
}

/** The same for a tree that also cuts categories. */
function findLeavesByCodes(
  { words, sets }: CompiledTrees,
  root: number,
  { cells, width, rowCount }: Block,
  leaves: Int32Array,
): void {
  for (let i = 0, row = 0; i < rowCount; i++, row += width) {
    let node = root;
    for (;;) {
      const cell = cells[row + words[node]!]!;
      const left = words[node + 2]!;
      if (left === node) break;
      const isRight =
        words[node + 3] === 0
          ? cell > words[node + 1]!
          : ((sets[words[node + 1]! + (cell >> 5)]! >>> (cell & 31)) & 1) === 0;
      node = isRight ? left + NODE_WORDS : left;
    }
    leaves[i] = words[node + 3]!;
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
  const cells = new Int32Array(rowsOfBlock * slotCount);
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
