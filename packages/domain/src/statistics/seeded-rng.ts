/** Returns the next number in [0, 1). Functions that need chance take one, so that they stay pure. */
export type Rng = () => number;

/** A generator whose sequence is fixed by a 32-bit seed: mulberry32 (period 2^32; for resampling, not for secrets). */
export function createSeededRng(seed: number): Rng {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
