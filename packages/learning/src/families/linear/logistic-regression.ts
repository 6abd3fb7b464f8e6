import { checkpoint } from '../../training-hooks.js';
import { type FitRequest, takeTrainingTarget } from '../fit-request.js';
import type { HyperparameterSpecs, Resolved } from '../hyperparameters.js';
import type { LinearModel } from '../model.js';
import { type EncodedColumns, encodeColumns } from './encode-columns.js';
import { minimiseLbfgs, type Objective } from './minimise-lbfgs.js';

/** Names and defaults are those of scikit-learn's LogisticRegression (penalty l2). */
export const LOGISTIC_REGRESSION_SPECS = {
  C: {
    kind: 'number',
    default: 1,
    min: 1e-9,
    max: 1e9,
    aliases: ['c'],
    description: 'Inverse strength of the L2 penalty on standardised weights; the bias is not penalised.',
  },
  max_iter: { kind: 'integer', default: 100, min: 1, max: 100_000, description: 'Most iterations of the optimiser.' },
  tol: {
    kind: 'number',
    default: 1e-4,
    min: 1e-12,
    max: 1,
    description: 'Largest gradient component, per row, at which the optimiser stops.',
  },
} as const satisfies HyperparameterSpecs;

/**
 * Mean log loss plus |w|^2 / (2 C n), the form scikit-learn minimises: the minimum does not move with the scale, and the
 * tolerance means the same for any number of rows. The last coordinate is the bias.
 */
function createObjective(encoded: EncodedColumns, target: Float64Array, inverseStrength: number): Objective {
  const { values } = encoded;
  const count = target.length;
  const width = values.length / count;
  const penalty = 1 / (inverseStrength * count);
  return (point, gradient) => {
    gradient.fill(0);
    let loss = 0;
    let biasGradient = 0;
    for (let i = 0, base = 0; i < count; i++, base += width) {
      let margin = point[width]!;
      for (let j = 0; j < width; j++) margin += values[base + j]! * point[j]!;
      const label = target[i]!;
      const decay = Math.exp(-Math.abs(margin)); // in (0, 1]: neither branch can overflow
      loss += Math.log1p(decay) + Math.max(margin, 0) - label * margin;
      const residual = (margin >= 0 ? 1 / (1 + decay) : decay / (1 + decay)) - label;
      for (let j = 0; j < width; j++) gradient[j]! += residual * values[base + j]!;
      biasGradient += residual;
    }
    loss /= count;
    for (let j = 0; j < width; j++) {
      loss += 0.5 * penalty * point[j]! ** 2;
      gradient[j] = gradient[j]! / count + penalty * point[j]!;
    }
    gradient[width] = biasGradient / count;
    return loss;
  };
}

/**
 * Trains L2-penalised logistic regression on standardised columns.
 *
 * @throws LearningError `too-few-rows`, `invalid-dataset`, `training-cancelled`
 */
export function fitLogisticRegression(
  request: FitRequest<Resolved<typeof LOGISTIC_REGRESSION_SPECS>>,
): Pick<LinearModel, 'kind' | 'link' | 'numeric' | 'categories' | 'bias' | 'fit'> {
  const { dataset, rows, hyperparameters, hooks } = request;
  const target = takeTrainingTarget(dataset, rows);
  const encoded = encodeColumns(dataset, rows);
  const width = encoded.numeric.length + encoded.categories.length;
  const objective = createObjective(encoded, target, hyperparameters.C);
  const { point, value, iterations, converged } = minimiseLbfgs(objective, new Float64Array(width + 1), {
    gradientTolerance: hyperparameters.tol,
    iterationsMax: hyperparameters.max_iter,
    onIteration: (iteration) => checkpoint(hooks, iteration / hyperparameters.max_iter),
  });
  checkpoint(hooks, 1);
  const weight = (j: number): number => Math.fround(point[j]!);
  return {
    kind: 'linear',
    link: 'sigmoid',
    numeric: encoded.numeric.map((term, j) => ({ ...term, weights: [weight(j)] })),
    categories: encoded.categories.map((term, k) => ({ ...term, weights: [weight(encoded.numeric.length + k)] })),
    bias: [Math.fround(point[width]!)],
    fit: { iterations, converged, objective: value },
  };
}
