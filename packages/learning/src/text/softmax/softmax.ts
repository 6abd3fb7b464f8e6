// Taken out of Math once: in a realm of its own, such as a test's, each look-up of a global costs more than the function.
const { exp } = Math;

/** Index of the largest value; the first among equals. */
export function indexOfLargest(values: ArrayLike<number>): number {
  let best = 0;
  for (let k = 1; k < values.length; k++) if (values[k]! > values[best]!) best = k;
  return best;
}

/** Softmax of margins, written to `probabilities` from `offset` on. */
export function writeSoftmax(
  margins: ArrayLike<number>,
  probabilities: Float32Array | Float64Array,
  offset: number,
): void {
  const highest = margins[indexOfLargest(margins)]!;
  let sum = 0;
  for (let k = 0; k < margins.length; k++) sum += exp(margins[k]! - highest);
  for (let k = 0; k < margins.length; k++) probabilities[offset + k] = exp(margins[k]! - highest) / sum;
}
