const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;
const SHIFTS = [21, 10, 0] as const;

/** Turns the bits of a float32 into an unsigned number of the same order, in place. */
function toKeys(bits: Uint32Array): Uint32Array {
  for (let i = 0; i < bits.length; i++) {
    const word = bits[i]!;
    bits[i] = word >>> 31 ? ~word : word | 0x80000000;
  }
  return bits;
}

function fromKey(key: number): number {
  const word = Uint32Array.of(key >>> 31 ? key & 0x7fffffff : ~key);
  return new Float32Array(word.buffer)[0]!;
}

/** The key at a rank, counted from 0: three rounds of counting, each on the digit that the rounds before have left open. */
function selectKey(keys: Uint32Array, rank: number): number {
  let open = keys;
  let rest = rank;
  for (const shift of SHIFTS) {
    const counts = new Uint32Array(DIGITS);
    for (let i = 0; i < open.length; i++) counts[(open[i]! >>> shift) & (DIGITS - 1)]!++;
    let digit = 0;
    for (; rest >= counts[digit]!; digit++) rest -= counts[digit]!;
    if (counts[digit] === 1 || shift === 0) {
      return open.find((key) => ((key >>> shift) & (DIGITS - 1)) === digit)!; // the digit was counted
    }
    const kept = new Uint32Array(counts[digit]!);
    let size = 0;
    for (let i = 0; i < open.length; i++) if (((open[i]! >>> shift) & (DIGITS - 1)) === digit) kept[size++] = open[i]!;
    open = kept;
  }
  return open[0]!;
}

/**
 * The median of float32 values, the mean of the two middle ones when their number is even; 0 without any. Linear time.
 *
 * @param values without NaN; not changed
 */
export function findMedian(values: Float32Array): number {
  if (values.length === 0) return 0;
  const keys = toKeys(new Uint32Array(values.slice().buffer));
  const middle = values.length >> 1;
  const high = fromKey(selectKey(keys, middle));
  if (values.length % 2 === 1) return high;
  return Math.fround(fromKey(selectKey(keys, middle - 1)) / 2 + high / 2);
}

/** The value up to which half of the weight lies; the mean of it and the next when it is exactly half, as if weights were copies. */
export function findWeightedMedian(values: Float32Array, weights: ArrayLike<number>): number {
  const order = Uint32Array.from(values, (_, i) => i)
    .filter((i) => weights[i]! > 0)
    .sort((a, b) => values[a]! - values[b]!);
  const half = order.reduce((sum, i) => sum + weights[i]!, 0) / 2;
  let seen = 0;
  for (let k = 0; k < order.length; k++) {
    seen += weights[order[k]!]!;
    if (seen < half) continue;
    const value = values[order[k]!]!;
    const isBetween = seen === half && k + 1 < order.length;
    return isBetween ? Math.fround(value / 2 + values[order[k + 1]!]! / 2) : value;
  }
  return 0;
}
