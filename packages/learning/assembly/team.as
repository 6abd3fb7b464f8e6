import { evaluateGroups } from './evaluate';
import { logisticPairs } from './gradients';
import {
  activeFeatures,
  COLUMN_BYTES,
  columns,
  FEATURE_BYTES,
  features,
  GROUP_BYTES,
  groups,
  NODE_RECORDS,
  RECORD_BYTES,
} from './node';

/**
 * Several threads evaluate the groups of one node. Each group is worked on by one thread in the order of rows, so the result is that of
 * one thread. Nobody waits long for anybody: a thread without work sleeps, and a group whose helper was put off its core is taken back
 * and done again by the caller.
 *
 * Control block: i32 task number, on which helpers sleep; i32 end; i32 helpers asleep; i32 first group; i32 behind the last group;
 * u32 rows, pairs, count, small, parent, large, small node, large node; u32 kind; f64 magic, f64 least hessian; from byte 96 an i32 state
 * per part of the task: 4 * task + phase. The task number in the state makes a helper that slept through a task fail to claim anything
 * in the next one. Parts are groups of columns (kind 0) or blocks of rows whose gradients are wanted (kind 1).
 */
const END: usize = 4;
const ASLEEP: usize = 8;
const FROM: usize = 12;
const ARGUMENTS: usize = 20;
const KIND: usize = 52;
const NUMBERS: usize = 64;
const STATES: usize = 96;

const GROUPS: u32 = 0;
const GRADIENTS: u32 = 1;

/** Rows of a block: their pairs fit into 64 KiB of a helper's own memory. */
const BLOCK_ROWS: u32 = 8192;

/** Phases of a group: open, in a helper's hands, being handed in by it, done or in the caller's hands. */
const OPEN: i32 = 0;
const HELPED: i32 = 1;
const HANDED_IN: i32 = 2;
const DONE: i32 = 3;

/** Looks at the task number, about 20 microseconds, before a helper goes to sleep. */
const SPINS: i32 = 20_000;

@inline
function swap(state: usize, from: i32, to: i32): bool {
  return atomic.cmpxchg<i32>(state, from, to) == from;
}

/** Copies what a helper found for one group to where the caller expects it. */
function handIn(group: usize, from: usize, to: usize, fromNode: usize, toNode: usize): void {
  const first = columns + <usize>load<u32>(group) * COLUMN_BYTES;
  const last = first + <usize>(load<u32>(group, 4) - 1) * COLUMN_BYTES;
  const offset = <usize>load<u32>(first, 8);
  const bytes = <usize>load<u32>(last, 8) + ((<usize>load<u32>(last, 12)) << 4) - offset;
  memory.copy(to + offset, from + offset, bytes);
  if (toNode == 0) return;
  const entry = load<u32>(group, 8);
  const end = entry + load<u32>(group, 12);
  for (let i = entry; i < end; i++) {
    if (!load<u8>(activeFeatures + <usize>i)) continue;
    const record = <usize>load<u32>(features + <usize>i * FEATURE_BYTES) * RECORD_BYTES;
    memory.copy(
      <usize>load<u32>(toNode, NODE_RECORDS) + record,
      <usize>load<u32>(fromNode, NODE_RECORDS) + record,
      RECORD_BYTES,
    );
  }
}

/** Memory that only this helper writes: histograms of both siblings and two nodes whose last field points to records of their own. */
function helpWithTask(control: usize, task: i32, ownSmall: usize, ownLarge: usize, nodeA: usize, nodeB: usize): void {
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
  // From the far end, so that helper and caller meet as late as possible.
  for (let index = to - 1; index >= from; index--) {
    const state = control + STATES + ((<usize>index) << 2);
    if (!swap(state, 4 * task + OPEN, 4 * task + HELPED)) continue;
    if (smallNode) memory.copy(nodeA, smallNode, NODE_RECORDS);
    if (largeNode) memory.copy(nodeB, largeNode, NODE_RECORDS);
    const own = smallNode ? nodeA : 0;
    const other = largeNode ? nodeB : 0;
    evaluateGroups(<u32>index, <u32>index + 1, rows, pairs, count, ownSmall, parent, ownLarge, own, other);
    if (!swap(state, 4 * task + HELPED, 4 * task + HANDED_IN)) continue; // taken back meanwhile
    const group = groups + <usize>index * GROUP_BYTES;
    handIn(group, ownSmall, small, nodeA, smallNode);
    if (parent) handIn(group, ownLarge, large, nodeB, largeNode);
    atomic.store<i32>(state, 4 * task + DONE);
    atomic.notify(state, 1);
  }
}

