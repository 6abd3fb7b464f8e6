// Taken out of Math once: in a realm of its own, such as a test's, each look-up of a global costs more than the function.
const { abs, exp, log, log1p } = Math;

/**
 * The principal branch of Lambert's W for x >= 0, that is w with w * exp(w) = x, with a relative error below 2e-4.
 * Small x: the [2/2] Pade approximant of W(x) / x. Others: start and one step of Iacono and Boyd (2017, "New approximations to
 * the principal real-valued branch of the Lambert W-function").
 */
export function lambertW(x: number): number {
  if (x < 0.25) return (x * (60 + x * (114 + 17 * x))) / (60 + x * (174 + 101 * x));
  const l = log1p(x);
  const w = l * (1 - log1p(l) / (2 + l));
  return (w * (1 + log(x / w))) / (1 + w);
}

/** Margins this far below the level have a share of less than 1e-5, which is taken for none. */
const NEGLIGIBLE = -11.5;

/** |sum of shares - 1| at which the level is found: Newton's method squares it once more, and the caller gives the rest away. */
const SUM_TOLERANCE = 1e-3;

/** Newton's method needs 1 to 3. */
const STEPS_MAX = 30;

/**
 * Solves one row of the dual of multinomial logistic regression: the shares q that maximise its entropy against the quadratic
 * term, that is q_k = exp(free_k - strength * q_k - level), with the level that makes them sum to 1. For a given level each q_k
 * is W(strength * exp(free_k - level)) / strength; their sum is convex and falls with the level, so Newton's method finds it.
 *
 * @param free margins of the row with its own part taken out
 * @param strength C times the squared length of the row, > 0
 * @param level where to start: log sum exp of the row's present margins
 * @param shares receives q
 */
export function solveShares(free: Float64Array, strength: number, level: number, shares: Float64Array): void {
  for (let step = 0; step < STEPS_MAX; step++) {
    let sum = 0;
    let slope = 0;
    for (let k = 0; k < free.length; k++) {
      const distance = free[k]! - level;
      if (distance < NEGLIGIBLE) {
        shares[k] = 0;
        continue;
      }
      const scaled = lambertW(strength * exp(distance));
      const share = scaled / strength;
      shares[k] = share;
      sum += share;
      slope += share / (1 + scaled);
    }
    if (abs(sum - 1) < SUM_TOLERANCE) return;
    level += (sum - 1) / slope;
  }
}
