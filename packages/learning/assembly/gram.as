import { addLanes } from './lanes';

/** Products of all pairs of the terms of a block of rows: an even number of rows, a multiple of four terms. */

/**
 * Standardises columns of float32, `stride` bytes apart: target = (value - offset) * scale * factor, in float64, `targetStride` bytes apart.
 *
 * @param terms offset and scale (f64 each) of each column
 * @param factors one per row (f64)
 */
export function standardiseColumns(
  columns: usize,
  stride: usize,
  columnCount: u32,
  terms: usize,
  factors: usize,
  target: usize,
  targetStride: usize,
  rows: u32,
): void {
  for (let j: u32 = 0; j < columnCount; j++, columns += stride, terms += 16, target += targetStride) {
    const offset = v128.load64_splat(terms);
    const scale = v128.load64_splat(terms, 8);
    for (let i: usize = 0, last = <usize>rows << 3; i < last; i += 16) {
      const value = f64x2.promote_low_f32x4(v128.load64_zero(columns + (i >> 1)));
      const z = f64x2.mul(f64x2.sub(value, offset), scale);
      v128.store(target + i, f64x2.mul(z, v128.load(factors + i)));
    }
  }
}

/** Two columns by four. */
@inline
function addTile(left: usize, right: usize, stride: usize, rows: u32, gram: usize, below: usize): void {
  const otherLeft = left + stride;
  const second = right + stride;
  const third = second + stride;
  const fourth = third + stride;
  let a = f64x2.splat(0);
  let b = f64x2.splat(0);
  let c = f64x2.splat(0);
  let d = f64x2.splat(0);
  let e = f64x2.splat(0);
  let f = f64x2.splat(0);
  let g = f64x2.splat(0);
  let h = f64x2.splat(0);
  for (let i: usize = 0, last = <usize>rows << 3; i < last; i += 16) {
    const x = v128.load(left + i);
    const y = v128.load(otherLeft + i);
    const p = v128.load(right + i);
    const q = v128.load(second + i);
    const r = v128.load(third + i);
    const s = v128.load(fourth + i);
    a = f64x2.add(a, f64x2.mul(x, p));
    b = f64x2.add(b, f64x2.mul(x, q));
    c = f64x2.add(c, f64x2.mul(x, r));
    d = f64x2.add(d, f64x2.mul(x, s));
    e = f64x2.add(e, f64x2.mul(y, p));
    f = f64x2.add(f, f64x2.mul(y, q));
    g = f64x2.add(g, f64x2.mul(y, r));
    h = f64x2.add(h, f64x2.mul(y, s));
  }
  addLanes(gram, a);
  addLanes(gram + 8, b);
  addLanes(gram + 16, c);
  addLanes(gram + 24, d);
  addLanes(below, e);
  addLanes(below + 8, f);
  addLanes(below + 16, g);
  addLanes(below + 24, h);
}

/** Adds the products of all pairs of columns (f64, `stride` bytes apart) to the upper triangle of `gram` (row-major, `size` x `size`). */
export function addPairs(columns: usize, stride: usize, size: u32, rows: u32, gram: usize): void {
  const rowBytes = <usize>size << 3;
  for (let j: u32 = 0; j < size; j += 2) {
    const left = columns + <usize>j * stride;
    const line = gram + <usize>j * rowBytes;
    for (let k: u32 = j & ~3; k < size; k += 4) {
      const place = line + (<usize>k << 3);
      addTile(left, columns + <usize>k * stride, stride, rows, place, place + rowBytes);
    }
  }
}
