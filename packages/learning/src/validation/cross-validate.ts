import { type Dataset, takeTarget } from '../dataset/dataset.js';
import type { Fold } from '../dataset/split-strategy.js';
import { type BinaryEvaluation, type BinaryMetrics, evaluateBinary } from '../evaluation/evaluate-binary.js';
import { tuneThreshold } from '../evaluation/tune-threshold.js';
import { type Algorithm, parseAlgorithm } from '../families/algorithm.js';
import { fitModel, resolveHyperparameters } from '../families/fit-model.js';
import type { Hyperparameters } from '../families/hyperparameters.js';
import { predictProbability } from '../families/predict-probability.js';
import { LearningError } from '../learning-error.js';
import { deriveSeed } from '../random/random.js';
import { checkpoint, type TrainingHooks } from '../training-hooks.js';

/** A family with its parameters, as it competes in a selection. */
export interface Candidate {
  /** Unique among the candidates of one selection. */
  readonly id: string;
  /** Canonical name or alias. */
  readonly algorithm: string;
  readonly hyperparameters: Readonly<Record<string, unknown>>;
}

/** One unit of work: plain data that a worker thread can run alone, in any order. */
export interface FoldRequest {
  readonly dataset: Dataset;
  readonly fold: Fold;
  readonly candidate: Candidate;
  /** Seed of the whole cross-validation; the fold derives its own. */
  readonly seed: number;
}

/** What one unit of work gives: plain data for the way back. */
export interface FoldResult {
  readonly candidateId: string;
  readonly foldIndex: number;
  /** One per row of the fold's `testRows`, in their order. */
  readonly probabilities: Float64Array;
}

/** A metric over the folds. */
export interface Spread {
  readonly mean: number;
  /** Sample standard deviation over folds (n - 1). */
  readonly deviation: number;
}

/** One fold judged with a threshold that its own rows had no part in. */
export interface FoldEvaluation {
  readonly foldIndex: number;
  readonly metrics: BinaryMetrics;
}

/** A candidate judged on rows it had not learned from. */
export interface CrossValidation {
  readonly candidateId: string;
  readonly algorithm: Algorithm;
  readonly hyperparameters: Hyperparameters;
  /** Rows judged, ascending, and for each the probability from the model that had not seen it. */
  readonly rows: Int32Array;
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

/**
 * Trains one candidate on one fold and predicts the fold's held-out rows.
 *
 * @throws LearningError as `fitModel`
 */
export function runFold({ dataset, fold, candidate, seed }: FoldRequest, hooks: TrainingHooks = {}): FoldResult {
  const model = fitModel({
    dataset,
    rows: fold.trainRows,
    algorithm: candidate.algorithm,
    hyperparameters: candidate.hyperparameters,
    seed: deriveSeed(seed, 'fold', fold.index),
    hooks,
  });
  const probabilities = predictProbability(model, dataset, fold.testRows);
  return { candidateId: candidate.id, foldIndex: fold.index, probabilities };
}

function findResult(results: readonly FoldResult[], candidate: Candidate, fold: Fold): FoldResult {
  const found = results.filter(
    ({ candidateId, foldIndex }) => candidateId === candidate.id && foldIndex === fold.index,
  );
  if (found.length !== 1) {
    throw new LearningError(
      'invalid-argument',
      `Candidate ${candidate.id} has ${found.length} results for fold ${fold.index}.`,
    );
  }
  return found[0]!;
}

function spreadOf(values: readonly number[]): Spread {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / (values.length - 1)) };
}

interface ScoredFold {
  readonly index: number;
  readonly rows: Int32Array;
  readonly target: Float64Array;
  readonly probabilities: Float64Array;
}

function pool(folds: readonly ScoredFold[]): { rows: Int32Array; target: Float64Array; probabilities: Float64Array } {
  const entries = folds.flatMap(({ rows, target, probabilities }) =>
    Array.from(rows, (row, i) => ({ row, label: target[i]!, probability: probabilities[i]! })),
  );
  entries.sort((a, b) => a.row - b.row);
  return {
    rows: Int32Array.from(entries, ({ row }) => row),
    target: Float64Array.from(entries, ({ label }) => label),
    probabilities: Float64Array.from(entries, ({ probability }) => probability),
  };
}

function evaluateFold(fold: ScoredFold, scored: readonly ScoredFold[]): FoldEvaluation {
  const others = pool(scored.filter(({ index }) => index !== fold.index));
  const { threshold } = tuneThreshold(others.target, others.probabilities);
  return { foldIndex: fold.index, metrics: evaluateBinary(fold.target, fold.probabilities, threshold).metrics };
}

/**
 * Puts the folds of one candidate together, in whatever order they were run.
 *
 * @param results must hold exactly one result for each fold of this candidate; those of others are ignored
 * @throws LearningError `invalid-argument` when a fold is missing or doubled, `invalid-score`
 */
export function assembleCrossValidation(
  dataset: Dataset,
  folds: readonly Fold[],
  candidate: Candidate,
  results: readonly FoldResult[],
): CrossValidation {
  const scored: ScoredFold[] = folds.map((fold) => ({
    index: fold.index,
    rows: fold.testRows,
    target: takeTarget(dataset, fold.testRows),
    probabilities: findResult(results, candidate, fold).probabilities,
  }));
  const { rows, target, probabilities } = pool(scored);
  const { threshold } = tuneThreshold(target, probabilities);
  const evaluations = scored.map((fold) => evaluateFold(fold, scored));
  const summarise = (metric: SummaryMetric): [SummaryMetric, Spread] => {
    return [metric, spreadOf(evaluations.map(({ metrics }) => metrics[metric]))];
  };
  return {
    candidateId: candidate.id,
    algorithm: parseAlgorithm(candidate.algorithm),
    hyperparameters: resolveHyperparameters(candidate.algorithm, candidate.hyperparameters),
    rows,
    outOfFoldProbabilities: probabilities,
    threshold,
    pooled: evaluateBinary(target, probabilities, threshold),
    pooledAtHalf: evaluateBinary(target, probabilities, 0.5),
    folds: evaluations,
    summary: Object.fromEntries(SUMMARY_METRICS.map(summarise)) as Record<SummaryMetric, Spread>, // every metric is listed
  };
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
  const { folds, ...rest } = request;
  const results = folds.map((fold, i) => {
    const onProgress = (done: number): void => hooks.onProgress?.((i + done) / folds.length);
    return runFold({ ...rest, fold }, { ...hooks, onProgress });
  });
  checkpoint(hooks, 1);
  return assembleCrossValidation(request.dataset, folds, request.candidate, results);
}
