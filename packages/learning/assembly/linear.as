import { clamp, exponential } from './gradients';
import { addLanes } from './lanes';

/**
 * Linear models on a block of rows. Columns are float32, one after the other, `stride` bytes apart and a multiple of four of them; a block has a
 * multiple of four rows. Sums are float64. What belongs to a column and an output (slopes, sums) lies column by column, outputs side by side.
 */

@inline
function lowTwo(values: v128): v128 {
  return f64x2.promote_low_f32x4(values);
}

@inline
function highTwo(values: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<f32>(values, values, 2, 3, 0, 1));
}

@inline
function addScaled(sum: v128, factor: v128, values: v128): v128 {
  return f64x2.add(sum, f64x2.mul(factor, values));
}

/** Four outputs: what is read of a column serves all of them. */
function addTermsOfFour(
  columns: usize,
  stride: usize,
  end: usize,
  slopes: usize,
  step: usize,
  margins: usize,
  marginStride: usize,
  rows: u32,
): void {
  const b = margins + marginStride;
  const c = b + marginStride;
  const d = c + marginStride;
  for (let i: usize = 0, last = <usize>rows << 2; i < last; i += 16) {
    const to = i << 1;
    let a0 = v128.load(margins + to);
    let a1 = v128.load(margins + to, 16);
    let b0 = v128.load(b + to);
    let b1 = v128.load(b + to, 16);
    let c0 = v128.load(c + to);
    let c1 = v128.load(c + to, 16);
    let d0 = v128.load(d + to);
    let d1 = v128.load(d + to, 16);
    for (let at = columns + i, slope = slopes; at < end; at += stride, slope += step) {
      const values = v128.load(at);
      const low = lowTwo(values);
      const high = highTwo(values);
      const p = v128.load64_splat(slope);
      const q = v128.load64_splat(slope, 8);
      const r = v128.load64_splat(slope, 16);
      const s = v128.load64_splat(slope, 24);
      a0 = addScaled(a0, p, low);
      a1 = addScaled(a1, p, high);
      b0 = addScaled(b0, q, low);
      b1 = addScaled(b1, q, high);
      c0 = addScaled(c0, r, low);
      c1 = addScaled(c1, r, high);
      d0 = addScaled(d0, s, low);
      d1 = addScaled(d1, s, high);
    }
    v128.store(margins + to, a0);
    v128.store(margins + to, a1, 16);
    v128.store(b + to, b0);
    v128.store(b + to, b1, 16);
    v128.store(c + to, c0);
    v128.store(c + to, c1, 16);
    v128.store(d + to, d0);
    v128.store(d + to, d1, 16);
  }
}

function addTermsOfOne(
  columns: usize,
  stride: usize,
  end: usize,
  slopes: usize,
  step: usize,
  margins: usize,
  rows: u32,
): void {
  for (let i: usize = 0, last = <usize>rows << 2; i < last; i += 16) {
    const to = margins + (i << 1);
    let low = v128.load(to);
    let high = v128.load(to, 16);
    let otherLow = f64x2.splat(0);
    let otherHigh = f64x2.splat(0);
    for (let at = columns + i, slope = slopes; at < end; at += stride << 1, slope += step << 1) {
      const values = v128.load(at);
      const others = v128.load(at + stride);
      const p = v128.load64_splat(slope);
      const q = v128.load64_splat(slope + step);
      low = addScaled(low, p, lowTwo(values));
      high = addScaled(high, p, highTwo(values));
      otherLow = addScaled(otherLow, q, lowTwo(others));
      otherHigh = addScaled(otherHigh, q, highTwo(others));
    }
    v128.store(to, f64x2.add(low, otherLow));
    v128.store(to, f64x2.add(high, otherHigh), 16);
  }
}

/** margins[k][i] += sum over columns of slope[j][k] * value[j][i]; the margins of an output are `marginStride` bytes from those of the next. */
export function addTerms(
  columns: usize,
  stride: usize,
  columnCount: u32,
  slopes: usize,
  margins: usize,
  marginStride: usize,
  outputs: u32,
  rows: u32,
): void {
  // The last column begins before this, whichever row a pass begins with.
  const end = columns + <usize>columnCount * stride;
  const step = <usize>outputs << 3;
  let k: u32 = 0;
  for (; k + 4 <= outputs; k += 4, slopes += 32, margins += marginStride << 2) {
    addTermsOfFour(columns, stride, end, slopes, step, margins, marginStride, rows);
  }
  for (; k < outputs; k++, slopes += 8, margins += marginStride) {
    addTermsOfOne(columns, stride, end, slopes, step, margins, rows);
  }
}

