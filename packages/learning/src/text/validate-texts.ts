import { evaluateMulticlass, type MulticlassMetrics } from '../evaluation/evaluate-multiclass.js';
import type { Hyperparameters } from '../families/hyperparameters.js';
import { type Summary, summarise } from '../validation/spread.js';
import { MULTICLASS_METRICS, type MulticlassMetric, type ValidationFigures } from '../validation/task-validation.js';
import type { TextFit } from './fit-text-model.js';
import type { LabelledTexts } from './read-texts.js';
import type { TEXT_ALGORITHM } from './text-model.js';

/** A text model judged fold by fold on texts that the judging models had not seen: in the form of every other candidate. */
export interface TextValidation {
  /** What it is ranked as: abstaining has no part in it. */
  readonly task: 'multiclass-classification';
  readonly candidateId: string;
  readonly algorithm: typeof TEXT_ALGORITHM;
  readonly hyperparameters: Hyperparameters;
  readonly folds: readonly { readonly foldIndex: number; readonly metrics: MulticlassMetrics }[];
  readonly summary: Summary<Pick<MulticlassMetrics, MulticlassMetric>>;
}

/**
 * Judges the answers that a fit gave out of fold, one fold after the other. The temperature of the probabilities was learned on all folds
 * together, which the metrics of the most probable class do not depend on.
 *
 * @param given what the fit has learned from
 * @throws LearningError as `evaluateMulticlass`
 */
export function validateTexts(
  candidateId: string,
  { model, outOfFold }: Pick<TextFit, 'model' | 'outOfFold'>,
  { target, classes, weights }: Pick<LabelledTexts, 'target' | 'classes' | 'weights'>,
): TextValidation {
  const rowsByFold = Map.groupBy(outOfFold.folds.keys(), (row) => outOfFold.folds[row]!);
  const folds = [...rowsByFold]
    .sort(([a], [b]) => a - b)
    .map(([foldIndex, rows]) => {
      const probabilities = Float32Array.from(
        rows.flatMap((row) => [...outOfFold.probabilities.subarray(row * classes.length, (row + 1) * classes.length)]),
      );
      const truth = rows.map((row) => target[row]!);
      const own = weights ? rows.map((row) => weights[row]!) : null;
      return { foldIndex, metrics: evaluateMulticlass(truth, probabilities, classes, own).metrics };
    });
  return {
    ...{ task: 'multiclass-classification', candidateId, folds },
    algorithm: model.algorithm,
    hyperparameters: model.hyperparameters,
    summary: summarise(
      folds.map(({ metrics }) => metrics),
      MULTICLASS_METRICS,
    ),
  };
}

/** A candidate of whatever it learned from, judged on rows it had not learned from. */
export type CandidateValidation = ValidationFigures | TextValidation;
