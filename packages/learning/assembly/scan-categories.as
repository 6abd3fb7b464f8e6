import {
  categoriesMax,
  categoryLambda,
  categoryOrder,
  categorySmooth,
  childHessianMin,
  childRowsMin,
  groupRowsMin,
  hasBounds,
  KIND_CATEGORIES,
  KIND_NONE,
  KIND_ONE_CATEGORY,
  lambda,
  oneHotMax,
  scratch,
  setRecord,
} from './node';
import { scoreOf, shrink, weightOf } from './scan-thresholds';

/** In `scratch`: 256 f64 keys and 256 u32 codes after the 4096 bytes of slots and the 1024 of counts. */
const KEYS: usize = 5120;
const ORDER: usize = 7168;

@inline
function comesBefore(keyA: f64, codeA: u32, keyB: f64, codeB: u32): bool {
  return keyA < keyB || (keyA == keyB && codeA < codeB);
}

/** Sorts the first `count` codes by their keys, ties by code (Shell, 1959; Ciura's gaps). */
function sortByKey(count: u32): void {
  const keys = scratch + KEYS;
  const order = scratch + ORDER;
  for (let gap: u32 = count > 132 ? 132 : count > 57 ? 57 : count > 23 ? 23 : count > 10 ? 10 : count > 4 ? 4 : 1; ; ) {
    for (let i = gap; i < count; i++) {
      const key = load<f64>(keys + ((<usize>i) << 3));
      const code = load<u32>(order + ((<usize>i) << 2));
      let at = i;
      while (at >= gap) {
        const otherKey = load<f64>(keys + ((<usize>(at - gap)) << 3));
        const otherCode = load<u32>(order + ((<usize>(at - gap)) << 2));
        if (comesBefore(otherKey, otherCode, key, code)) break;
        store<f64>(keys + ((<usize>at) << 3), otherKey);
        store<u32>(order + ((<usize>at) << 2), otherCode);
        at -= gap;
      }
      store<f64>(keys + ((<usize>at) << 3), key);
      store<u32>(order + ((<usize>at) << 2), code);
    }
    if (gap == 1) break;
    gap = gap == 132 ? 57 : gap == 57 ? 23 : gap == 23 ? 10 : gap == 10 ? 4 : 1;
  }
}

@inline
function pairScore(left: v128, right: v128, l2: f64, node: usize): f64 {
  const leftGradient = f64x2.extract_lane(left, 0);
  const leftHessian = f64x2.extract_lane(left, 1);
  const rightGradient = f64x2.extract_lane(right, 0);
  const rightHessian = f64x2.extract_lane(right, 1);
  let leftWeight: f64 = 0;
  let rightWeight: f64 = 0;
  if (hasBounds) {
    leftWeight = weightOf(leftGradient, leftHessian, l2, load<f64>(node, 48), load<f64>(node, 56));
    rightWeight = weightOf(rightGradient, rightHessian, l2, load<f64>(node, 48), load<f64>(node, 56));
  }
  return scoreOf(leftGradient, leftHessian, l2, leftWeight) + scoreOf(rightGradient, rightHessian, l2, rightWeight);
}

let best: f64 = 0;
let unsure: f64 = 0;
let bestLeft: v128 = f64x2.splat(0);
let bestCount: u32 = 0;
let bestForm: u32 = 0;

@inline
function consider(score: f64, left: v128, right: v128, sureHessian: f64, count: u32, form: u32): void {
  if (score > best) {
    if (f64x2.extract_lane(left, 1) >= sureHessian && f64x2.extract_lane(right, 1) >= sureHessian) {
      best = score;
      bestLeft = left;
      bestCount = count;
      bestForm = form;
    } else if (score > unsure) {
      unsure = score;
    }
  }
}

function markLeft(record: usize, code: u32): void {
  const word = record + 48 + ((<usize>(code >> 6)) << 3);
  store<u64>(word, load<u64>(word) | ((<u64>1) << (<u64>(code & 63))));
}

