import {
  alpha,
  childHessianMin,
  childRowsMin,
  hasBounds,
  isDownwardFirst,
  KIND_NONE,
  KIND_THRESHOLD,
  lambda,
  setRecord,
} from './node';

@inline
function isZero(slot: v128): bool {
  return !v128.any_true(f64x2.ne(slot, f64x2.splat(0)));
}

/**
 * The best threshold of one feature: sums of its slots from one end, with missing rows at the other, then from the other. The score is
 * GL^2/(HL+lambda) + GR^2/(HR+lambda) (Chen and Guestrin, 2016, eq. 7); both divisions are one f64x2.
 *
 * A child of HL has at least HL / greatest hessian rows, so most cuts are known to leave enough rows without counting any. The best
 * score among the others is noted, and `pickBest` counts rows only where such a cut would win.
 */
export function scanThresholds(slots: usize, bins: u32, hasMissing: u32, node: usize, record: usize): void {
  const total = v128.load(node);
  const lambdas = f64x2.splat(lambda);
  const hessianMin = childHessianMin;
  const sureHessian = childRowsMin > 1 ? childRowsMin * load<f64>(node, 24) : 0;
  const floor = load<f64>(node, 32);
  let best = floor;
  let unsure = floor;
  let bestBin: u32 = 0;
  let bestSide: u32 = 0;
  let bestLeft = f64x2.splat(0);
  const missing = hasMissing ? v128.load(slots + ((<usize>bins) << 4)) : f64x2.splat(0);
  const sides: u32 = hasMissing && !isZero(missing) ? 2 : 1;
  for (let turn: u32 = 0; turn < sides; turn++) {
    // Rows of one end are added up, missing rows stay on the other side.
    const isDownward = turn ^ isDownwardFirst;
    const step: isize = isDownward ? -16 : 16;
    let at = isDownward ? slots + ((<usize>(bins - 1)) << 4) : slots;
    const end = isDownward ? slots : slots + ((<usize>(sides > 1 ? bins : bins - 1)) << 4);
    let near = f64x2.splat(0);
    for (; at != end; at += step) {
      near = f64x2.add(near, v128.load(at));
      const far = f64x2.sub(total, near);
      const nearHessian = f64x2.extract_lane(near, 1);
      const farHessian = f64x2.extract_lane(far, 1);
      if (nearHessian < hessianMin) continue;
      if (farHessian < hessianMin) break;
      const gradients = v128.shuffle<f64>(near, far, 0, 2);
      const hessians = f64x2.add(v128.shuffle<f64>(near, far, 1, 3), lambdas);
      const scores = f64x2.div(f64x2.mul(gradients, gradients), hessians);
      const score = f64x2.extract_lane(scores, 0) + f64x2.extract_lane(scores, 1);
      if (score > best) {
        if (nearHessian >= sureHessian && farHessian >= sureHessian) {
          best = score;
          bestBin = <u32>((at - slots) >> 4) - isDownward;
          bestSide = isDownward;
          bestLeft = isDownward ? far : near;
        } else if (score > unsure) {
          unsure = score;
        }
      }
    }
  }
  setRecord(record, best > floor ? KIND_THRESHOLD : KIND_NONE, best, bestLeft, unsure, bestBin, bestSide);
}

@inline
export function shrink(gradient: f64): f64 {
  return gradient > alpha ? gradient - alpha : gradient < -alpha ? gradient + alpha : 0;
}

/** Weight of a leaf within the bounds that monotone ancestors left it. */
export function weightOf(gradient: f64, hessian: f64, l2: f64, lower: f64, upper: f64): f64 {
  const weight = -shrink(gradient) / (hessian + l2);
  return weight < lower ? lower : weight > upper ? upper : weight;
}

/** Twice what the objective falls when rows of these sums get a leaf of their best weight, or of `weight` under bounds. */
@inline
export function scoreOf(gradient: f64, hessian: f64, l2: f64, weight: f64): f64 {
  const shrunk = shrink(gradient);
  if (hasBounds) return -(2 * shrunk * weight + (hessian + l2) * weight * weight);
  return (shrunk * shrunk) / (hessian + l2);
}

/**
 * The same search with all that is rarely asked for: L1, bounds of monotone constraints, and rows counted exactly.
 *
 * @param counts u32 rows per slot, or 0 when they were not counted
 * @param monotone -1: the answer must not rise with the feature, 1: must not fall, 0: free
 */
export function scanGeneral(
  slots: usize,
  counts: usize,
  bins: u32,
  hasMissing: u32,
  monotone: i32,
  node: usize,
  record: usize,
): void {
  const total = v128.load(node);
  const lower = load<f64>(node, 48);
  const upper = load<f64>(node, 56);
  const rows = <f64>load<u32>(node, 64);
  const sureHessian = childRowsMin > 1 && counts == 0 ? childRowsMin * load<f64>(node, 24) : 0;
  const floor = load<f64>(node, 32);
  let best = floor;
  let unsure = floor;
  let bestBin: u32 = 0;
  let bestSide: u32 = 0;
  let bestLeft = f64x2.splat(0);
  const missing = hasMissing ? v128.load(slots + ((<usize>bins) << 4)) : f64x2.splat(0);
  const sides: u32 = hasMissing && !isZero(missing) ? 2 : 1;
  for (let turn: u32 = 0; turn < sides; turn++) {
    const isDownward = turn ^ isDownwardFirst;
    let near = f64x2.splat(0);
    let nearRows: u32 = 0;
    const steps: u32 = sides > 1 && !isDownward ? bins : bins - 1;
    for (let i: u32 = 0; i < steps; i++) {
      const bin = isDownward ? bins - 1 - i : i;
      near = f64x2.add(near, v128.load(slots + ((<usize>bin) << 4)));
      if (counts) nearRows += load<u32>(counts + ((<usize>bin) << 2));
      const far = f64x2.sub(total, near);
      const nearHessian = f64x2.extract_lane(near, 1);
      const farHessian = f64x2.extract_lane(far, 1);
      if (nearHessian < childHessianMin) continue;
      if (farHessian < childHessianMin) break;
      if (counts) {
        if (<f64>nearRows < childRowsMin) continue;
        if (rows - <f64>nearRows < childRowsMin) break;
      }
      const nearGradient = f64x2.extract_lane(near, 0);
      const farGradient = f64x2.extract_lane(far, 0);
      let nearWeight: f64 = 0;
      let farWeight: f64 = 0;
      if (hasBounds) {
        nearWeight = weightOf(nearGradient, nearHessian, lambda, lower, upper);
        farWeight = weightOf(farGradient, farHessian, lambda, lower, upper);
        const rise = isDownward ? nearWeight - farWeight : farWeight - nearWeight;
        if (<f64>monotone * rise < 0) continue;
      }
      const score =
        scoreOf(nearGradient, nearHessian, lambda, nearWeight) + scoreOf(farGradient, farHessian, lambda, farWeight);
      if (score > best) {
        if (nearHessian >= sureHessian && farHessian >= sureHessian) {
          best = score;
          bestBin = bin - isDownward;
          bestSide = isDownward;
          bestLeft = isDownward ? far : near;
        } else if (score > unsure) {
          unsure = score;
        }
      }
    }
  }
  setRecord(record, best > floor ? KIND_THRESHOLD : KIND_NONE, best, bestLeft, counts ? floor : unsure, bestBin, bestSide);
}
