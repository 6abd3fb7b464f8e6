import { splitRows } from './rows';
import {
  ARGUMENTS,
  BLOCK_ROWS,
  claim,
  finishPart,
  FROM,
  isMine,
  mayHandIn,
  openTask,
  PART_FOUND,
  SPLITTING,
  stateOf,
} from './task';

/** Lists both sides of blocks in own memory, hands them in where the caller puts its own: on the left in place, on the right `held`. */
export function helpWithSplit(control: usize, task: i32, own: usize): void {
  const blocks = load<i32>(control, FROM + 4);
  const rows = <usize>load<u32>(control, ARGUMENTS);
  const codes = <usize>load<u32>(control, ARGUMENTS + 4);
  const count = load<u32>(control, ARGUMENTS + 8);
  const shift = <usize>load<u32>(control, ARGUMENTS + 12);
  const goesLeft = <usize>load<u32>(control, ARGUMENTS + 16);
  const held = <usize>load<u32>(control, ARGUMENTS + 20);
  const ownRight = own + ((<usize>BLOCK_ROWS) << 2);
  for (let block = blocks - 1; block >= 0; block--) {
    const state = stateOf(control, block);
    if (!claim(state, task)) continue;
    const first = <u32>block * BLOCK_ROWS;
    const at = (<usize>first) << 2;
    const size = min(BLOCK_ROWS, count - first);
    const left = splitRows(rows + at, size, codes, shift, goesLeft, own, ownRight);
    if (!mayHandIn(state, task)) continue;
    memory.copy(rows + at, own, (<usize>left) << 2);
    memory.copy(held + at, ownRight, (<usize>(size - left)) << 2);
    store<u32>(state + PART_FOUND, left);
    finishPart(state, task);
  }
}

/** Puts the left rows of all blocks one behind the other, then the right ones. */
function joinBlocks(control: usize, rows: usize, count: u32, held: usize): u32 {
  let end = rows;
  let lefts: u32 = 0;
  for (let side: u32 = 0; side < 2; side++) {
    for (let first: u32 = 0; first < count; first += BLOCK_ROWS) {
      const left = load<u32>(stateOf(control, <i32>(first / BLOCK_ROWS)) + PART_FOUND);
      const size = side ? min(BLOCK_ROWS, count - first) - left : left;
      const bytes = (<usize>size) << 2;
      memory.copy(end, (side ? held : rows) + ((<usize>first) << 2), bytes);
      end += bytes;
    }
    if (side == 0) lefts = <u32>((end - rows) >> 2);
  }
  return lefts;
}

/** `partition` with the help of others: blocks are split, then put together. */
export function partitionWithTeam(
  control: usize,
  patience: i32,
  rows: usize,
  count: u32,
  codes: usize,
  shift: usize,
  goesLeft: usize,
  held: usize,
): u32 {
  const blocks = <i32>((count + BLOCK_ROWS - 1) / BLOCK_ROWS);
  store<u32>(control, <u32>rows, ARGUMENTS);
  store<u32>(control, <u32>codes, ARGUMENTS + 4);
  store<u32>(control, count, ARGUMENTS + 8);
  store<u32>(control, <u32>shift, ARGUMENTS + 12);
  store<u32>(control, <u32>goesLeft, ARGUMENTS + 16);
  store<u32>(control, <u32>held, ARGUMENTS + 20);
  const task = openTask(control, SPLITTING, 0, blocks, patience);
  for (let pass: u32 = 0; pass < 2; pass++) {
    for (let block: i32 = 0; block < blocks; block++) {
      if (!isMine(control, block, task, pass, patience)) continue;
      const first = <u32>block * BLOCK_ROWS;
      const at = (<usize>first) << 2;
      const size = min(BLOCK_ROWS, count - first);
      const left = splitRows(rows + at, size, codes, shift, goesLeft, rows + at, held + at);
      store<u32>(stateOf(control, block) + PART_FOUND, left);
    }
  }
  return joinBlocks(control, rows, count, held);
}