/** Rows of the left child counted exactly; true when both children have enough. */
function hasRows(counts: usize, node: usize, leftRows: u32): bool {
  if (counts == 0) return true;
  const rows = <f64>load<u32>(node, 64);
  return <f64>leftRows >= childRowsMin && rows - <f64>leftRows >= childRowsMin;
}

/** Which form a winner has: the set of the first `count` sorted codes, of the last, one code, or all but one. */
const FORM_FIRST: u32 = 0;
const FORM_LAST: u32 = 1;
const FORM_ONE: u32 = 2;
const FORM_ALL_BUT_ONE: u32 = 3;

@inline
function countAt(counts: usize, code: u32): u32 {
  return counts ? load<u32>(counts + ((<usize>code) << 2)) : 0;
}

/** One category against all others. `withRest`: missing rows may also join the one, so that all other categories go left. */
function scanOne(slots: usize, counts: usize, bins: u32, missing: v128, withRest: u32, sure: f64, node: usize): void {
  const total = v128.load(node);
  const rows = load<u32>(node, 64);
  const missingRows = countAt(counts, bins);
  for (let code: u32 = 0; code < bins; code++) {
    const one = v128.load(slots + ((<usize>code) << 4));
    const oneRows = countAt(counts, code);
    const rest = f64x2.sub(total, one);
    if (f64x2.extract_lane(one, 1) >= childHessianMin && f64x2.extract_lane(rest, 1) >= childHessianMin) {
      if (hasRows(counts, node, oneRows)) consider(pairScore(one, rest, lambda, node), one, rest, sure, code, FORM_ONE);
    }
    if (withRest) {
      const right = f64x2.add(one, missing);
      const left = f64x2.sub(total, right);
      if (f64x2.extract_lane(left, 1) < childHessianMin || f64x2.extract_lane(right, 1) < childHessianMin) continue;
      if (!hasRows(counts, node, rows - oneRows - missingRows)) continue;
      consider(pairScore(left, right, lambda, node), left, right, sure, code, FORM_ALL_BUT_ONE);
    }
  }
}

/** XGBoost's partition: codes by their weight; each prefix and each suffix goes left, missing rows always right. */
function scanByWeight(slots: usize, counts: usize, bins: u32, sure: f64, node: usize): u32 {
  const keys = scratch + KEYS;
  const order = scratch + ORDER;
  const total = v128.load(node);
  for (let code: u32 = 0; code < bins; code++) {
    const slot = v128.load(slots + ((<usize>code) << 4));
    const hessian = f64x2.extract_lane(slot, 1);
    // A category too light for a leaf of its own has weight 0.
    const isLight = hessian < childHessianMin;
    store<f64>(keys + ((<usize>code) << 3), isLight ? 0 : -shrink(f64x2.extract_lane(slot, 0)) / (hessian + lambda));
    store<u32>(order + ((<usize>code) << 2), code);
  }
  sortByKey(bins);
  const most = min(categoriesMax, bins) - 1;
  for (let form: u32 = FORM_FIRST; form <= FORM_LAST; form++) {
    let left = f64x2.splat(0);
    let leftRows: u32 = 0;
    for (let i: u32 = 0; i < most; i++) {
      const code = load<u32>(order + ((<usize>(form == FORM_FIRST ? i : bins - 1 - i)) << 2));
      left = f64x2.add(left, v128.load(slots + ((<usize>code) << 4)));
      leftRows += countAt(counts, code);
      const right = f64x2.sub(total, left);
      if (f64x2.extract_lane(left, 1) < childHessianMin) continue;
      if (f64x2.extract_lane(right, 1) < childHessianMin) break;
      if (!hasRows(counts, node, leftRows)) continue;
      consider(pairScore(left, right, lambda, node), left, right, sure, i + 1, form);
    }
  }
  return bins;
}

/**
 * LightGBM's order: codes with enough rows by g / (h + smooth), at most `categoriesMax` of them from either end go left, with more L2
 * and at least `groupRowsMin` rows between two cuts that are tried. These two limits are on rows estimated from hessians, as there.
 */
