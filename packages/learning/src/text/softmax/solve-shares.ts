// Taken out of Math once: in a realm of its own, such as a test's, each look-up of a global costs more than the function.
const { abs, exp, log, log1p, min } = Math;

/** Below it the small branch of {@link solveOmega} is the nearer one. */
const SMALL = 0.25;

/** W(x) for x in [0, 0.25], W being the principal branch of Lambert's W: the [2/2] Pade approximant of W(x) / x. */
function approximateW(x: number): number {
  return (x * (60 + x * (114 + 17 * x))) / (60 + x * (174 + 101 * x));
}

/**
 * w with w + ln w = y, that is W(e^y) without the overflow, with a relative error below 2e-4.
 * For larger y: start and one step of Iacono and Boyd (2017, "New approximations to the principal real-valued branch of the
 * Lambert W-function").
 */
export function solveOmega(y: number): number {
  const x = y < 30 ? exp(y) : Number.POSITIVE_INFINITY;
  if (x < SMALL) return approximateW(x);
  const l = y < 30 ? log1p(x) : y;
  const w = l * (1 - log1p(l) / (2 + l));
  return (w * (1 + y - log(w))) / (1 + w);
}

/** A power is taken for none, and so is its share, below this and when it moves margins by less than the other. */
const NEGLIGIBLE_POWER = 1e-5;
const NEGLIGIBLE_MOVE = 2e-4;

/** |sum of shares - 1|, as a move of margins, at which the level is found; the caller gives the rest away. */
const SUM_TOLERANCE = 0.02;

/** Newton's method needs 1 to 3. */
const STEPS_MAX = 30;

/**
 * Solves one row of the dual of multinomial logistic regression: the shares q that maximise its entropy against the quadratic
 * term, that is q_k = exp(free_k - strength * q_k - level), with the level that makes them sum to 1. For a given level each q_k
 * is W(strength * exp(free_k - level)) / strength; their sum is convex and falls with the level, so Newton's method finds it.
 *
 * @param free margins of the row with its own part taken out, less the level to start from (log sum exp of its present margins)
 * @param powers exp(free); where that is beyond e^30 any number that is, too
 * @param strength C times the squared length of the row, > 0
 * @param shares receives q
 */
export function solveShares(free: Float64Array, powers: Float64Array, strength: number, shares: Float64Array): void {
  const offset = log(strength);
  const negligible = min(NEGLIGIBLE_POWER, NEGLIGIBLE_MOVE / strength);
  const tolerance = min(SUM_TOLERANCE / strength, SUM_TOLERANCE);
  let level = 0;
  for (let step = 0; step < STEPS_MAX; step++) {
    const factor = exp(-level);
    const scale = factor * strength;
    let sum = 0;
    let slope = 0;
    for (let k = 0; k < free.length; k++) {
      const power = powers[k]!;
      if (power * factor < negligible) {
        shares[k] = 0;
        continue;
      }
      const x = power * scale;
      const scaled = x < SMALL ? approximateW(x) : solveOmega(offset + free[k]! - level);
      const share = scaled / strength;
      shares[k] = share;
      sum += share;
      slope += share / (1 + scaled);
    }
    if (abs(sum - 1) < tolerance) return;
    level += (sum - 1) / slope;
  }
}
