import { checkpoint } from '../../training-hooks.js';
import { withKernel } from '../../wasm/kernel.js';
import type { FitRequest } from '../fit-request.js';
import type { HyperparameterSpecs, Resolved } from '../hyperparameters.js';
import type { LinearModel } from '../model.js';
import { assembleLinear, type LinearBody } from './assemble-linear.js';
import { factorCholesky } from './cholesky.js';
import type { DesignMatrix } from './design-matrix.js';
import { encodeColumns } from './encode-columns.js';
import { sumGram } from './gram-matrix.js';
import { createLinearObjective, createSquaredLoss } from './linear-objective.js';
import { minimiseLbfgs } from './minimise-lbfgs.js';
import { weighRows } from './weigh-rows.js';

/** Names and defaults are those of scikit-learn's Ridge; with alpha 0 it is LinearRegression. */
export const RIDGE_REGRESSION_SPECS = {
  alpha: {
    kind: 'number',
    default: 1,
    min: 0,
    max: 1e12,
    description: 'Strength of the L2 penalty on standardised weights; the bias is not penalised. 0 is least squares.',
  },
} as const satisfies HyperparameterSpecs;

/** With more terms their Gram matrix costs more than an iterative search. */
const TERMS_MAX = 1500;
const ITERATIONS_MAX = 1000;
/** Largest gradient component, per row and unit of the target's deviation, at which the search stops. */
const TOLERANCE = 1e-7;

interface SquaresProblem {
  readonly design: DesignMatrix;
  /** With mean 0. */
  readonly target: Float64Array;
  readonly weights: Float64Array | null;
  readonly totalWeight: number;
  readonly alpha: number;
}

interface SquaresSolution {
  /** The weights of all terms, then the bias. */
  readonly point: Float64Array;
  readonly fit: LinearModel['fit'];
}

/** Solves the normal equations of the centred terms: (Z'WZ - W m m' + alpha I) w = Z'Wy, m the weighted means of the terms. */
function solveDirectly({ design, target, weights, totalWeight, alpha }: SquaresProblem): SquaresSolution {
  const { width } = design;
  const size = width + 2;
  const gram = withKernel('alone', (kernel) => sumGram(kernel, design, weights, [target]));
  const product = (j: number, k: number): number => gram[j * size + k]!;
  const means = Float64Array.from({ length: width }, (_, j) => product(j, width) / totalWeight);
  const centred = new Float64Array(width * width);
  for (let j = 0; j < width; j++) {
    for (let k = 0; k < width; k++) centred[j * width + k] = product(j, k) - totalWeight * means[j]! * means[k]!;
    centred[j * width + j]! += alpha;
  }
  const point = Float64Array.from({ length: width + 1 }, (_, j) => (j < width ? product(j, width + 1) : 0));
  if (width > 0) factorCholesky(centred, width)(point.subarray(0, width));
  // The centred target has mean 0, so that only the terms' means move the bias. What is minimised is y'Wy - w'Z'Wy where w solves the equations.
  let objective = product(width + 1, width + 1);
  for (let j = 0; j < width; j++) {
    point[width]! -= means[j]! * point[j]!;
    objective -= point[j]! * product(j, width + 1);
  }
  return { point, fit: { iterations: 1, converged: true, objective: Math.max(0, objective) / (2 * totalWeight) } };
}

function solveByDescent(
  { design, target, weights, totalWeight, alpha }: SquaresProblem,
  deviation: number,
  request: FitRequest<unknown>,
): SquaresSolution {
  const createLoss = createSquaredLoss(target, weights);
  const loss = { design, outputCount: 1, createLoss, totalWeight, penalty: alpha / totalWeight };
  const { point, value, iterations, converged } = withKernel('alone', (kernel) =>
    minimiseLbfgs(createLinearObjective(kernel, loss), new Float64Array(design.width + 1), {
      gradientTolerance: TOLERANCE * deviation,
      iterationsMax: ITERATIONS_MAX,
      onIteration: (iteration) => checkpoint(request.hooks, iteration / ITERATIONS_MAX),
    }),
  );
  return { point, fit: { iterations, converged, objective: value } };
}

/**
 * Trains least squares with an L2 penalty (ridge regression; Hoerl and Kennard, 1970) on standardised columns. `fit.objective` is half of
 * the mean squared error plus alpha |w|^2 / (2 * total row weight).
 *
 * @throws LearningError `too-few-rows`, `training-cancelled`
 */
export function fitRidgeRegression(request: FitRequest<Resolved<typeof RIDGE_REGRESSION_SPECS>>): LinearBody {
  const { dataset, hyperparameters, hooks } = request;
  const { rows, target, weights } = weighRows(request);
  checkpoint(hooks, 0);
  const encoded = encodeColumns(dataset, rows, weights);
  const weightOf = (i: number): number => (weights === null ? 1 : weights[i]!);
  const totalWeight = target.reduce((sum, _, i) => sum + weightOf(i), 0);
  const mean = target.reduce((sum, value, i) => sum + (value * weightOf(i)) / totalWeight, 0);
  const centred = target.map((value) => value - mean);
  const deviation = Math.sqrt(centred.reduce((sum, value, i) => sum + (value * value * weightOf(i)) / totalWeight, 0));
  const { design } = encoded;
  const problem = { design, target: centred, weights, totalWeight, alpha: hyperparameters.alpha };
  const { point, fit } =
    design.width > TERMS_MAX ? solveByDescent(problem, deviation, request) : solveDirectly(problem);
  point[design.width]! += mean;
  checkpoint(hooks, 1);
  return assembleLinear(encoded, point, { link: 'identity', fit });
}
