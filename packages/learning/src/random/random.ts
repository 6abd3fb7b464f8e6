/** A seeded stream of random numbers. The same seed gives the same stream on every machine. */
export interface Random {
  /** Uniform integer in [0, 2^32). */
  nextUint32(): number;
  /** Uniform number in [0, 1) with 32 random bits. */
  nextFloat(): number;
  /** Uniform integer in [0, bound), without modulo bias. `bound` in [1, 2^32]. */
  nextInteger(bound: number): number;
}

const TWO_TO_32 = 4294967296;

/** Finalizer of MurmurHash3 (Appleby, 2011): every input bit moves about half of the output bits. */
function mix(word: number): number {
  let hash = word >>> 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/**
 * Derives the seed of a part (a fold, a tree) from the seed of the whole, so that a part gives the same result on whichever
 * worker and in whichever order it runs.
 *
 * @param seed integer; its low 53 bits count
 * @param path names and numbers that say which part
 * @returns integer in [0, 2^32)
 */
export function deriveSeed(seed: number, ...path: readonly (string | number)[]): number {
  let state = mix(mix(seed >>> 0) ^ Math.floor(Math.abs(seed) / TWO_TO_32));
  for (const part of path) {
    const text = `${typeof part}:${part}`;
    for (let i = 0; i < text.length; i++) state = mix(Math.imul(state, 31) + text.charCodeAt(i) + 0x9e3779b9);
  }
  return state;
}

/**
 * Creates a stream of xoshiro128** (Blackman and Vigna, 2018), its state filled by splitmix32 as its authors advise.
 *
 * @param seed integer; take one from {@link deriveSeed} when several streams must not overlap
 */
export function createRandom(seed: number): Random {
  let fill = seed >>> 0;
  const nextFill = (): number => {
    fill = (fill + 0x9e3779b9) >>> 0;
    return mix(fill);
  };
  let [a, b, c, d] = [nextFill(), nextFill(), nextFill(), nextFill()];

  const nextUint32 = (): number => {
    const product = Math.imul(b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return result;
  };
  return {
    nextUint32,
    nextFloat: () => nextUint32() / TWO_TO_32,
    nextInteger: (bound) => {
      const limit = TWO_TO_32 - (TWO_TO_32 % bound); // values at or above it would favour small results
      let value = nextUint32();
      while (value >= limit) value = nextUint32();
      return value % bound;
    },
  };
}

/** Shuffles in place (Fisher-Yates, Durstenfeld's form) and returns the same array. */
export function shuffle<T extends Int32Array | Float32Array>(values: T, random: Random): T {
  for (let i = values.length - 1; i > 0; i--) {
    const j = random.nextInteger(i + 1);
    const held = values[i]!;
    values[i] = values[j]!;
    values[j] = held;
  }
  return values;
}

/** Draws `count` of the integers [0, size) without replacement, in ascending order. */
export function sampleWithoutReplacement(size: number, count: number, random: Random): Int32Array {
  const drawn = new Int32Array(count);
  let taken = 0;
  // Selection sampling (Knuth, TAOCP 2, algorithm S): one pass, already sorted.
  for (let i = 0; i < size && taken < count; i++) {
    if (random.nextFloat() * (size - i) < count - taken) drawn[taken++] = i;
  }
  return drawn;
}
