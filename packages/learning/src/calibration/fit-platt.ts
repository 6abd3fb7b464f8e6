import type { Calibration } from '../families/model.js';
import { LearningError } from '../learning-error.js';

/** Margins of models that had not seen the rows, and what the rows turned out to be. */
export interface MarginSample {
  /** Row-major, rows x outputs. */
  readonly margins: ArrayLike<number>;
  /** Index of each row's class. */
  readonly target: ArrayLike<number>;
  readonly weights: ArrayLike<number> | null;
}

const STEPS_MAX = 100;
const GRADIENT_TOLERANCE = 1e-10;
/** Keeps the Hessian invertible where all margins are equal. */
const RIDGE = 1e-12;

interface Smoothed {
  readonly margins: ArrayLike<number>;
  readonly goals: Float64Array;
  readonly weights: Float64Array;
}

/** ln(1 + e^x) without overflow. */
const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

function lossOf({ margins, goals, weights }: Smoothed, slope: number, intercept: number): number {
  let loss = 0;
  for (let i = 0; i < goals.length; i++) {
    const z = slope * margins[i]! + intercept;
    loss += weights[i]! * (softplus(z) - goals[i]! * z);
  }
  return loss;
}

/** Gradient and Hessian of the loss in (slope, intercept). */
function derive({ margins, goals, weights }: Smoothed, slope: number, intercept: number) {
  let [gs, gi, ss, si, ii] = [0, 0, RIDGE, 0, RIDGE];
  for (let i = 0; i < goals.length; i++) {
    const margin = margins[i]!;
    const z = slope * margin + intercept;
    const p = 1 / (1 + Math.exp(-z));
    const error = weights[i]! * (p - goals[i]!);
    const curvature = weights[i]! * p * (1 - p);
    gs += error * margin;
    gi += error;
    ss += curvature * margin * margin;
    si += curvature * margin;
    ii += curvature;
  }
  return { gs, gi, ss, si, ii };
}

/** Platt's targets: not 0 and 1 but what a uniform prior over two more rows would expect, so that few rows can't promise certainty. */
function smoothTarget({ margins, target, weights }: MarginSample): Smoothed {
  const { length } = target;
  const counted = Float64Array.from({ length }, (_, i) => (weights === null ? 1 : weights[i]!));
  let [positives, negatives] = [0, 0];
  for (let i = 0; i < counted.length; i++) {
    if (target[i] === 1) positives += counted[i]!;
    else negatives += counted[i]!;
  }
  if (positives === 0 || negatives === 0) {
    throw new LearningError('too-few-rows', 'A calibration needs rows of both classes.');
  }
  const [high, low] = [(positives + 1) / (positives + 2), 1 / (negatives + 2)];
  return { margins, goals: Float64Array.from({ length }, (_, i) => (target[i] === 1 ? high : low)), weights: counted };
}

/**
 * Platt scaling (Platt, 1999) by Newton's method with backtracking (Lin, Lin and Weng, 2007): probability =
 * sigmoid(slope * margin + intercept).
 *
 * @param sample one margin per row; targets 0 and 1, both present
 * @throws LearningError `too-few-rows` when a class is absent
 */
export function fitPlatt(sample: MarginSample): Calibration & { readonly kind: 'platt' } {
  const smoothed = smoothTarget(sample);
  const share = smoothed.goals.reduce((sum, goal, i) => sum + goal * smoothed.weights[i]!, 0);
  const whole = smoothed.weights.reduce((sum, weight) => sum + weight, 0);
  let [slope, intercept] = [0, Math.log(share / (whole - share))];
  let loss = lossOf(smoothed, slope, intercept);
  for (let step = 0; step < STEPS_MAX; step++) {
    const { gs, gi, ss, si, ii } = derive(smoothed, slope, intercept);
    if (Math.max(Math.abs(gs), Math.abs(gi)) <= GRADIENT_TOLERANCE * whole) break;
    const determinant = ss * ii - si * si;
    const [ds, di] = [(si * gi - ii * gs) / determinant, (si * gs - ss * gi) / determinant];
    let stride = 1;
    let reached = lossOf(smoothed, slope + ds, intercept + di);
    while (!(reached <= loss + 1e-4 * stride * (gs * ds + gi * di)) && stride > 1e-10) {
      stride /= 2;
      reached = lossOf(smoothed, slope + stride * ds, intercept + stride * di);
    }
    if (!(reached < loss)) break;
    slope += stride * ds;
    intercept += stride * di;
    loss = reached;
  }
  return { kind: 'platt', slope: Math.fround(slope), intercept: Math.fround(intercept) };
}
