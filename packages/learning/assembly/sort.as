/** Digits of 11 bits: three passes over a float32. */
const BITS: u32 = 11;
const RADIX: usize = 2048;

function scatter(source: usize, target: usize, count: usize, starts: usize, shift: u32): void {
  let sum: u32 = 0;
  for (let digit: usize = 0; digit < RADIX; digit++) {
    const at = starts + (digit << 2);
    const size = load<u32>(at);
    store<u32>(at, sum);
    sum += size;
  }
  for (const end = source + (count << 2); source < end; source += 4) {
    const key = load<u32>(source);
    const at = starts + ((((<usize>key) >> (<usize>shift)) & (RADIX - 1)) << 2);
    const place = load<u32>(at);
    store<u32>(at, place + 1);
    store<u32>(target + ((<usize>place) << 2), key);
  }
}

/**
 * The distinct values of a column and how often each occurs, NaN left out: sorts by radix, least significant digit first.
 *
 * @param values float32; replaced by the distinct values, ascending
 * @param spare room for as many; replaced by their counts (u32)
 * @param digits room for 3 x 2048 u32
 * @returns distinct values; -0 and 0 are one
 */
export function sortDistinct(values: usize, count: u32, spare: usize, digits: usize): u32 {
  memory.fill(digits, 0, 3 * (RADIX << 2));
  let kept: usize = 0;
  for (let i: usize = 0, end = <usize>count; i < end; i++) {
    const bits = load<u32>(values + (i << 2));
    if ((bits & 0x7fffffff) > 0x7f800000) continue;
    // The unsigned order of keys is the order of floats.
    const key = bits ^ (<u32>((<i32>bits) >> 31) | 0x80000000);
    store<u32>(values + (kept << 2), key);
    kept++;
    const low = digits + ((<usize>(key & 2047)) << 2);
    const middle = digits + (RADIX << 2) + ((<usize>((key >> BITS) & 2047)) << 2);
    const high = digits + (RADIX << 3) + ((<usize>(key >> (2 * BITS))) << 2);
    store<u32>(low, load<u32>(low) + 1);
    store<u32>(middle, load<u32>(middle) + 1);
    store<u32>(high, load<u32>(high) + 1);
  }
  scatter(values, spare, kept, digits, 0);
  scatter(spare, values, kept, digits + (RADIX << 2), BITS);
  scatter(values, spare, kept, digits + (RADIX << 3), 2 * BITS);
  let distinct: usize = 0;
  let last: f32 = NaN;
  for (let i: usize = 0; i < kept; i++) {
    const key = load<u32>(spare + (i << 2));
    const value = reinterpret<f32>(key ^ (key >> 31 ? 0x80000000 : 0xffffffff));
    if (value != last) {
      store<f32>(values + (distinct << 2), value);
      store<u32>(spare + (distinct << 2), 0); // behind the place that is read
      distinct++;
      last = value;
    }
    const at = spare + ((distinct - 1) << 2);
    store<u32>(at, load<u32>(at) + 1);
  }
  return <u32>distinct;
}
