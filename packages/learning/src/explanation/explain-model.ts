import { allRows, type FeatureTable } from '../dataset/dataset.js';
import type { Calibration, Model, TreeEnsembleModel } from '../families/model.js';
import { checkFeatures } from '../families/predict.js';
import type { TrainingHooks } from '../training-hooks.js';
import { explainLinear, referenceMargins } from './explain-linear.js';
import { averageLeaves, explainTrees } from './explain-trees.js';

/**
 * What contributions add up to.
 * - `log-odds`: the logarithm of the odds of the positive class; its sigmoid is the probability.
 * - `margin`: one per class; their softmax are the probabilities.
 * - `probability`: the probability itself (mean over the trees of a forest).
 * - `value`: the predicted value.
 * - `path-length`: mean path length over its expectation; 2^-that is the anomaly score.
 */
export type ExplainedOutput = 'log-odds' | 'margin' | 'probability' | 'value' | 'path-length';

/** Shapley values of predictions: baseValues[k] + the sum of a row's contributions to output k is what the model says of it. */
export interface Explanation {
  readonly output: ExplainedOutput;
  /** One per output: what the model says when it knows no feature. */
  readonly baseValues: Float64Array;
  /** Rows x outputs x features. */
  readonly contributions: Float64Array;
  readonly rowCount: number;
  readonly outputCount: number;
  readonly featureCount: number;
}

const OUTPUTS = {
  sigmoid: 'log-odds',
  softmax: 'margin',
  identity: 'value',
  mean: 'probability',
  isolation: 'path-length',
} as const satisfies Record<Model['link'], ExplainedOutput>;

/** A calibration that is a straight line in the margin changes the contributions, too; isotonic steps have no share per feature. */
function readLine(calibration: Calibration | null): { readonly slope: number; readonly intercept: number } {
  if (calibration?.kind === 'platt') return calibration;
  if (calibration?.kind === 'temperature') return { slope: 1 / calibration.temperature, intercept: 0 };
  return { slope: 1, intercept: 0 };
}

/** What an ensemble sums to on average over the rows that training saw. */
function averageTrees({ trees, base }: TreeEnsembleModel): number[] {
  const margins = [...base];
  for (const tree of trees) {
    averageLeaves(tree).forEach((value, k) => {
      margins[tree.output + k]! += value;
    });
  }
  return margins;
}

/** What is explained. */
export interface ExplanationRequest {
  readonly model: Model;
  readonly table: FeatureTable;
  /** All by default. */
  readonly rows?: Int32Array;
  readonly hooks?: TrainingHooks;
}

/**
 * Explains predictions by exact Shapley values. Trees: what a feature that is not known does is read from how the training rows
 * went on at its cuts (path-dependent TreeSHAP). Linear models: against the reference row of {@link explainLinear}.
 *
 * Platt's line and a temperature are part of what is explained. An isotonic calibration is not: the sum is the margin before it.
 *
 * @throws LearningError `feature-mismatch`, `training-cancelled`, `cover-missing` for trees that do not hold their training rows
 */
export function explainModel({ model, table, rows = allRows(table), hooks = {} }: ExplanationRequest): Explanation {
  checkFeatures(model, table);
  const isLinear = model.kind === 'linear';
  const scale = isLinear ? 1 : model.scale;
  const contributions = isLinear ? explainLinear(model, table, rows) : explainTrees(model, table, rows, hooks);
  const { slope, intercept } = readLine(model.calibration);
  if (scale * slope !== 1) for (let i = 0; i < contributions.length; i++) contributions[i]! *= scale * slope;
  const margins = isLinear ? referenceMargins(model) : averageTrees(model);
  return {
    output: OUTPUTS[model.link],
    baseValues: Float64Array.from(margins, (margin) => margin * scale * slope + intercept),
    contributions,
    rowCount: rows.length,
    outputCount: margins.length,
    featureCount: model.features.length,
  };
}