/** Two columns by four outputs. */
@inline
function addProductsOfFour(
  column: usize,
  stride: usize,
  factors: usize,
  factorStride: usize,
  sums: usize,
  step: usize,
  rows: u32,
): void {
  const g = factors + factorStride;
  const h = g + factorStride;
  const k = h + factorStride;
  let a = f64x2.splat(0);
  let b = f64x2.splat(0);
  let c = f64x2.splat(0);
  let d = f64x2.splat(0);
  let e = f64x2.splat(0);
  let f = f64x2.splat(0);
  let m = f64x2.splat(0);
  let n = f64x2.splat(0);
  for (let i: usize = 0, last = <usize>rows << 3; i < last; i += 16) {
    const value = lowTwo(v128.load64_zero(column + (i >> 1)));
    const other = lowTwo(v128.load64_zero(column + stride + (i >> 1)));
    const p = v128.load(factors + i);
    const q = v128.load(g + i);
    const r = v128.load(h + i);
    const s = v128.load(k + i);
    a = addScaled(a, p, value);
    b = addScaled(b, q, value);
    c = addScaled(c, r, value);
    d = addScaled(d, s, value);
    e = addScaled(e, p, other);
    f = addScaled(f, q, other);
    m = addScaled(m, r, other);
    n = addScaled(n, s, other);
  }
  addLanes(sums, a);
  addLanes(sums + 8, b);
  addLanes(sums + 16, c);
  addLanes(sums + 24, d);
  addLanes(sums + step, e);
  addLanes(sums + step + 8, f);
  addLanes(sums + step + 16, m);
  addLanes(sums + step + 24, n);
}

/** Four columns by one output. */
@inline
function addProductsOfOne(column: usize, stride: usize, factors: usize, sums: usize, step: usize, rows: u32): void {
  const second = column + stride;
  const third = second + stride;
  const fourth = third + stride;
  let a = f64x2.splat(0);
  let b = f64x2.splat(0);
  let c = f64x2.splat(0);
  let d = f64x2.splat(0);
  for (let i: usize = 0, last = <usize>rows << 3; i < last; i += 16) {
    const factor = v128.load(factors + i);
    a = addScaled(a, factor, lowTwo(v128.load64_zero(column + (i >> 1))));
    b = addScaled(b, factor, lowTwo(v128.load64_zero(second + (i >> 1))));
    c = addScaled(c, factor, lowTwo(v128.load64_zero(third + (i >> 1))));
    d = addScaled(d, factor, lowTwo(v128.load64_zero(fourth + (i >> 1))));
  }
  addLanes(sums, a);
  addLanes(sums + step, b);
  addLanes(sums + step * 2, c);
  addLanes(sums + step * 3, d);
}

/** sums[j][k] += sum over rows of factor[k][i] * value[j][i]; the factors of an output are `factorStride` bytes from those of the next. */
export function addProducts(
  columns: usize,
  stride: usize,
  columnCount: u32,
  factors: usize,
  factorStride: usize,
  outputs: u32,
  sums: usize,
  rows: u32,
): void {
  const step = <usize>outputs << 3;
  for (let j: u32 = 0; j < columnCount; j += 4, columns += stride << 2, sums += step << 2) {
    let k: u32 = 0;
    let factor = factors;
    for (; k + 4 <= outputs; k += 4, factor += factorStride << 2) {
      const sum = sums + (<usize>k << 3);
      addProductsOfFour(columns, stride, factor, factorStride, sum, step, rows);
      addProductsOfFour(columns + (stride << 1), stride, factor, factorStride, sum + (step << 1), step, rows);
    }
    for (; k < outputs; k++, factor += factorStride) {
      addProductsOfOne(columns, stride, factor, sums + (<usize>k << 3), step, rows);
    }
  }
}

/**
 * Turns the margins of each row into shares: e^(margin - greatest) / sum, of all outputs. Leaves the greatest margin and the sum of each row (f64)
 * behind.
 */
export function shareMargins(
  margins: usize,
  marginStride: usize,
  outputs: u32,
  rows: u32,
  greatest: usize,
  sums: usize,
): void {
  const end = margins + <usize>outputs * marginStride;
  for (let i: usize = 0, last = <usize>rows << 3; i < last; i += 16) {
    let most = v128.load(margins + i);
    for (let at = margins + i + marginStride; at < end; at += marginStride) most = f64x2.pmax(most, v128.load(at));
    let sum = f64x2.splat(0);
    for (let at = margins + i; at < end; at += marginStride) {
      const power = exponential(clamp(f64x2.sub(v128.load(at), most)));
      v128.store(at, power);
      sum = f64x2.add(sum, power);
    }
    const inverse = f64x2.div(f64x2.splat(1), sum);
    for (let at = margins + i; at < end; at += marginStride) v128.store(at, f64x2.mul(v128.load(at), inverse));
    v128.store(greatest + i, most);
    v128.store(sums + i, sum);
  }
}