/** Blocks of rows of the log loss: computed in own memory, handed in at once. */
function helpWithGradients(control: usize, task: i32, own: usize): void {
  const blocks = load<i32>(control, FROM + 4);
  const margins = <usize>load<u32>(control, ARGUMENTS);
  const targets = <usize>load<u32>(control, ARGUMENTS + 4);
  const count = load<u32>(control, ARGUMENTS + 8);
  const weights = <usize>load<u32>(control, ARGUMENTS + 12);
  const pairs = <usize>load<u32>(control, ARGUMENTS + 16);
  const magic = load<f64>(control, NUMBERS);
  const hessianMin = load<f64>(control, NUMBERS + 8);
  for (let block = blocks - 1; block >= 0; block--) {
    const state = control + STATES + ((<usize>block) << 2);
    if (!swap(state, 4 * task + OPEN, 4 * task + HELPED)) continue;
    const first = <u32>block * BLOCK_ROWS;
    const rows = min(BLOCK_ROWS, count - first);
    const at = (<usize>first) << 2;
    logisticPairs(margins + at, targets + first, weights ? weights + at : 0, own, rows, magic, hessianMin);
    if (!swap(state, 4 * task + HELPED, 4 * task + HANDED_IN)) continue;
    memory.copy(pairs + (at << 1), own, (<usize>rows) << 3);
    atomic.store<i32>(state, 4 * task + DONE);
    atomic.notify(state, 1);
  }
}

/** Opens a task whose arguments are written, and wakes whoever sleeps. */
function openTask(control: usize, task: i32, from: i32, to: i32): void {
  store<i32>(control, from, FROM);
  store<i32>(control, to, FROM + 4);
  for (let index = from; index < to; index++) {
    atomic.store<i32>(control + STATES + ((<usize>index) << 2), 4 * task + OPEN);
  }
  atomic.store<i32>(control, task);
  if (atomic.load<i32>(control + ASLEEP)) atomic.notify(control, -1);
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

/** Helps with one task after another until the control block says that it is over. */
export function helpTeam(control: usize, ownSmall: usize, ownLarge: usize, nodeA: usize, nodeB: usize): void {
  let seen: i32 = 0;
  for (;;) {
    let spins: i32 = 0;
    while (atomic.load<i32>(control) == seen) {
      if (atomic.load<i32>(control + END)) return;
      if (++spins < SPINS) continue;
      atomic.add<i32>(control + ASLEEP, 1);
      if (!atomic.load<i32>(control + END)) atomic.wait<i32>(control, seen, 1_000_000_000);
      atomic.sub<i32>(control + ASLEEP, 1);
      spins = 0;
    }
    seen = atomic.load<i32>(control);
    if (atomic.load<i32>(control + END)) return;
    if (load<u32>(control, KIND) == GRADIENTS) helpWithGradients(control, seen, ownSmall);
    else helpWithTask(control, seen, ownSmall, ownLarge, nodeA, nodeB);
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
  const task = load<i32>(control) + 1;
  store<u32>(control, GROUPS, KIND);
  store<u32>(control, <u32>rows, ARGUMENTS);
  store<u32>(control, <u32>pairs, ARGUMENTS + 4);
  store<u32>(control, count, ARGUMENTS + 8);
  store<u32>(control, <u32>small, ARGUMENTS + 12);
  store<u32>(control, <u32>parent, ARGUMENTS + 16);
  store<u32>(control, <u32>large, ARGUMENTS + 20);
  store<u32>(control, <u32>smallNode, ARGUMENTS + 24);
  store<u32>(control, <u32>largeNode, ARGUMENTS + 28);
  openTask(control, task, from, to);
  const states = control + STATES;
  for (let index = from; index < to; index++) {
    if (!swap(states + ((<usize>index) << 2), 4 * task + OPEN, 4 * task + DONE)) continue;
    evaluateGroups(<u32>index, <u32>index + 1, rows, pairs, count, small, parent, large, smallNode, largeNode);
  }
  for (let index = from; index < to; index++) {
    if (!takeBack(states + ((<usize>index) << 2), task, patience)) continue;
    evaluateGroups(<u32>index, <u32>index + 1, rows, pairs, count, small, parent, large, smallNode, largeNode);
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
  const task = load<i32>(control) + 1;
  const blocks = <i32>((count + BLOCK_ROWS - 1) / BLOCK_ROWS);
  store<u32>(control, GRADIENTS, KIND);
  store<u32>(control, <u32>margins, ARGUMENTS);
  store<u32>(control, <u32>targets, ARGUMENTS + 4);
  store<u32>(control, count, ARGUMENTS + 8);
  store<u32>(control, <u32>weights, ARGUMENTS + 12);
  store<u32>(control, <u32>pairs, ARGUMENTS + 16);
  store<f64>(control, magic, NUMBERS);
  store<f64>(control, hessianMin, NUMBERS + 8);
  openTask(control, task, 0, blocks);
  for (let pass: u32 = 0; pass < 2; pass++) {
    for (let block: i32 = 0; block < blocks; block++) {
      const state = control + STATES + ((<usize>block) << 2);
      const isMine = pass ? takeBack(state, task, patience) : swap(state, 4 * task + OPEN, 4 * task + DONE);
      if (!isMine) continue;
      const first = <u32>block * BLOCK_ROWS;
      const at = (<usize>first) << 2;
      const rows = min(BLOCK_ROWS, count - first);
      const ofRows = weights ? weights + at : 0;
      logisticPairs(margins + at, targets + first, ofRows, pairs + (at << 1), rows, magic, hessianMin);
    }
  }
}
