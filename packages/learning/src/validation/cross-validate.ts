import type { Dataset } from '../dataset/dataset.js';
import type { Fold } from '../dataset/split-strategy.js';
import { type BinaryEvaluation, type BinaryMetrics, evaluateBinary } from '../evaluation/evaluate-binary.js';
import { tuneThreshold } from '../evaluation/tune-threshold.js';
import { type Algorithm, parseAlgorithm } from '../families/algorithm.js';
import { resolveHyperparameters } from '../families/fit-model.js';
import type { Hyperparameters } from '../families/hyperparameters.js';
import { LearningError } from '../learning-error.js';
import { checkpoint, type TrainingHooks } from '../training-hooks.js';
import { type Candidate, type FoldRequest, type FoldResult, runFold } from './run-fold.js';
import { gatherFolds, poolFolds, poolOthers, type ScoredFold } from './scored-folds.js';
import { type Spread, summarise } from './spread.js';

/** What is said of every candidate that was cross-validated. */
export interface ValidationHeader {
  readonly candidateId: string;
  readonly algorithm: Algorithm;
  readonly hyperparameters: Hyperparameters;
  /** Rows judged, ascending: all, unless folds are ordered by time. */
  readonly rows: Int32Array;
  /** For each of `rows`, the margins (row-major, rows x outputs) of the model that had not seen it, before link and calibration. */
  readonly outOfFoldMargins: Float32Array;
}

/** One fold judged with a threshold that its own rows had no part in. */
export interface FoldEvaluation {
  readonly foldIndex: number;
  readonly metrics: BinaryMetrics;
}

/** A candidate of a binary task, judged on rows it had not learned from. */
export interface CrossValidation extends ValidationHeader {
  readonly task: 'binary-classification';
  /** For each of `rows` the probability from the model that had not seen it. */
  readonly outOfFoldProbabilities: Float64Array;
  /** Tuned for F1 on all out-of-fold predictions: the threshold to ship. */
  readonly threshold: number;
  /** All out-of-fold predictions together at the shipped threshold (optimistic in F1), and at 0.5. */
  readonly pooled: BinaryEvaluation;
  readonly pooledAtHalf: BinaryEvaluation;
  /** Each fold at a threshold tuned on the other folds: what selection goes by. */
  readonly folds: readonly FoldEvaluation[];
  /** Over {@link folds}. */
  readonly summary: Readonly<Record<SummaryMetric, Spread>>;
}

const SUMMARY_METRICS = ['accuracy', 'precision', 'recall', 'f1', 'rocAuc', 'logLoss', 'brier'] as const;

/** Metrics that are summarised over folds. */
export type SummaryMetric = (typeof SUMMARY_METRICS)[number];

/** The part of a validation that does not depend on the task. */
export function describeCandidate(
  { id, algorithm, hyperparameters }: Candidate,
  pooled: { readonly rows: Int32Array; readonly margins: Float32Array },
): ValidationHeader {
  return {
    candidateId: id,
    algorithm: parseAlgorithm(algorithm),
    hyperparameters: resolveHyperparameters(algorithm, hyperparameters),
    rows: pooled.rows,
    outOfFoldMargins: pooled.margins,
  };
}

function evaluateFold(fold: ScoredFold, scored: readonly ScoredFold[]): FoldEvaluation {
  const others = poolOthers(fold, scored);
  const { threshold } = tuneThreshold(others.target, others.outputs, others.weights);
  const { metrics } = evaluateBinary(fold.target, fold.outputs, threshold, fold.weights);
  return { foldIndex: fold.index, metrics };
}

/**
 * Puts the folds of one candidate of a binary task together, in whatever order they were run. See `assembleTaskValidation` for any task.
 *
 * @param results must hold exactly one result for each fold of this candidate; those of others are ignored
 * @throws LearningError `invalid-argument` when a fold is missing or doubled or the task is another, `invalid-score`
 */
export function assembleCrossValidation(
  dataset: Dataset,
  folds: readonly Fold[],
  candidate: Candidate,
  results: readonly FoldResult[],
): CrossValidation {
  const { task } = dataset;
  if (task !== 'binary-classification') {
    throw new LearningError('invalid-argument', `A ${task} is not a binary-classification.`);
  }
  const scored = gatherFolds(dataset, folds, candidate, results);
  const evaluations = scored.map((fold) => evaluateFold(fold, scored));
  const pooled = poolFolds(scored);
  const { target, outputs, weights } = pooled;
  const { threshold } = tuneThreshold(target, outputs, weights);
  return {
    task,
    ...describeCandidate(candidate, pooled),
    outOfFoldProbabilities: outputs,
    threshold,
    pooled: evaluateBinary(target, outputs, threshold, weights),
    pooledAtHalf: evaluateBinary(target, outputs, 0.5, weights),
    folds: evaluations,
    summary: summarise(
      evaluations.map(({ metrics }) => metrics),
      SUMMARY_METRICS,
    ),
  };
}

/** Runs every fold of one candidate in this thread. */
export function runFolds(
  { folds, ...rest }: Omit<FoldRequest, 'fold'> & { readonly folds: readonly Fold[] },
  hooks: TrainingHooks,
): FoldResult[] {
  const results = folds.map((fold, i) => {
    const onProgress = (done: number): void => hooks.onProgress?.((i + done) / folds.length);
    return runFold({ ...rest, fold }, { ...hooks, onProgress });
  });
  checkpoint(hooks, 1);
  return results;
}

/**
 * Runs every fold of one candidate in this thread. For several threads, give {@link runFold} to workers and
 * {@link assembleCrossValidation} their results: the outcome is the same to the last bit.
 *
 * @throws LearningError as {@link runFold}
 */
export function crossValidate(
  request: Omit<FoldRequest, 'fold'> & { readonly folds: readonly Fold[] },
  hooks: TrainingHooks = {},
): CrossValidation {
  return assembleCrossValidation(request.dataset, request.folds, request.candidate, runFolds(request, hooks));
}
