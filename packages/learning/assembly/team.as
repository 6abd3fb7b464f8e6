import { evaluateGroups } from './evaluate';
import { logisticPairs } from './gradients';
import { GROUP_BYTES, groups, NODE_RECORDS, RECORD_BYTES } from './node';
import { gatherPairs } from './rows';

/**
 * Several threads work on the parts of one task: on groups of columns of a node, or on blocks of rows whose gradients are wanted. Each part
 * is worked on by one thread in the order of rows, so the result is that of one thread. Nobody waits long for anybody: a thread
 * without work sleeps, and a part whose helper was put off its core is taken back and done again by the caller. A helper therefore
 * writes nothing but memory of its own until it hands in, and hands in slots by trading addresses.
 *
 * Control block: i32 task number, on which helpers sleep; i32 end; i32 helpers asleep; i32 first part; i32 behind the last part;
 * u32 kind of task, eight u32 arguments, f64 magic, f64 least hessian; from byte 96 for each part an i32 state, 4 * task + phase, a gap
 * and two f64, the range of hessians. The task number in the state makes a helper that slept through a task fail to claim anything in the
 * next one.
 */
const END: usize = 4;
const ASLEEP: usize = 8;
const FROM: usize = 12;
const KIND: usize = 20;
const ARGUMENTS: usize = 24;
const NUMBERS: usize = 64;
const PARTS: usize = 96;
const PART_BYTES: usize = 24;
const PART_RANGE: usize = 8;

const GROUPS: u32 = 0;
const GRADIENTS: u32 = 1;
const GATHERING: u32 = 2;

/** Rows of a block: their pairs fit into 32 KiB of a helper's own memory. */
const BLOCK_ROWS: u32 = 4096;

/** Phases of a part: open, in a helper's hands, being handed in by it, done or in the caller's hands. */
const OPEN: i32 = 0;
const HELPED: i32 = 1;
const HANDED_IN: i32 = 2;
const DONE: i32 = 3;

/**
 * Looks at the task number before a helper goes to sleep: about 20 microseconds, and ten times as long after a look that found work. Waking a
 * thread costs more than that; but on one core with the caller, a helper that looks on holds up what it is looking for.
 */
const LOOKS_LEAST: i32 = 20_000;
const LOOKS_MOST: i32 = 200_000;
/** Helpers that sleep are woken for tasks that take the caller longer than so many looks. */
const WORTH_WAKING: i32 = 100_000;

@inline
function stateOf(control: usize, part: i32): usize {
  return control + PARTS + <usize>part * PART_BYTES;
}

@inline
function swap(state: usize, from: i32, to: i32): bool {
  return atomic.cmpxchg<i32>(state, from, to) == from;
}

/** Trades the slots of a group. */
@inline
function trade(group: i32, own: usize, given: usize): void {
  const place = (<usize>group) << 2;
  const mine = load<u32>(own + place);
  store<u32>(own + place, load<u32>(given + place));
  store<u32>(given + place, mine);
}

/** Copies what was found for the entries of a group. */
@inline
function copyRecords(group: i32, own: usize, given: usize): void {
  const place = groups + <usize>group * GROUP_BYTES;
  const first = <usize>load<u32>(place, 8) * RECORD_BYTES;
  const bytes = <usize>load<u32>(place, 12) * RECORD_BYTES;
  memory.copy(<usize>load<u32>(given, NODE_RECORDS) + first, <usize>load<u32>(own, NODE_RECORDS) + first, bytes);
}

@inline
function finishPart(state: usize, task: i32): void {
  atomic.store<i32>(state, 4 * task + DONE);
  atomic.notify(state, 1);
}

/** Memory that only this helper writes: histograms of both siblings and two nodes whose last field points to records of their own. */
function helpWithGroups(control: usize, task: i32, ownSmall: usize, ownLarge: usize, nodeA: usize, nodeB: usize): void {
  const from = load<i32>(control, FROM);
  const to = load<i32>(control, FROM + 4);
  const rows = <usize>load<u32>(control, ARGUMENTS);
  const pairs = <usize>load<u32>(control, ARGUMENTS + 4);
  const count = load<u32>(control, ARGUMENTS + 8);
  const small = <usize>load<u32>(control, ARGUMENTS + 12);
  const parent = <usize>load<u32>(control, ARGUMENTS + 16);
  const large = <usize>load<u32>(control, ARGUMENTS + 20);
  const smallNode = <usize>load<u32>(control, ARGUMENTS + 24);
  const largeNode = <usize>load<u32>(control, ARGUMENTS + 28);
  const own = smallNode ? nodeA : 0;
  const other = largeNode ? nodeB : 0;
  // From the far end, so that helper and caller meet as late as possible.
  for (let index = to - 1; index >= from; index--) {
    const state = stateOf(control, index);
    if (!swap(state, 4 * task + OPEN, 4 * task + HELPED)) continue;
    if (smallNode) memory.copy(nodeA, smallNode, NODE_RECORDS);
    if (largeNode) memory.copy(nodeB, largeNode, NODE_RECORDS);
    evaluateGroups(<u32>index, <u32>index + 1, rows, pairs, count, ownSmall, parent, ownLarge, own, other);
    if (!swap(state, 4 * task + HELPED, 4 * task + HANDED_IN)) continue; // taken back meanwhile
    trade(index, ownSmall, small);
    if (parent) trade(index, ownLarge, large);
    if (smallNode) copyRecords(index, nodeA, smallNode);
    if (largeNode) copyRecords(index, nodeB, largeNode);
    finishPart(state, task);
  }
}

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

