import { allRows, type FeatureTable } from '../dataset/dataset.js';
import { LearningError } from '../learning-error.js';
import { findLeaf } from '../trees/tree.js';
import { hasCode } from './logistic-regression/has-code.js';
import { standardise } from './logistic-regression/standardise.js';
import type { LinearModel, Model, TreeEnsembleModel } from './model.js';

/** Never overflows, whatever the margin. */
function sigmoid(margin: number): number {
  const decay = Math.exp(-Math.abs(margin));
  return margin >= 0 ? 1 / (1 + decay) : decay / (1 + decay);
}

function predictLinear(model: LinearModel, columns: readonly Float32Array[], rows: Int32Array): Float64Array {
  const margins = new Float64Array(rows.length).fill(model.bias[0]!);
  for (const term of model.numeric) {
    const column = columns[term.feature]!;
    for (let i = 0; i < rows.length; i++) margins[i]! += standardise(term, column[rows[i]!]!) * term.weights[0]!;
  }
  for (const term of model.categories) {
    const column = columns[term.feature]!;
    for (let i = 0; i < rows.length; i++) if (hasCode(term, column[rows[i]!]!)) margins[i]! += term.weights[0]!;
  }
  return margins.map(sigmoid);
}

function predictTrees(model: TreeEnsembleModel, columns: readonly Float32Array[], rows: Int32Array): Float64Array {
  const sums = new Float64Array(rows.length).fill(model.base[0]!);
  for (const tree of model.trees) {
    for (let i = 0; i < rows.length; i++) sums[i]! += tree.value[findLeaf(tree, columns, rows[i]!)]!;
  }
  return model.link === 'sigmoid' ? sums.map(sigmoid) : sums.map((sum) => Math.min(1, sum * model.scale));
}

function checkFeatures(model: Model, table: FeatureTable): void {
  const expected = model.features.map(({ name }) => name);
  const found = table.features.map(({ name }) => name);
  if (expected.length !== found.length || expected.some((name, j) => name !== found[j])) {
    throw new LearningError(
      'feature-mismatch',
      `The model takes ${expected.join(', ')}; the table has ${found.join(', ')}.`,
    );
  }
}

/**
 * Predicts the probability of the positive class.
 *
 * @param rows rows to predict, by default all
 * @returns one number in [0, 1] per row, in the order of `rows`
 * @throws LearningError `feature-mismatch` unless the table has the model's columns in the model's order
 */
export function predictProbability(model: Model, table: FeatureTable, rows: Int32Array = allRows(table)): Float64Array {
  checkFeatures(model, table);
  return model.kind === 'linear' ? predictLinear(model, table.columns, rows) : predictTrees(model, table.columns, rows);
}

/**
 * Turns probabilities into labels the way the exported graph does: both sides in float32, positive when
 * probability >= threshold.
 */
export function decideLabels(probabilities: ArrayLike<number>, threshold: number): Uint8Array {
  const limit = Math.fround(threshold);
  return Uint8Array.from(probabilities, (probability) => Number(Math.fround(probability) >= limit));
}
