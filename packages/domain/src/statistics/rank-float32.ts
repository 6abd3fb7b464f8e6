const RADIX_BITS = 11;
const RADIX = 1 << RADIX_BITS;
const PASSES = 3;
/** Below this the fixed passes cost more than a comparison sort. */
const RADIX_ROWS_MIN = 2000;

/** Unsigned integers in the order of float32 numbers; -0 and 0 have one. */
const keyOf = (bits: number): number => (bits >>> 31 && bits << 1 ? ~bits : bits | 0x80000000) >>> 0;

/**
 * The positions of values in ascending order, equal ones in the order that they have. Takes linear time and eight bytes a row for long lists (least
 * significant digit first), where sorting by comparison takes twenty.
 * @param values without NaN
 */
export function rankFloat32(values: Float32Array): Uint32Array {
  let order = Uint32Array.from({ length: values.length }, (_, row) => row);
  if (values.length < RADIX_ROWS_MIN) return order.sort((a, b) => values[a]! - values[b]!);
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  let next = new Uint32Array(values.length);
  for (let shift = 0; shift < PASSES * RADIX_BITS; shift += RADIX_BITS) {
    const starts = startDigits(bits, shift);
    for (let i = 0; i < order.length; i++) {
      const row = order[i]!;
      next[starts[(keyOf(bits[row]!) >>> shift) & (RADIX - 1)]!++] = row;
    }
    [order, next] = [next, order];
  }
  return order;
}

/** Where the rows of each digit begin. */
function startDigits(bits: Uint32Array, shift: number): Uint32Array {
  const starts = new Uint32Array(RADIX + 1);
  for (let i = 0; i < bits.length; i++) starts[((keyOf(bits[i]!) >>> shift) & (RADIX - 1)) + 1]!++;
  for (let digit = 1; digit <= RADIX; digit++) starts[digit]! += starts[digit - 1]!;
  return starts;
}
