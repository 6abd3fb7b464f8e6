import { accumulate1, accumulate2, accumulate4, subtract } from './accumulate';
import {
  activeColumns,
  activeFeatures,
  COLUMN_BYTES,
  columns,
  FEATURE_BYTES,
  features,
  GROUP_BYTES,
  groups,
  HAS_MISSING,
  IS_CATEGORICAL,
  isGeneral,
  KIND_NONE,
  NODE_RECORDS,
  RECORD_BYTES,
  scratch,
} from './node';
import { scanCategories } from './scan-categories';
import { scanGeneral, scanThresholds } from './scan-thresholds';

/** Where a histogram keeps the slots of a group. */
@inline
export function slotsOfGroup(histogram: usize, group: u32): usize {
  return <usize>load<u32>(histogram + ((<usize>group) << 2));
}

/** Sums the slots of a column over all its other features: what is left are the slots of one. */
function marginalise(slots: usize, slotCount: u32, stride: u32, width: u32, target: usize): void {
  memory.fill(target, 0, (<usize>width) << 4);
  const step = (<usize>stride) << 4;
  const end = slots + ((<usize>slotCount) << 4);
  let code: u32 = 0;
  for (let at = slots; at < end; ) {
    let sum = f64x2.splat(0);
    for (const stop = at + step; at < stop; at += 16) sum = f64x2.add(sum, v128.load(at));
    const place = target + ((<usize>code) << 4);
    v128.store(place, f64x2.add(v128.load(place), sum));
    code = code + 1 == width ? 0 : code + 1;
  }
}

/** Where the slots of one entry of the feature table are: in the node's histogram, or in `scratch` when it shares its column. */
export function slotsOf(entry: u32, histogram: usize): usize {
  const feature = features + <usize>entry * FEATURE_BYTES;
  const column = columns + <usize>load<u32>(feature, 4) * COLUMN_BYTES;
  const slots = slotsOfGroup(histogram, load<u32>(feature)) + <usize>load<u32>(column, 8);
  const stride = load<u32>(feature, 16);
  if (stride == 0) return slots;
  marginalise(slots, load<u32>(column, 12), stride, load<u32>(feature, 20), scratch);
  return scratch;
}

function scanEntry(entry: u32, histogram: usize, counts: usize, node: usize): void {
  const feature = features + <usize>entry * FEATURE_BYTES;
  const record = <usize>load<u32>(node, NODE_RECORDS) + <usize>entry * RECORD_BYTES;
  const slots = slotsOf(entry, histogram);
  const bins = load<u32>(feature, 8);
  const flags = load<u32>(feature, 12);
  if (flags & IS_CATEGORICAL) scanCategories(slots, counts, bins, flags & HAS_MISSING, node, record);
  else if (isGeneral || counts) {
    scanGeneral(slots, counts, bins, flags & HAS_MISSING, load<i32>(feature, 24), node, record);
  } else scanThresholds(slots, bins, flags & HAS_MISSING, node, record);
}

function accumulateGroup(group: usize, rows: usize, pairs: usize, count: u32, slots: usize): void {
  const first = load<u32>(group);
  const width = load<u32>(group, 4);
  const column = columns + <usize>first * COLUMN_BYTES;
  let active: u32 = 0;
  for (let i: u32 = 0; i < width; i++) {
    active += <u32>load<u8>(activeColumns + <usize>(first + i));
    const one = column + <usize>i * COLUMN_BYTES;
    memory.fill(slots + <usize>load<u32>(one, 8), 0, (<usize>load<u32>(one, 12)) << 4);
  }
  const codes = <usize>load<u32>(column);
  // Three single columns take as long as four together.
  if (width == 1 || (active < width && active < 3)) {
    for (let i: u32 = 0; i < width; i++) {
      if (!load<u8>(activeColumns + <usize>(first + i))) continue;
      const one = column + <usize>i * COLUMN_BYTES;
      const shift = <usize>load<u32>(one, 4);
      accumulate1(<usize>load<u32>(one), shift, rows, pairs, count, slots + <usize>load<u32>(one, 8));
    }
  } else if (width == 2) {
    accumulate2(codes, rows, pairs, count, slots, slots + <usize>load<u32>(column, 24));
  } else {
    const second = slots + <usize>load<u32>(column, 24);
    const third = slots + <usize>load<u32>(column, 40);
    accumulate4(codes, rows, pairs, count, slots, second, third, slots + <usize>load<u32>(column, 56));
  }
}

/**
 * Evaluates the groups [from, to) for two siblings: sums the rows of the small one, takes the large one as parent - small, and finds
 * the best cut of every active feature for the nodes given (0: not asked for).
 *
 * @param parent histogram of the parent, 0 when only `small` is to be summed
 * @param large where the sibling's histogram goes; may be `parent`
 */
