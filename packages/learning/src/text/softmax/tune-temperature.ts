import { indexOfLargest } from './softmax.js';

// Taken out of Math once: in a realm of its own, such as a test's, each look-up of a global costs more than the function.
const { exp } = Math;

/** Inverse temperatures looked at. */
const FACTOR_MIN = 0.02;
const FACTOR_MAX = 50;

/** Relative step of the inverse temperature at which the search ends, and most steps; five are usual. */
const STEP_TOLERANCE = 1e-5;
const STEPS_MAX = 60;

/** Margins of texts whose classes are known. */
export interface MarginsOfTexts {
  /** Texts x classes, of models that had not seen the text. */
  readonly margins: Float32Array;
  readonly target: Int32Array;
  /** How much each text counts; null when all count 1. */
  readonly weights: Float32Array | null;
}

/** First and second derivative of the summed log loss by the inverse temperature. */
function differentiate(
  factor: number,
  { margins, target, weights }: MarginsOfTexts,
): [slope: number, curvature: number] {
  const classCount = margins.length / target.length;
  let slope = 0;
  let curvature = 0;
  for (let row = 0; row < target.length; row++) {
    const own = margins.subarray(row * classCount, (row + 1) * classCount);
    const highest = own[indexOfLargest(own)]!;
    let sum = 0;
    let first = 0;
    let second = 0;
    for (let k = 0; k < classCount; k++) {
      const below = own[k]! - highest;
      const power = exp(below * factor);
      sum += power;
      first += power * below;
      second += power * below * below;
    }
    const weight = weights === null ? 1 : weights[row]!;
    slope += weight * (first / sum - (own[target[row]!]! - highest));
    curvature += weight * (second / sum - (first / sum) ** 2);
  }
  return [slope, curvature];
}

/**
 * The temperature at which softmax(margins / temperature) has the least log loss (Guo et al., 2017). The loss is convex in the
 * inverse temperature: Newton's method inside a shrinking range.
 *
 * @returns float32 in [0.02, 50]
 */
export function tuneTemperature(judged: MarginsOfTexts): number {
  let low = FACTOR_MIN;
  let high = FACTOR_MAX;
  let factor = 1;
  for (let step = 0; step < STEPS_MAX; step++) {
    const [slope, curvature] = differentiate(factor, judged);
    if (slope > 0) high = factor;
    else low = factor;
    const newton = factor - slope / curvature;
    const next = newton > low && newton < high ? newton : Math.sqrt(low * high);
    const isFound = Math.abs(next / factor - 1) < STEP_TOLERANCE;
    factor = next;
    if (isFound) break;
  }
  return Math.fround(1 / factor);
}
