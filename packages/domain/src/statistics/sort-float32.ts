const RADIX_BITS = 11;
const RADIX = 1 << RADIX_BITS;
/** Below this the three fixed passes cost more than a comparison sort. */
const RADIX_ROWS_MIN = 2000;

/** A sorted float32 copy of `values`, ascending, -0 before 0. Linear time for long columns (least significant digit first). */
export function sortFloat32(values: ArrayLike<number>): Float32Array {
  const copy = Float32Array.from(values);
  return copy.length < RADIX_ROWS_MIN ? copy.sort() : radixSort(copy);
}

function radixSort(values: Float32Array): Float32Array {
  const counts = new Uint32Array(3 * RADIX);
  let source: Uint32Array = new Uint32Array(values.buffer, values.byteOffset, values.length);
  let target: Uint32Array = new Uint32Array(values.length);
  for (let i = 0; i < source.length; i++) {
    const bits = source[i]!;
    const key = (bits >>> 31 ? ~bits : bits | 0x80000000) >>> 0; // unsigned order of keys = order of floats
    source[i] = key;
    counts[key & (RADIX - 1)]!++;
    counts[RADIX + ((key >>> RADIX_BITS) & (RADIX - 1))]!++;
    counts[2 * RADIX + (key >>> (2 * RADIX_BITS))]!++;
  }
  for (let pass = 0; pass < 3; pass++) {
    scatter(source, target, counts.subarray(pass * RADIX, (pass + 1) * RADIX), pass * RADIX_BITS);
    [source, target] = [target, source];
  }
  for (let i = 0; i < source.length; i++) {
    const key = source[i]!;
    source[i] = key >>> 31 ? key & 0x7fffffff : ~key;
  }
  return new Float32Array(source.buffer, source.byteOffset, source.length);
}

function scatter(source: Uint32Array, target: Uint32Array, counts: Uint32Array, shift: number): void {
  let start = 0;
  for (let digit = 0; digit < RADIX; digit++) {
    const count = counts[digit]!;
    counts[digit] = start;
    start += count;
  }
  for (let i = 0; i < source.length; i++) {
    const key = source[i]!;
    const digit = (key >>> shift) & (RADIX - 1);
    target[counts[digit]!++] = key;
  }
}
