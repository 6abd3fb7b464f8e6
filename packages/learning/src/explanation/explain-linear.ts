import type { FeatureTable } from '../dataset/dataset.js';
import { hasCode } from '../families/linear/has-code.js';
import { standardise } from '../families/linear/standardise.js';
import type { CategoryTerm, LinearModel } from '../families/model.js';

/** Whether the reference row of {@link explainLinear} has a term's code. */
const isReferenceCode = ({ code, imputed }: CategoryTerm): boolean => code === imputed;

/** What a linear model gives for the reference row of {@link explainLinear}; one number per output. */
export function referenceMargins({ bias, categories }: LinearModel): number[] {
  return bias.map((start, k) =>
    categories.filter(isReferenceCode).reduce((sum, { weights }) => sum + weights[k]!, start),
  );
}

/**
 * Exact Shapley values of a linear model against one reference row: numeric columns at their training mean (z = 0), categorical
 * columns at their most frequent code in training. A feature contributes weight * (z - z of the reference).
 *
 * @returns rows x outputs x features
 */
export function explainLinear(model: LinearModel, table: FeatureTable, rows: Int32Array): Float64Array {
  const { bias, features, numeric, categories } = model;
  const contributions = new Float64Array(rows.length * bias.length * features.length);
  const add = (feature: number, weights: readonly number[], shift: (value: number) => number): void => {
    const column = table.columns[feature]!;
    for (let i = 0; i < rows.length; i++) {
      const shifted = shift(column[rows[i]!]!);
      for (let k = 0; k < weights.length; k++) {
        contributions[(i * bias.length + k) * features.length + feature]! += weights[k]! * shifted;
      }
    }
  };
  for (const term of numeric) add(term.feature, term.weights, (value) => standardise(term, value));
  for (const term of categories) {
    add(term.feature, term.weights, (value) => Number(hasCode(term, value)) - Number(isReferenceCode(term)));
  }
  return contributions;
}
