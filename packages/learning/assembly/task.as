/**
 * Several threads work on the parts of one task: on groups of columns of a node, or on blocks of rows. Each part is worked on by one
 * thread in the order of rows, so the result is that of one thread. Nobody waits long for anybody: a thread without work sleeps, and a
 * part whose helper was put off its core is taken back and done again by the caller. A helper therefore writes nothing but memory of
 * its own until it hands in, and hands in without a loop or a call, where a thread that is ended from outside would stop.
 *
 * Control block: i32 task number, on which helpers sleep; i32 end; i32 helpers asleep; i32 first part; i32 behind the last part;
 * u32 kind of task, eight u32 arguments, 8 bytes unused, f64 magic, f64 least hessian; from byte 96 for each part an i32 state, 4 * task +
 * phase, 4 bytes unused, and 16 bytes of what was found: two f64, the range of hessians, or u32 rows on the left. The task number in
 * the state makes a helper that slept through a task fail to claim anything in the next one.
 */
export const END: usize = 4;
export const ASLEEP: usize = 8;
export const FROM: usize = 12;
export const KIND: usize = 20;
export const ARGUMENTS: usize = 24;
export const NUMBERS: usize = 64;
const PARTS: usize = 96;
const PART_BYTES: usize = 24;
export const PART_FOUND: usize = 8;

export const GROUPS: u32 = 0;
export const GRADIENTS: u32 = 1;
export const GATHERING: u32 = 2;
export const SPLITTING: u32 = 3;

/** Rows of a block: their pairs fit into 32 KiB of a helper's own memory. */
export const BLOCK_ROWS: u32 = 4096;

/** Phases of a part: open, in a helper's hands, being handed in by it, done or in the caller's hands. */
const OPEN: i32 = 0;
const HELPED: i32 = 1;
const HANDED_IN: i32 = 2;
const DONE: i32 = 3;

/** Helpers that sleep are woken for tasks of so many looks of patience: about 100 microseconds of work. */
const WORTH_WAKING: i32 = 200_000;

@inline
export function stateOf(control: usize, part: i32): usize {
  return control + PARTS + <usize>part * PART_BYTES;
}

@inline
function swap(state: usize, from: i32, to: i32): bool {
  return atomic.cmpxchg<i32>(state, from, to) == from;
}

/** Whether a helper may work on a part. */
@inline
export function claim(state: usize, task: i32): bool {
  return swap(state, 4 * task + OPEN, 4 * task + HELPED);
}

/** Whether a helper may hand in a part: not when it was taken back meanwhile. */
@inline
export function mayHandIn(state: usize, task: i32): bool {
  return swap(state, 4 * task + HELPED, 4 * task + HANDED_IN);
}

/** Tells the caller that a part is handed in. */
@inline
export function finishPart(state: usize, task: i32): void {
  atomic.store<i32>(state, 4 * task + DONE);
  atomic.notify(state, 1);
}

/** Opens a task whose arguments are written, and wakes whoever sleeps if the work outweighs it. */
export function openTask(control: usize, kind: u32, from: i32, to: i32, patience: i32): i32 {
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
export function isMine(control: usize, part: i32, task: i32, pass: u32, patience: i32): bool {
  const state = stateOf(control, part);
  return pass ? takeBack(state, task, patience) : swap(state, 4 * task + OPEN, 4 * task + DONE);
}
