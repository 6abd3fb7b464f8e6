/**
 * Codes of values: the index of the first edge >= value, `missing` for NaN.
 *
 * @param edges 256 float32, ascending, filled up with +Infinity
 * @param target first code; the next is 2^`shift` bytes further
 */
export function encodeValues(values: usize, count: u32, edges: usize, missing: u32, target: usize, shift: usize): void {
  for (let i: usize = 0, end: usize = <usize>count; i < end; i++) {
    const value = load<f32>(values + (i << 2));
    let at = edges;
    at += (<usize>i32(load<f32>(at, 508) < value)) << 9;
    at += (<usize>i32(load<f32>(at, 252) < value)) << 8;
    at += (<usize>i32(load<f32>(at, 124) < value)) << 7;
    at += (<usize>i32(load<f32>(at, 60) < value)) << 6;
    at += (<usize>i32(load<f32>(at, 28) < value)) << 5;
    at += (<usize>i32(load<f32>(at, 12) < value)) << 4;
    at += (<usize>i32(load<f32>(at, 4) < value)) << 3;
    at += (<usize>i32(load<f32>(at) < value)) << 2;
    const code = <u32>((at - edges) >> 2);
    store<u8>(target + (i << shift), value == value ? code : missing);
  }
}

/** target += codes * factor, where several features of few bins share a column. */
export function addCodes(codes: usize, count: u32, factor: u32, target: usize, shift: usize): void {
  for (let i: usize = 0, end: usize = <usize>count; i < end; i++) {
    const at = target + (i << shift);
    store<u8>(at, <u32>load<u8>(at) + <u32>load<u8>(codes + i) * factor);
  }
}