export function evaluateGroups(
  from: u32,
  to: u32,
  rows: usize,
  pairs: usize,
  count: u32,
  small: usize,
  parent: usize,
  large: usize,
  smallNode: usize,
  largeNode: usize,
): void {
  for (let index = from; index < to; index++) {
    const group = groups + <usize>index * GROUP_BYTES;
    const smallSlots = slotsOfGroup(small, index);
    accumulateGroup(group, rows, pairs, count, smallSlots);
    if (parent) {
      const first = load<u32>(group);
      const width = load<u32>(group, 4);
      const parentSlots = slotsOfGroup(parent, index);
      const largeSlots = slotsOfGroup(large, index);
      for (let i: u32 = 0; i < width; i++) {
        if (!load<u8>(activeColumns + <usize>(first + i))) continue;
        const column = columns + <usize>(first + i) * COLUMN_BYTES;
        const offset = <usize>load<u32>(column, 8);
        subtract(largeSlots + offset, parentSlots + offset, smallSlots + offset, (<usize>load<u32>(column, 12)) << 4);
      }
    }
    const entry = load<u32>(group, 8);
    const end = entry + load<u32>(group, 12);
    for (let i = entry; i < end; i++) {
      if (!load<u8>(activeFeatures + <usize>i)) continue;
      if (smallNode) scanEntry(i, small, 0, smallNode);
      if (largeNode) scanEntry(i, large, 0, largeNode);
    }
  }
}

/** Counts the rows of a node per slot of one feature, into `scratch` + 4096. */
function countEntry(entry: u32, rows: usize, count: u32): usize {
  const feature = features + <usize>entry * FEATURE_BYTES;
  const column = columns + <usize>load<u32>(feature, 4) * COLUMN_BYTES;
  const codes = <usize>load<u32>(column);
  const shift = <usize>load<u32>(column, 4);
  const stride = load<u32>(feature, 16);
  const width = load<u32>(feature, 20);
  const counts = scratch + 4096;
  memory.fill(counts, 0, 1024);
  for (let i: u32 = 0; i < count; i++) {
    const row = rows ? load<u32>(rows + ((<usize>i) << 2)) : i;
    let code = <u32>load<u8>(codes + ((<usize>row) << shift));
    if (stride) code = (code / stride) % width;
    const at = counts + ((<usize>code) << 2);
    store<u32>(at, load<u32>(at) + 1);
  }
  return counts;
}

/**
 * The feature-table entry whose record holds the best cut of a node, -1 when there is none; ties go to the entry listed first in
 * `byFeature` (entries in the order of features). Where a cut that may leave too few rows would win, rows are counted.
 */
export function pickBest(node: usize, byFeature: usize, entries: u32, histogram: usize, rows: usize): i32 {
  const records = <usize>load<u32>(node, NODE_RECORDS);
  let best: f64 = load<f64>(node, 32);
  let chosen: i32 = -1;
  for (let i: u32 = 0; i < entries; i++) {
    const entry = load<u32>(byFeature + ((<usize>i) << 2));
    if (!load<u8>(activeFeatures + <usize>entry)) continue;
    const record = records + <usize>entry * RECORD_BYTES;
    if (load<u32>(record, 40) != KIND_NONE && load<f64>(record) > best) {
      best = load<f64>(record);
      chosen = <i32>entry;
    }
  }
  for (let i: u32 = 0; i < entries; i++) {
    const entry = load<u32>(byFeature + ((<usize>i) << 2));
    if (!load<u8>(activeFeatures + <usize>entry)) continue;
    const record = records + <usize>entry * RECORD_BYTES;
    if (!(load<f64>(record, 24) > best)) continue;
    scanEntry(entry, histogram, countEntry(entry, rows, load<u32>(node, 64)), node);
    if (load<u32>(record, 40) != KIND_NONE && load<f64>(record) > best) {
      best = load<f64>(record);
      chosen = <i32>entry;
    }
  }
  return chosen;
}

/** Lets only the features marked in `mask` (a byte per entry) take part, and the columns they are in. */
export function applyMask(mask: usize, entries: u32, columnCount: u32): void {
  memory.copy(activeFeatures, mask, entries);
  memory.fill(activeColumns, 0, columnCount);
  for (let i: u32 = 0; i < entries; i++) {
    if (!load<u8>(mask + <usize>i)) continue;
    store<u8>(activeColumns + <usize>load<u32>(features + <usize>i * FEATURE_BYTES, 4), 1);
  }
}

/** Marks the features that took part in the search on a node and had a cut that gains. */
export function writeMask(node: usize, mask: usize, entries: u32): void {
  const records = <usize>load<u32>(node, NODE_RECORDS);
  const floor = load<f64>(node, 32);
  for (let i: u32 = 0; i < entries; i++) {
    const record = records + <usize>i * RECORD_BYTES;
    const gains = load<u32>(record, 40) != KIND_NONE || load<f64>(record, 24) > floor;
    store<u8>(mask + <usize>i, <u32>load<u8>(activeFeatures + <usize>i) & <u32>gains);
  }
}
