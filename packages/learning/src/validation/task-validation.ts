import type { Dataset } from '../dataset/dataset.js';
import type { Fold } from '../dataset/split-strategy.js';
import { type AnomalyEvaluation, type AnomalyMetrics, evaluateAnomaly } from '../evaluation/evaluate-anomaly.js';
import {
  evaluateMulticlass,
  type MulticlassEvaluation,
  type MulticlassMetrics,
} from '../evaluation/evaluate-multiclass.js';
import {
  evaluateRegression,
  type RegressionEvaluation,
  type RegressionMetrics,
} from '../evaluation/evaluate-regression.js';
import { tuneAnomalyThreshold } from '../families/isolation-forest/tune-anomaly-threshold.js';
import type { TrainingHooks } from '../training-hooks.js';
import {
  assembleCrossValidation,
  type CrossValidation,
  describeCandidate,
  runFolds,
  type ValidationHeader,
} from './cross-validate.js';
import type { Candidate, FoldRequest, FoldResult } from './run-fold.js';
import { gatherFolds, poolFolds, poolOthers, type ScoredPart } from './scored-folds.js';
import { type Summary, summarise } from './spread.js';

/** Metrics of many classes that are summarised over folds. */
export const MULTICLASS_METRICS = [
  'accuracy',
  'macroPrecision',
  'macroRecall',
  'macroF1',
  'weightedF1',
  'rocAuc',
  'logLoss',
  'brier',
] as const satisfies (keyof MulticlassMetrics)[];
export type MulticlassMetric = (typeof MULTICLASS_METRICS)[number];

const REGRESSION_METRICS = [
  'rmse',
  'mae',
  'medianAbsoluteError',
  'meanError',
  'r2',
  'mape',
] as const satisfies (keyof RegressionMetrics)[];

const ANOMALY_METRICS = [
  'rocAuc',
  'averagePrecision',
  'precision',
  'recall',
  'f1',
  'flaggedShare',
] as const satisfies (keyof AnomalyMetrics)[];

/** A candidate judged on rows it had not learned from: one shape for every task but the binary one, which has a threshold of its own. */
interface Validation<E extends { readonly metrics: object }, K extends keyof E['metrics']> extends ValidationHeader {
  /** For each of `rows` the answer of the model that had not seen it: row-major, rows x outputs. */
  readonly outOfFoldOutputs: Float64Array;
  /** All out-of-fold answers together. */
  readonly pooled: E;
  readonly folds: readonly { readonly foldIndex: number; readonly metrics: E['metrics'] }[];
  /** Over the folds that define the metric. */
  readonly summary: Summary<Pick<E['metrics'], K>>;
}

/** A candidate of a multiclass task. */
export interface MulticlassValidation extends Validation<MulticlassEvaluation, MulticlassMetric> {
  readonly task: 'multiclass-classification';
}

/** A candidate of a regression. */
export interface RegressionValidation extends Validation<RegressionEvaluation, (typeof REGRESSION_METRICS)[number]> {
  readonly task: 'regression';
}

/** A candidate of an anomaly detection; judged by labels as far as there are some. */
export interface AnomalyValidation extends Validation<AnomalyEvaluation, (typeof ANOMALY_METRICS)[number]> {
  readonly task: 'anomaly-detection';
  /** The threshold to ship: with labels the one with the highest F1 out of fold, else by the contamination that the candidate names. */
  readonly threshold: number;
}

/** A candidate of any task; `task` tells which. */
export type TaskValidation = CrossValidation | MulticlassValidation | RegressionValidation | AnomalyValidation;

/** The names of what a validation holds for each row. */
type RowLists = 'rows' | 'outOfFoldMargins' | 'outOfFoldProbabilities' | 'outOfFoldOutputs';
type WithoutRows<V> = V extends unknown ? Omit<V, RowLists> : never;

/** What is told of a candidate of any task, without anything for each row. */
export type ValidationFigures = WithoutRows<TaskValidation>;

