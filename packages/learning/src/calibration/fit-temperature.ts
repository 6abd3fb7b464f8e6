import type { Calibration } from '../families/model.js';
import type { MarginSample } from './fit-platt.js';

const COLDEST = 1e-3;
const HOTTEST = 1e3;

/** Derivative of the mean log loss by 1 / temperature: mean margin under the model less that of the true class. It never falls. */
function slopeAt({ margins, target, weights }: MarginSample, inverse: number): number {
  const width = margins.length / target.length;
  let slope = 0;
  for (let i = 0, at = 0; i < target.length; i++, at += width) {
    let highest = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < width; k++) highest = Math.max(highest, margins[at + k]!);
    let [whole, mean] = [0, 0];
    for (let k = 0; k < width; k++) {
      const share = Math.exp(inverse * (margins[at + k]! - highest));
      whole += share;
      mean += share * margins[at + k]!;
    }
    slope += (weights === null ? 1 : weights[i]!) * (mean / whole - margins[at + target[i]!]!);
  }
  return slope;
}

/**
 * Temperature scaling (Guo et al., 2017): softmax of margins / temperature, the temperature with the least log loss, in
 * [0.001, 1000]. The class called does not change.
 *
 * @param sample one margin per row and class
 */
export function fitTemperature(sample: MarginSample): Calibration & { readonly kind: 'temperature' } {
  // Log loss is convex in 1 / temperature: bisection on its derivative, evenly in the logarithm.
  let [low, high] = [Math.log(1 / HOTTEST), Math.log(1 / COLDEST)];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (slopeAt(sample, Math.exp(middle)) < 0) low = middle;
    else high = middle;
  }
  return { kind: 'temperature', temperature: Math.fround(Math.exp(-(low + high) / 2)) };
}
