import { logisticPairs } from './gradients';
import { gatherPairs } from './rows';
import {
  ARGUMENTS,
  BLOCK_ROWS,
  claim,
  finishPart,
  FROM,
  GATHERING,
  GRADIENTS,
  isMine,
  mayHandIn,
  NUMBERS,
  openTask,
  PART_FOUND,
  stateOf,
} from './task';

/** What a task on blocks of rows makes of the first of them: arguments as those of `logisticPairs` or of `gatherPairs`. */
@inline
function fillBlock(
  kind: u32,
  first: u32,
  rows: u32,
  values: usize,
  others: usize,
  weights: usize,
  target: usize,
  magic: f64,
  hessianMin: f64,
  range: usize,
): void {
  const at = (<usize>first) << 2;
  if (kind == GATHERING) gatherPairs(values + at, rows, others, target, range);
  else logisticPairs(values + at, others + first, weights ? weights + at : 0, target, rows, magic, hessianMin);
}

/** Blocks of pairs: made in own memory, handed in as they are. */
export function helpWithBlocks(control: usize, task: i32, kind: u32, own: usize): void {
  const blocks = load<i32>(control, FROM + 4);
  const values = <usize>load<u32>(control, ARGUMENTS);
  const others = <usize>load<u32>(control, ARGUMENTS + 4);
  const count = load<u32>(control, ARGUMENTS + 8);
  const weights = <usize>load<u32>(control, ARGUMENTS + 12);
  const target = <usize>load<u32>(control, ARGUMENTS + 16);
  const magic = load<f64>(control, NUMBERS);
  const hessianMin = load<f64>(control, NUMBERS + 8);
  const ownRange = own + ((<usize>BLOCK_ROWS) << 3);
  for (let block = blocks - 1; block >= 0; block--) {
    const state = stateOf(control, block);
    if (!claim(state, task)) continue;
    const first = <u32>block * BLOCK_ROWS;
    const rows = min(BLOCK_ROWS, count - first);
    fillBlock(kind, first, rows, values, others, weights, own, magic, hessianMin, ownRange);
    if (!mayHandIn(state, task)) continue;
    memory.copy(target + ((<usize>first) << 3), own, (<usize>rows) << 3);
    memory.copy(state + PART_FOUND, ownRange, 16);
    finishPart(state, task);
  }
}

/** A task on blocks of rows; arguments as those of `fillBlock` for all rows. */
function runBlocks(
  control: usize,
  patience: i32,
  kind: u32,
  values: usize,
  others: usize,
  count: u32,
  weights: usize,
  target: usize,
  magic: f64,
  hessianMin: f64,
): void {
  const blocks = <i32>((count + BLOCK_ROWS - 1) / BLOCK_ROWS);
  store<u32>(control, <u32>values, ARGUMENTS);
  store<u32>(control, <u32>others, ARGUMENTS + 4);
  store<u32>(control, count, ARGUMENTS + 8);
  store<u32>(control, <u32>weights, ARGUMENTS + 12);
  store<u32>(control, <u32>target, ARGUMENTS + 16);
  store<f64>(control, magic, NUMBERS);
  store<f64>(control, hessianMin, NUMBERS + 8);
  const task = openTask(control, kind, 0, blocks, patience);
  for (let pass: u32 = 0; pass < 2; pass++) {
    for (let block: i32 = 0; block < blocks; block++) {
      if (!isMine(control, block, task, pass, patience)) continue;
      const first = <u32>block * BLOCK_ROWS;
      const place = target + ((<usize>first) << 3);
      const range = stateOf(control, block) + PART_FOUND;
      const rows = min(BLOCK_ROWS, count - first);
      fillBlock(kind, first, rows, values, others, weights, place, magic, hessianMin, range);
    }
  }
}

/** `logisticPairs` with the help of others. */
export function logisticPairsWithTeam(
  control: usize,
  patience: i32,
  margins: usize,
  targets: usize,
  weights: usize,
  pairs: usize,
  count: u32,
  magic: f64,
  hessianMin: f64,
): void {
  runBlocks(control, patience, GRADIENTS, margins, targets, count, weights, pairs, magic, hessianMin);
}

/** `gatherPairs` with the help of others. */
export function gatherPairsWithTeam(
  control: usize,
  patience: i32,
  rows: usize,
  count: u32,
  pairs: usize,
  target: usize,
  range: usize,
): void {
  runBlocks(control, patience, GATHERING, rows, pairs, count, 0, target, 0, 0);
  let least: f64 = Infinity;
  let greatest: f64 = 0;
  for (let block: u32 = 0; block * BLOCK_ROWS < count; block++) {
    const ofBlock = stateOf(control, <i32>block) + PART_FOUND;
    least = min(least, load<f64>(ofBlock));
    greatest = max(greatest, load<f64>(ofBlock, 8));
  }
  store<f64>(range, least);
  store<f64>(range, greatest, 8);
}
