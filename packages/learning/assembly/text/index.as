/**
 * Rows of a matrix of float32 weights, many classes side by side. A row takes a multiple of 16 bytes; `offsets` (u32) say in bytes
 * where the rows of a text's features begin, `values` (f32) what the features are worth.
 */

/** sums = sum over features of value * row. */
export function addRows(weights: usize, offsets: usize, values: usize, count: u32, sums: usize, rowBytes: u32): void {
  memory.fill(sums, 0, rowBytes);
  const quads = count & ~3;
  let i: u32 = 0;
  for (; i < quads; i += 4) {
    const at = offsets + (i << 2);
    const a = weights + <usize>load<u32>(at);
    const b = weights + <usize>load<u32>(at, 4);
    const c = weights + <usize>load<u32>(at, 8);
    const d = weights + <usize>load<u32>(at, 12);
    const p = v128.load32_splat(values + (i << 2));
    const q = v128.load32_splat(values + (i << 2), 4);
    const r = v128.load32_splat(values + (i << 2), 8);
    const s = v128.load32_splat(values + (i << 2), 12);
    for (let k: usize = 0; k < <usize>rowBytes; k += 16) {
      const first = f32x4.add(f32x4.mul(p, v128.load(a + k)), f32x4.mul(q, v128.load(b + k)));
      const second = f32x4.add(f32x4.mul(r, v128.load(c + k)), f32x4.mul(s, v128.load(d + k)));
      v128.store(sums + k, f32x4.add(v128.load(sums + k), f32x4.add(first, second)));
    }
  }
  for (; i < count; i++) {
    const a = weights + <usize>load<u32>(offsets + (i << 2));
    const p = v128.load32_splat(values + (i << 2));
    for (let k: usize = 0; k < <usize>rowBytes; k += 16) {
      v128.store(sums + k, f32x4.add(v128.load(sums + k), f32x4.mul(p, v128.load(a + k))));
    }
  }
}

/** row += value * moves, for each feature; the rows are different ones. */
export function moveRows(weights: usize, offsets: usize, values: usize, count: u32, moves: usize, rowBytes: u32): void {
  for (let i: u32 = 0; i < count; i++) {
    const a = weights + <usize>load<u32>(offsets + (i << 2));
    const p = v128.load32_splat(values + (i << 2));
    for (let k: usize = 0; k < <usize>rowBytes; k += 16) {
      v128.store(a + k, f32x4.add(v128.load(a + k), f32x4.mul(p, v128.load(moves + k))));
    }
  }
}
