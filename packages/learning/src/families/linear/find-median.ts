const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;
const SHIFTS = [21, 10, 0] as const;

/** Turns float32 values into integers of the same order, in place. */
function toKeys(values: Float32Array): Int32Array {
  const keys = new Int32Array(values.buffer, values.byteOffset, values.length);
  for (let i = 0; i < keys.length; i++) {
    const bits = keys[i]!;
    keys[i] = bits ^ ((bits >> 31) & 0x7fffffff);
  }
  return keys;
}

function fromKey(key: number): number {
  return new Float32Array(Int32Array.of(key ^ ((key >> 31) & 0x7fffffff)).buffer)[0]!;
}

/** The key at a rank, counted from 0: three rounds of counting, each on the digit that the rounds before have left open. */
function selectKey(keys: Int32Array, rank: number): number {
  let open = keys;
  let rest = rank;
  for (const shift of SHIFTS) {
    // The highest digit has a sign.
    const lowest = shift === SHIFTS[0] ? -DIGITS / 2 : 0;
    const counts = new Int32Array(DIGITS);
    for (let i = 0; i < open.length; i++) counts[((open[i]! >> shift) - lowest) & (DIGITS - 1)]!++;
    let digit = 0;
    for (; rest >= counts[digit]!; digit++) rest -= counts[digit]!;
    const kept = new Int32Array(counts[digit]!);
    let size = 0;
    for (let i = 0; i < open.length; i++) {
      if ((((open[i]! >> shift) - lowest) & (DIGITS - 1)) === digit) kept[size++] = open[i]!;
    }
    open = kept;
    if (size === 1) break;
  }
  return open[0]!;
}

/** The key at the rank after that of `key`, which is the one at `rank`. */
function nextKey(keys: Int32Array, key: number, rank: number): number {
  let upTo = 0;
  let next = 0x7fffffff;
  for (let i = 0; i < keys.length; i++) {
    const found = keys[i]!;
    if (found <= key) upTo++;
    else if (found < next) next = found;
  }
  return upTo > rank + 1 ? key : next;
}

/** Values looked at to guess where the median lies. */
const PROBES = 1023;
/** Places of the probes, counted from their middle, between which it lies almost surely: 2.5 standard errors of a median's rank. */
const PROBE_MARGIN = 40;
/** Below this the guess costs more than it saves. */
const PROBED_ROWS_MIN = 16_384;

/**
 * Copies the values between two guessed bounds to `kept`.
 *
 * @returns how many they are and the place of the wanted one among them; null when the guess was wrong
 */
function narrow(
  values: Float32Array,
  rank: number,
  kept: Float32Array,
): { readonly size: number; readonly rank: number } | null {
  const probes = new Float32Array(PROBES);
  for (let i = 0; i < PROBES; i++) probes[i] = values[Math.floor((i * values.length) / PROBES)]!;
  probes.sort();
  const low = probes[(PROBES >> 1) - PROBE_MARGIN]!;
  const high = probes[(PROBES >> 1) + PROBE_MARGIN]!;
  let below = 0;
  let size = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    // Written always and kept sometimes: a branch could not be foretold.
    kept[size] = value;
    below += Number(value < low);
    size += Number(value >= low) & Number(value <= high);
  }
  // Both middle values must be inside.
  return rank < below || rank + 1 >= below + size ? null : { size, rank: rank - below };
}

/** Finds medians of columns; keeps its memory from column to column. */
export class MedianFinder {
  private readonly memory: Float32Array;

  /** @param sizeMax most values of a column */
  constructor(sizeMax: number) {
    this.memory = new Float32Array(sizeMax);
  }

  /**
   * The median of float32 values, the mean of the two middle ones when their number is even; 0 without any. Linear time.
   *
   * @param values without NaN; not changed
   */
  find(values: Float32Array): number {
    if (values.length === 0) return 0;
    const { memory } = this;
    const middle = (values.length - 1) >> 1;
    const narrowed = values.length < PROBED_ROWS_MIN ? null : narrow(values, middle, memory);
    if (narrowed === null) memory.set(values);
    const { size, rank } = narrowed ?? { size: values.length, rank: middle };
    const keys = toKeys(memory.subarray(0, size));
    const low = selectKey(keys, rank);
    if (values.length % 2 === 1) return fromKey(low);
    return Math.fround(fromKey(low) / 2 + fromKey(nextKey(keys, low, rank)) / 2);
  }
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
