import { evaluateGroups } from './evaluate';
import { GROUP_BYTES, groups, NODE_RECORDS, RECORD_BYTES } from './node';
import { ARGUMENTS, claim, finishPart, FROM, GROUPS, isMine, mayHandIn, openTask, stateOf } from './task';

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

/** Memory that only this helper writes: histograms of both siblings and two nodes whose last field points to records of their own. */
export function helpWithGroups(
  control: usize,
  task: i32,
  ownSmall: usize,
  ownLarge: usize,
  nodeA: usize,
  nodeB: usize,
): void {
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
    if (!claim(state, task)) continue;
    if (smallNode) memory.copy(nodeA, smallNode, NODE_RECORDS);
    if (largeNode) memory.copy(nodeB, largeNode, NODE_RECORDS);
    evaluateGroups(<u32>index, <u32>index + 1, rows, pairs, count, ownSmall, parent, ownLarge, own, other);
    if (!mayHandIn(state, task)) continue;
    trade(index, ownSmall, small);
    if (parent) trade(index, ownLarge, large);
    if (smallNode) copyRecords(index, nodeA, smallNode);
    if (largeNode) copyRecords(index, nodeB, largeNode);
    finishPart(state, task);
  }
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
