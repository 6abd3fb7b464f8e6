import { helpWithGroups } from './share-groups';
import { helpWithBlocks } from './share-pairs';
import { helpWithSplit } from './share-split';
import { ASLEEP, END, GROUPS, KIND, SPLITTING } from './task';

/**
 * Looks at the task number before a helper goes to sleep: about 20 microseconds, and ten times as long after looks that found work. To be
 * woken takes longer than that; but on one core with the caller, a helper that looks on holds up what it is looking for.
 */
const LOOKS_LEAST: i32 = 20_000;
const LOOKS_MOST: i32 = 200_000;

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
    else if (kind == SPLITTING) helpWithSplit(control, seen, ownPairs);
    else helpWithBlocks(control, seen, kind, ownPairs);
  }
}

/** Sends the helpers home. */
export function endTeam(control: usize): void {
  atomic.store<i32>(control + END, 1);
  atomic.add<i32>(control, 1);
  atomic.notify(control, -1);
}
