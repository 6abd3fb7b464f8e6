import { createRandom, sampleWithoutReplacement } from '../../random/random.js';
import type { Kernel } from '../../wasm/kernel.js';
import { factorCholesky } from './cholesky.js';
import { BLOCK_ROWS } from './design-blocks.js';
import { type DesignMatrix, takeDesignRows } from './design-matrix.js';
import { sumGram } from './gram-matrix.js';
import { createLinearObjective, createSigmoidLoss } from './linear-objective.js';
import { LinearSums } from './linear-sums.js';
import { minimiseLbfgs } from './minimise-lbfgs.js';

/** Rows of the sample. Its Hessian is off by about sqrt(terms / rows), so each step on all rows shrinks the error as much. */
const SAMPLE_ROWS = 8192;
/** With less rows than this many times the sample a sample saves nothing. */
const SAVING_FACTOR = 3;
/** With more terms the sample's Hessian costs more than it saves. */
const TERMS_MAX = 256;

/** Where to begin a minimisation, and what the inverse Hessian is there, about. */
export interface SampledStart {
  readonly point: Float64Array;
  /** Multiplies a vector by the inverse Hessian, in place. */
  readonly applyInverse: (vector: Float64Array) => void;
}

interface BinaryProblem {
  readonly design: DesignMatrix;
  readonly target: Float64Array;
  readonly weights: Float64Array | null;
  readonly penalty: number;
}

const sum = (values: Float64Array | null, count: number): number =>
  values === null ? count : values.reduce((total, value) => total + value, 0);

/** Weight of each row in the Hessian of the log loss: weight * p * (1 - p). */
function weighCurvature(
  kernel: Kernel,
  { design, weights }: Pick<BinaryProblem, 'design' | 'weights'>,
  point: Float64Array,
): Float64Array {
  const curvature = new Float64Array(design.rowCount);
  const sums = new LinearSums(kernel, design, 1);
  sums.begin(point);
  for (let start = 0; start < design.rowCount; start += BLOCK_ROWS) {
    const count = Math.min(BLOCK_ROWS, design.rowCount - start);
    sums.sumTerms(point, start, count);
    curvature.set(sums.margins.subarray(0, count), start);
  }
  return curvature.map((margin, i) => {
    const decay = Math.exp(-Math.abs(margin));
    return ((weights === null ? 1 : weights[i]!) * decay) / (1 + decay) ** 2;
  });
}

/**
 * Solves a logistic regression on a sample of its rows, to start on all of them near the end and with the right curvature. What is
 * minimised on all rows, and how exactly, does not change. The sample depends on the number of rows only.
 *
 * @returns null when the problem is too small or too wide for it to pay
 */
export function startFromSample(
  kernel: Kernel,
  { design, target, weights, penalty }: BinaryProblem,
): SampledStart | null {
  const { rowCount, width } = design;
  if (rowCount < SAVING_FACTOR * SAMPLE_ROWS || width > TERMS_MAX) return null;
  const rows = sampleWithoutReplacement(rowCount, SAMPLE_ROWS, createRandom(rowCount));
  const sampled = {
    design: takeDesignRows(design, rows),
    target: Float64Array.from(rows, (row) => target[row]!),
    weights: weights && Float64Array.from(rows, (row) => weights[row]!),
  };
  const totalWeight = sum(sampled.weights, rows.length);
  const createLoss = createSigmoidLoss(sampled.target, sampled.weights);
  const loss = { design: sampled.design, outputCount: 1, createLoss, totalWeight, penalty };
  const objective = createLinearObjective(kernel, loss);
  const { point } = minimiseLbfgs(objective, new Float64Array(width + 1), {
    gradientTolerance: 1e-3,
    iterationsMax: 50,
    onIteration: () => {},
  });
  const hessian = sumGram(kernel, sampled.design, weighCurvature(kernel, sampled, point));
  for (let i = 0; i < hessian.length; i++) hessian[i]! /= totalWeight;
  for (let j = 0; j < width; j++) hessian[j * (width + 1) + j]! += penalty;
  return { point, applyInverse: factorCholesky(hessian, width + 1) };
}