/** Leaves out what a validation holds for each row. */
export function dropRows(validation: TaskValidation): ValidationFigures {
  const { rows: _rows, outOfFoldMargins: _margins, ...judged } = validation;
  if (judged.task === 'binary-classification') {
    const { outOfFoldProbabilities: _probabilities, ...figures } = judged;
    return figures;
  }
  const { outOfFoldOutputs: _outputs, ...figures } = judged;
  return figures;
}

function assemble<E extends { readonly metrics: object }, K extends keyof E['metrics'] & string>(
  { dataset, folds, candidate, results }: Assembly,
  names: readonly K[],
  judge: (part: ScoredPart, others: ScoredPart) => E,
): Validation<E, K> {
  const scored = gatherFolds(dataset, folds, candidate, results);
  const evaluations = scored.map((fold) => ({
    foldIndex: fold.index,
    metrics: judge(fold, poolOthers(fold, scored)).metrics as E['metrics'], // of E by its bound
  }));
  const pooled = poolFolds(scored);
  return {
    ...describeCandidate(candidate, pooled),
    outOfFoldOutputs: pooled.outputs,
    pooled: judge(pooled, pooled),
    folds: evaluations,
    summary: summarise<E['metrics'], K>(
      evaluations.map(({ metrics }) => metrics),
      names,
    ),
  };
}

interface Assembly {
  readonly dataset: Dataset;
  readonly folds: readonly Fold[];
  readonly candidate: Candidate;
  readonly results: readonly FoldResult[];
}

function assembleAnomaly(assembly: Assembly): AnomalyValidation {
  const { hyperparameters } = describeCandidate(assembly.candidate, {
    rows: new Int32Array(0),
    margins: new Float32Array(0),
  });
  const share = hyperparameters['contamination'];
  const contamination: number | 'auto' = typeof share === 'number' ? share : 'auto';
  const tune = ({ target, outputs }: ScoredPart): number => {
    const isLabelled = target.some((label) => label !== target[0]);
    const known = isLabelled ? { scores: outputs, labels: target } : { scores: outputs, contamination };
    return tuneAnomalyThreshold(known).threshold;
  };
  const judge = ({ target, outputs, weights }: ScoredPart, others: ScoredPart): AnomalyEvaluation =>
    evaluateAnomaly(target, outputs, tune(others), weights);
  const validation = assemble(assembly, ANOMALY_METRICS, judge);
  return { task: 'anomaly-detection', ...validation, threshold: validation.pooled.metrics.threshold };
}

/**
 * Puts the folds of one candidate of any task together, in whatever order they were run.
 *
 * @param results must hold exactly one result for each fold of this candidate; those of others are ignored
 * @throws LearningError `invalid-argument` when a fold is missing or doubled, `invalid-score`, `too-few-rows`
 */
export function assembleTaskValidation(
  dataset: Dataset,
  folds: readonly Fold[],
  candidate: Candidate,
  results: readonly FoldResult[],
): TaskValidation {
  const { task, classes } = dataset;
  const assembly = { dataset, folds, candidate, results };
  switch (task) {
    case 'binary-classification':
      return assembleCrossValidation(dataset, folds, candidate, results);
    case 'multiclass-classification': {
      const judge = ({ target, outputs, weights }: ScoredPart): MulticlassEvaluation =>
        evaluateMulticlass(target, outputs, classes, weights);
      return { task, ...assemble(assembly, MULTICLASS_METRICS, judge) };
    }
    case 'regression': {
      const judge = ({ target, outputs, weights }: ScoredPart): RegressionEvaluation =>
        evaluateRegression(target, outputs, weights);
      return { task, ...assemble(assembly, REGRESSION_METRICS, judge) };
    }
    case 'anomaly-detection':
      return assembleAnomaly(assembly);
  }
}

/**
 * Runs every fold of one candidate of any task in this thread. For several threads, give `runFold` to workers and
 * {@link assembleTaskValidation} their results: the outcome is the same to the last bit.
 *
 * @throws LearningError as `runFold`
 */
export function crossValidateTask(
  request: Omit<FoldRequest, 'fold'> & { readonly folds: readonly Fold[] },
  hooks: TrainingHooks = {},
): TaskValidation {
  return assembleTaskValidation(request.dataset, request.folds, request.candidate, runFolds(request, hooks));
}
