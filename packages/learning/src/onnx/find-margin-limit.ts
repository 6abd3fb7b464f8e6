/** float32 numbers in their order, as integers. */
const bits = new Int32Array(1);
const asFloat = new Float32Array(bits.buffer);

function floatAt(position: number): number {
  bits[0] = position >= 0 ? position : -0x80000000 - position - 1;
  return asFloat[0]!;
}

/** Position of the largest finite float32; positions run from its negative to it. */
const LAST = 0x7f7fffff;

/**
 * The smallest finite float32 for which `isPositive` holds, where it holds for every larger one; undefined when it holds for all or for
 * none.
 *
 * An exported graph decides labels on the margin, which is the same in every runtime, and not on the probability, whose last digit
 * each runtime's own exponential function makes.
 */
export function findMarginLimit(isPositive: (margin: number) => boolean): number | undefined {
  let below = -LAST - 1;
  let above = LAST;
  if (isPositive(floatAt(below)) || !isPositive(floatAt(above))) return undefined;
  while (above - below > 1) {
    const middle = Math.floor((below + above) / 2);
    if (isPositive(floatAt(middle))) above = middle;
    else below = middle;
  }
  return floatAt(above);
}
