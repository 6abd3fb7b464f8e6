import { checkpoint } from '../../training-hooks.js';
import { type Kernel, withKernel } from '../../wasm/kernel.js';
import type { FitRequest } from '../fit-request.js';
import type { HyperparameterSpecs, Resolved } from '../hyperparameters.js';
import { assembleLinear, type LinearBody } from './assemble-linear.js';
import { encodeColumns } from './encode-columns.js';
import { createLinearObjective, createSigmoidLoss, createSoftmaxLoss } from './linear-objective.js';
import { minimiseLbfgs } from './minimise-lbfgs.js';
import { startFromSample } from './start-from-sample.js';
import { balanceWeights, weighRows } from './weigh-rows.js';

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
  class_weight: {
    kind: 'word',
    default: 'none',
    words: ['none', 'balanced'],
    description: 'balanced lets every class weigh the same.',
  },
} as const satisfies HyperparameterSpecs;

/**
 * Trains L2-penalised logistic regression on standardised columns: one weight per term for two classes, one per term and class (softmax)
 * for many.
 *
 * @throws LearningError `too-few-rows`, `training-cancelled`
 */
export function fitLogisticRegression(request: FitRequest<Resolved<typeof LOGISTIC_REGRESSION_SPECS>>): LinearBody {
  return withKernel('alone', (kernel) => fitWithKernel(kernel, request));
}

function fitWithKernel(kernel: Kernel, request: FitRequest<Resolved<typeof LOGISTIC_REGRESSION_SPECS>>): LinearBody {
  const { dataset, hyperparameters, hooks } = request;
  const { C, max_iter: iterationsMax, tol, class_weight: classWeight } = hyperparameters;
  const { rows, target, weights: rowWeights } = weighRows(request);
  checkpoint(hooks, 0);
  const encoded = encodeColumns(dataset, rows, rowWeights);
  const { design } = encoded;
  const isBinary = dataset.task === 'binary-classification';
  const outputCount = isBinary ? 1 : dataset.classes.length;
  const weights = classWeight === 'balanced' ? balanceWeights(target, rowWeights, dataset.classes.length) : rowWeights;
  const totalWeight = weights === null ? rows.length : weights.reduce((sum, weight) => sum + weight, 0);
  const penalty = 1 / (C * totalWeight);
  const start = isBinary ? startFromSample(kernel, { design, target, weights, penalty }) : null;
  const createLoss = isBinary ? createSigmoidLoss(target, weights) : createSoftmaxLoss(target, weights);
  const objective = createLinearObjective(kernel, { design, outputCount, createLoss, totalWeight, penalty });
  const first = start?.point ?? new Float64Array(outputCount * (design.width + 1));
  const { point, value, iterations, converged } = minimiseLbfgs(objective, first, {
    gradientTolerance: tol,
    iterationsMax,
    onIteration: (iteration) => checkpoint(hooks, iteration / iterationsMax),
    applyInverse: start?.applyInverse,
  });
  checkpoint(hooks, 1);
  const link = isBinary ? 'sigmoid' : 'softmax';
  return assembleLinear(encoded, point, { link, fit: { iterations, converged, objective: value } });
}
