import { allRows, type FeatureTable } from '../dataset/dataset.js';
import { takeRows } from '../dataset/streamed-table.js';
import type { Model } from '../families/model.js';
import { LearningError } from '../learning-error.js';
import { createRandom, deriveSeed, sampleWithoutReplacement } from '../random/random.js';
import type { TrainingHooks } from '../training-hooks.js';
import { type ExplainedOutput, explainModel } from './explain-model.js';

/** How far a feature moves the answers of a model. */
export interface ShapImportance {
  readonly feature: string;
  /** Mean of the absolute contributions over the rows, summed over the outputs, in units of the explained output. >= 0. */
  readonly meanContribution: number;
}

/** Importance by Shapley values, with the unit and the number of rows it was measured on. */
export interface ShapReport {
  readonly output: ExplainedOutput;
  readonly rowCount: number;
  /** In the order of the features. */
  readonly importances: readonly ShapImportance[];
}

/** What to measure. */
export interface ShapImportanceRequest {
  readonly model: Model;
  readonly table: FeatureTable;
  /** All by default. */
  readonly rows?: Int32Array;
  /** Most rows that are explained; of more a sample is drawn. Integer >= 1, default 1 000. */
  readonly rowsMax?: number;
  readonly seed: number;
  readonly hooks?: TrainingHooks;
}

/**
 * Global importance by Shapley values (Lundberg et al., 2020, figure 4a), in the order of the features. Unlike permutation it needs no
 * target and says how far a feature moves answers, not how much better it makes them.
 *
 * @throws LearningError `invalid-argument` for no rows, and as {@link explainModel}
 */
export function shapImportance(request: ShapImportanceRequest): ShapReport {
  const { model, table, rows = allRows(table), rowsMax = 1000, seed, hooks = {} } = request;
  if (rows.length === 0 || !Number.isInteger(rowsMax) || rowsMax < 1) {
    throw new LearningError('invalid-argument', `Importance needs rows; got ${rows.length}, at most ${rowsMax}.`);
  }
  const random = createRandom(deriveSeed(seed, 'shap-importance'));
  const sample =
    rows.length <= rowsMax
      ? rows
      : sampleWithoutReplacement(rows.length, rowsMax, random).map((position) => rows[position]!);
  const { contributions, featureCount, rowCount, output } = explainModel({
    ...{ model, hooks },
    table: takeRows(table, sample),
  });
  const sums = new Float64Array(featureCount);
  contributions.forEach((contribution, i) => {
    sums[i % featureCount]! += Math.abs(contribution);
  });
  const importances = model.features.map(({ name }, j) => ({
    feature: name,
    meanContribution: sums[j]! / rowCount,
  }));
  return { output, rowCount, importances };
}