function scanByRatio(slots: usize, counts: usize, bins: u32, sure: f64, node: usize): u32 {
  const keys = scratch + KEYS;
  const order = scratch + ORDER;
  const total = v128.load(node);
  const rows = <f64>load<u32>(node, 64);
  const rowsPerHessian = rows / load<f64>(node, 8);
  let used: u32 = 0;
  for (let code: u32 = 0; code < bins; code++) {
    const slot = v128.load(slots + ((<usize>code) << 4));
    const hessian = f64x2.extract_lane(slot, 1);
    if (Math.floor(hessian * rowsPerHessian + 0.5) < categorySmooth) continue;
    store<f64>(keys + ((<usize>used) << 3), f64x2.extract_lane(slot, 0) / (hessian + categorySmooth));
    store<u32>(order + ((<usize>used) << 2), code);
    used++;
  }
  sortByKey(used);
  const most = min(categoriesMax, (used + 1) >> 1);
  const l2 = lambda + categoryLambda;
  for (let form: u32 = FORM_FIRST; form <= FORM_LAST; form++) {
    let left = f64x2.splat(0);
    let leftRows: u32 = 0;
    let estimated: f64 = 0;
    let inGroup: f64 = 0;
    for (let i: u32 = 0; i < used && i < most; i++) {
      const code = load<u32>(order + ((<usize>(form == FORM_FIRST ? i : used - 1 - i)) << 2));
      const slot = v128.load(slots + ((<usize>code) << 4));
      const slotRows = Math.floor(f64x2.extract_lane(slot, 1) * rowsPerHessian + 0.5);
      left = f64x2.add(left, slot);
      leftRows += countAt(counts, code);
      estimated += slotRows;
      inGroup += slotRows;
      const right = f64x2.sub(total, left);
      if (f64x2.extract_lane(left, 1) < childHessianMin) continue;
      if (rows - estimated < groupRowsMin || f64x2.extract_lane(right, 1) < childHessianMin) break;
      if (inGroup < groupRowsMin || !hasRows(counts, node, leftRows)) continue;
      inGroup = 0;
      consider(pairScore(left, right, l2, node), left, right, sure, i + 1, form);
    }
  }
  return used;
}

/**
 * The best set of categories to send left; missing rows, categories too rare for a code of their own and unseen ones go right, so
 * that a row of any such value is treated alike in training and later.
 *
 * @param counts u32 rows per slot, or 0 when they were not counted
 */
export function scanCategories(
  slots: usize,
  counts: usize,
  bins: u32,
  hasMissing: u32,
  node: usize,
  record: usize,
): void {
  const floor = load<f64>(node, 32);
  const sure = childRowsMin > 1 && counts == 0 ? childRowsMin * load<f64>(node, 24) : 0;
  const missing = hasMissing ? v128.load(slots + ((<usize>bins) << 4)) : f64x2.splat(0);
  best = floor;
  unsure = floor;
  let sorted: u32 = 0;
  if (bins < oneHotMax) scanOne(slots, counts, bins, missing, categoryOrder == 0 ? hasMissing : 0, sure, node);
  else if (categoryOrder == 0) sorted = scanByWeight(slots, counts, bins, sure, node);
  else sorted = scanByRatio(slots, counts, bins, sure, node);
  const isSingle = bins < oneHotMax;
  const kind = best > floor ? (isSingle ? KIND_ONE_CATEGORY : KIND_CATEGORIES) : KIND_NONE;
  setRecord(record, kind, best, bestLeft, counts ? floor : unsure, 0, 0);
  memory.fill(record + 48, 0, 32);
  if (kind == KIND_NONE) return;
  const order = scratch + ORDER;
  if (bestForm == FORM_ONE) markLeft(record, bestCount);
  else if (bestForm == FORM_ALL_BUT_ONE) {
    for (let code: u32 = 0; code < bins; code++) if (code != bestCount) markLeft(record, code);
  } else {
    for (let i: u32 = 0; i < bestCount; i++) {
      markLeft(record, load<u32>(order + ((<usize>(bestForm == FORM_FIRST ? i : sorted - 1 - i)) << 2)));
    }
  }
}
