/**
 * First and second derivatives of the losses, two rows at a time. Results are rounded to float32 and to the grid of step 2^-k that
 * `magic` = 1.5 * 2^(52-k) stands for (adding and subtracting it leaves multiples of the step), so that float64 sums are exact.
 */

@inline
function onGrid(values: v128, magic: v128): v128 {
  const single = f64x2.promote_low_f32x4(f32x4.demote_f64x2_zero(values));
  return f64x2.sub(f64x2.add(single, magic), magic);
}

@inline
function storePairs(pairs: usize, gradients: v128, hessians: v128): void {
  const g = f32x4.demote_f64x2_zero(gradients);
  const h = f32x4.demote_f64x2_zero(hessians);
  v128.store(pairs, v128.shuffle<f32>(g, h, 0, 4, 1, 5));
}

/**
 * Parts of e^x for x in [-700, 700] (Cephes, Moshier, 1984-2000): e^x = 2^n (q + p) / (q - p), within 2 units in the last place.
 * `scaledSum` is 2^n (q + p), `difference` q - p.
 */
let scaledSum: v128 = f64x2.splat(0);
let difference: v128 = f64x2.splat(0);

@inline
function splitExponential(x: v128): void {
  // Adding 1.5 * 2^52 leaves the nearest integer, also in the lowest bits.
  const rounded = f64x2.add(f64x2.mul(x, f64x2.splat(1.4426950408889634)), f64x2.splat(6755399441055744));
  const n = f64x2.sub(rounded, f64x2.splat(6755399441055744));
  const high = f64x2.sub(x, f64x2.mul(n, f64x2.splat(6.93145751953125e-1)));
  const r = f64x2.sub(high, f64x2.mul(n, f64x2.splat(1.42860682030941723212e-6)));
  const square = f64x2.mul(r, r);
  let p = f64x2.splat(1.26177193074810590878e-4);
  p = f64x2.add(f64x2.mul(p, square), f64x2.splat(3.02994407707441961300e-2));
  p = f64x2.add(f64x2.mul(p, square), f64x2.splat(9.99999999999999999910e-1));
  p = f64x2.mul(p, r);
  let q = f64x2.splat(3.00198505138664455042e-6);
  q = f64x2.add(f64x2.mul(q, square), f64x2.splat(2.52448340349684104192e-3));
  q = f64x2.add(f64x2.mul(q, square), f64x2.splat(2.27265548208155028766e-1));
  q = f64x2.add(f64x2.mul(q, square), f64x2.splat(2));
  const power = i64x2.shl(i64x2.add(rounded, i64x2.splat(1023)), 52);
  scaledSum = f64x2.mul(f64x2.add(q, p), power);
  difference = f64x2.sub(q, p);
}

/** e^x for x in [-700, 700]. */
@inline
export function exponential(x: v128): v128 {
  splitExponential(x);
  return f64x2.div(scaledSum, difference);
}

@inline
export function clamp(x: v128): v128 {
  return f64x2.pmax(f64x2.pmin(x, f64x2.splat(700)), f64x2.splat(-700));
}

@inline
function loadTwo(values: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(values));
}

@inline
function loadTwoBytes(values: usize): v128 {
  const words = i16x8.extend_low_i8x16_u(v128.load16_splat(values));
  return f64x2.convert_low_i32x4_u(i32x4.extend_low_i16x8_u(words));
}

/**
 * Log loss of two classes: g = w (p - y), h = w p (1 - p) but at least `hessianMin`. `targets` are bytes, 0 or 1. `weights` = 0: all 1.
 */
export function logisticPairs(
  margins: usize,
  targets: usize,
  weights: usize,
  pairs: usize,
  count: u32,
  magic: f64,
  hessianMin: f64,
): void {
  const magics = f64x2.splat(magic);
  const least = f64x2.splat(hessianMin);
  const one = f64x2.splat(1);
  for (let i: usize = 0, end = (<usize>count) << 2; i < end; i += 8) {
    splitExponential(clamp(f64x2.neg(loadTwo(margins + i))));
    const inverse = f64x2.div(one, f64x2.add(difference, scaledSum));
    const probability = f64x2.mul(difference, inverse);
    let g = f64x2.sub(probability, loadTwoBytes(targets + (i >> 2)));
    let h = f64x2.mul(probability, f64x2.mul(scaledSum, inverse));
    if (weights) {
      const w = loadTwo(weights + i);
      g = f64x2.mul(g, w);
      h = f64x2.mul(h, w);
    }
    storePairs(pairs + (i << 1), onGrid(g, magics), f64x2.max(onGrid(h, magics), least));
  }
}

/** Squared error: g = w (margin - y), h = w. */
export function squaredPairs(
  margins: usize,
  targets: usize,
  weights: usize,
  pairs: usize,
  count: u32,
  magic: f64,
  hessianMin: f64,
): void {
  const magics = f64x2.splat(magic);
  const least = f64x2.splat(hessianMin);
  for (let i: usize = 0, end = (<usize>count) << 2; i < end; i += 8) {
    let g = f64x2.sub(loadTwo(margins + i), loadTwo(targets + i));
    let h = f64x2.splat(1);
    if (weights) {
      h = loadTwo(weights + i);
      g = f64x2.mul(g, h);
    }
    storePairs(pairs + (i << 1), onGrid(g, magics), f64x2.max(onGrid(h, magics), least));
  }
}

/** Per row, over `classes` margins `stride` bytes apart: the greatest margin and 1 / sum of e^(margin - greatest), both f64. */
export function normaliseSoftmax(
  margins: usize,
  stride: usize,
  classes: u32,
  count: u32,
  greatest: usize,
  inverse: usize,
): void {
  for (let i: usize = 0, end = (<usize>count) << 2; i < end; i += 8) {
    let most = loadTwo(margins + i);
    for (let k: u32 = 1; k < classes; k++) most = f64x2.max(most, loadTwo(margins + i + <usize>k * stride));
    let sum = f64x2.splat(0);
    for (let k: u32 = 0; k < classes; k++) {
      sum = f64x2.add(sum, exponential(clamp(f64x2.sub(loadTwo(margins + i + <usize>k * stride), most))));
    }
    v128.store(greatest + (i << 1), most);
    v128.store(inverse + (i << 1), f64x2.div(f64x2.splat(1), sum));
  }
}

/** Softmax loss of one class: g = w (p - [y = class]), h = w factor p (1 - p). */
export function softmaxPairs(
  margins: usize,
  greatest: usize,
  inverse: usize,
  targets: usize,
  classIndex: f64,
  weights: usize,
  pairs: usize,
  count: u32,
  factor: f64,
  magic: f64,
  hessianMin: f64,
): void {
  const magics = f64x2.splat(magic);
  const least = f64x2.splat(hessianMin);
  const one = f64x2.splat(1);
  for (let i: usize = 0, end = (<usize>count) << 2; i < end; i += 8) {
    const power = exponential(clamp(f64x2.sub(loadTwo(margins + i), v128.load(greatest + (i << 1)))));
    const probability = f64x2.mul(power, v128.load(inverse + (i << 1)));
    const isClass = v128.and(f64x2.eq(loadTwo(targets + i), f64x2.splat(classIndex)), one);
    let g = f64x2.sub(probability, isClass);
    let h = f64x2.mul(f64x2.splat(factor), f64x2.mul(probability, f64x2.sub(one, probability)));
    if (weights) {
      const w = loadTwo(weights + i);
      g = f64x2.mul(g, w);
      h = f64x2.mul(h, w);
    }
    storePairs(pairs + (i << 1), onGrid(g, magics), f64x2.max(onGrid(h, magics), least));
  }
}