function helpWithBlocks(control: usize, task: i32, kind: u32, own: usize): void {
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
    if (!swap(state, 4 * task + OPEN, 4 * task + HELPED)) continue;
    const first = <u32>block * BLOCK_ROWS;
    const rows = min(BLOCK_ROWS, count - first);
    fillBlock(kind, first, rows, values, others, weights, own, magic, hessianMin, ownRange);
    if (!swap(state, 4 * task + HELPED, 4 * task + HANDED_IN)) continue;
    memory.copy(target + ((<usize>first) << 3), own, (<usize>rows) << 3);
    store<u64>(state + PART_RANGE, load<u64>(ownRange));
    store<u64>(state + PART_RANGE, load<u64>(ownRange, 8), 8);
    finishPart(state, task);
  }
}

/** Opens a task whose arguments are written, and wakes whoever sleeps if the work outweighs it. */
function openTask(control: usize, kind: u32, from: i32, to: i32, patience: i32): i32 {
  const task = load<i32>(control) + 1;
  store<u32>(control, kind, KIND);
  store<i32>(control, from, FROM);
  store<i32>(control, to, FROM + 4);
  for (let part = from; part < to; part++) atomic.store<i32>(stateOf(control, part), 4 * task + OPEN);
  atomic.store<i32>(control, task);
  if (atomic.load<i32>(control + ASLEEP) && <i64>patience * (to - from) > WORTH_WAKING) atomic.notify(control, -1);
  return task;
}

/** Waits until a part is done; true when its helper seems to have lost the core and the part is the caller's now. */
function takeBack(state: usize, task: i32, patience: i32): bool {
  let looks: i32 = 0;
  while (atomic.load<i32>(state) != 4 * task + DONE) {
    if (++looks < patience) continue;
    if (swap(state, 4 * task + HELPED, 4 * task + DONE)) return true;
    atomic.wait<i32>(state, 4 * task + HANDED_IN, 100_000);
  }
  return false;
}

/** Whether a part is the caller's: in the first pass when nobody has claimed it, in the second when its helper did not hand in. */
@inline
function isMine(control: usize, part: i32, task: i32, pass: u32, patience: i32): bool {
  const state = stateOf(control, part);
  return pass ? takeBack(state, task, patience) : swap(state, 4 * task + OPEN, 4 * task + DONE);
}

/** Helps with one task after another until the control block says that it is over. */
export function helpTeam(
  control: usize,
  ownSmall: usize,
  ownLarge: usize,
  nodeA: usize,
  nodeB: usize,
  ownPairs: usize,
): void {
  let seen: i32 = 0;
  let looksMost = LOOKS_LEAST;
  for (;;) {
    let looks: i32 = 0;
    while (atomic.load<i32>(control) == seen) {
      if (atomic.load<i32>(control + END)) return;
      if (++looks < looksMost) continue;
      atomic.add<i32>(control + ASLEEP, 1);
      if (!atomic.load<i32>(control + END)) atomic.wait<i32>(control, seen, 1_000_000_000);
      atomic.sub<i32>(control + ASLEEP, 1);
      looks = 0;
      looksMost = LOOKS_LEAST;
    }
    if (looks) looksMost = LOOKS_MOST;
    seen = atomic.load<i32>(control);
    if (atomic.load<i32>(control + END)) return;
    const kind = load<u32>(control, KIND);
    if (kind == GROUPS) helpWithGroups(control, seen, ownSmall, ownLarge, nodeA, nodeB);
    else helpWithBlocks(control, seen, kind, ownPairs);
  }
}

/** Sends the helpers home. */
export function endTeam(control: usize): void {
  atomic.store<i32>(control + END, 1);
  atomic.add<i32>(control, 1);
  atomic.notify(control, -1);
}

/**
 * `evaluateGroups` with the help of others.
 *
 * @param patience how often to look at a group in a helper's hands before doing it again: about as long as the group takes
 */
export function evaluateWithTeam(
  control: usize,
  patience: i32,
  from: i32,
  to: i32,
  rows: usize,
  pairs: usize,
  count: u32,
  small: usize,
  parent: usize,
  large: usize,
  smallNode: usize,
  largeNode: usize,
): void {
  store<u32>(control, <u32>rows, ARGUMENTS);
  store<u32>(control, <u32>pairs, ARGUMENTS + 4);
  store<u32>(control, count, ARGUMENTS + 8);
  store<u32>(control, <u32>small, ARGUMENTS + 12);
  store<u32>(control, <u32>parent, ARGUMENTS + 16);
  store<u32>(control, <u32>large, ARGUMENTS + 20);
  store<u32>(control, <u32>smallNode, ARGUMENTS + 24);
  store<u32>(control, <u32>largeNode, ARGUMENTS + 28);
  const task = openTask(control, GROUPS, from, to, patience);
  for (let pass: u32 = 0; pass < 2; pass++) {
    for (let index = from; index < to; index++) {
      if (!isMine(control, index, task, pass, patience)) continue;
      evaluateGroups(<u32>index, <u32>index + 1, rows, pairs, count, small, parent, large, smallNode, largeNode);
    }
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
      const range = stateOf(control, block) + PART_RANGE;
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
    const ofBlock = stateOf(control, <i32>block) + PART_RANGE;
    least = min(least, load<f64>(ofBlock));
    greatest = max(greatest, load<f64>(ofBlock, 8));
  }
  store<f64>(range, least);
  store<f64>(range, greatest, 8);
}
