import { rowLosses } from '@gimbal/domain';
import type { Dataset, Task } from '../dataset/dataset.js';
import type { Fold } from '../dataset/split-strategy.js';
import { scoreRows } from '../evaluation/evaluate-binary.js';
import { classLosses, scoreClasses } from '../evaluation/evaluate-multiclass.js';
import { tuneThreshold } from '../evaluation/tune-threshold.js';
import { totalWeight, weightedMean } from '../evaluation/weighted-rows.js';
import { type Algorithm, parseAlgorithm } from '../families/algorithm.js';
import { applyLink } from '../families/apply-link.js';
import type { Calibration } from '../families/model.js';
import type { Candidate, FoldResult } from '../validation/run-fold.js';
import { gatherFolds, poolFolds, poolOthers, type ScoredFold, type ScoredPart } from '../validation/scored-folds.js';
import { fitIsotonic } from './fit-isotonic.js';
import { fitPlatt } from './fit-platt.js';
import { fitTemperature } from './fit-temperature.js';

/** How one kind of calibration did on rows that it was not fitted on. */
export interface CalibrationTrial {
  readonly kind: Calibration['kind'];
  /** Mean log loss in nats. */
  readonly logLoss: number;
  /** Mean over rows of (calibrated - own) log loss; below 0 is better. */
  readonly difference: number;
  /** Of the difference, from its spread over rows. */
  readonly standardError: number;
  /** Whether the difference lies more than two standard errors below 0. */
  readonly helps: boolean;
}

/** A calibration with what speaks for it. */
export interface CalibrationChoice {
  /** To be put into the model that is fitted on all rows; null when none helps beyond noise. */
  readonly calibration: Calibration | null;
  readonly rows: number;
  /** Of the model's own probabilities, out of fold; null in a task that has none. */
  readonly ownLogLoss: number | null;
  /** Every kind that is possible for the model. */
  readonly trials: readonly CalibrationTrial[];
  /**
   * The folds with answers as calibrated by what the other folds taught, for `assembleCrossValidation` and its like; the ones given when
   * there is no calibration.
   */
  readonly results: readonly FoldResult[];
  /** Binary tasks with a calibration: the threshold to ship with it, tuned for F1 on all out-of-fold rows; else null. */
  readonly threshold: number | null;
}

/** Standard errors by which a calibration must lower the loss. */
const NOISE = 2;

type Fit = (sample: ScoredPart) => Calibration;

/** Isotonic needs the exact margins of trees: there kernel and runtime surely take the same step. */
function possibleFits(task: Task, algorithm: Algorithm): Fit[] {
  if (task === 'multiclass-classification') return [fitTemperature];
  if (task !== 'binary-classification') return [];
  return algorithm === 'logistic_regression' ? [fitPlatt] : [fitPlatt, fitIsotonic];
}

function logLossesOf({ task, classes }: Dataset, target: Float64Array, outputs: Float64Array): Float64Array {
  if (task === 'binary-classification') return rowLosses(scoreRows(target, outputs, 0.5)).log;
  return classLosses(scoreClasses(target, outputs, classes.length)).log;
}

function join(parts: readonly ArrayLike<number>[]): Float64Array {
  const joined = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

interface TriedCalibration extends CalibrationTrial {
  readonly fit: Fit;
  /** By fold, as the others teach it. */
  readonly fitted: ReadonlyMap<number, Calibration>;
}

function tryCalibration(dataset: Dataset, scored: readonly ScoredFold[], fit: Fit): TriedCalibration {
  const width = scored[0]!.outputs.length / scored[0]!.rows.length;
  const fitted = scored.map((fold) => fit(poolOthers(fold, scored)));
  const outputs = scored.map(({ margins }, i) =>
    applyLink({ link: 'sigmoid', calibration: fitted[i]! }, margins, width),
  );
  const losses = join(scored.map(({ target }, i) => logLossesOf(dataset, target, outputs[i]!)));
  const differences = join(scored.map((fold) => logLossesOf(dataset, fold.target, fold.outputs)));
  const weights = scored[0]!.weights === null ? null : join(scored.map((fold) => fold.weights!));
  for (let i = 0; i < losses.length; i++) differences[i] = losses[i]! - differences[i]!;
  const difference = weightedMean(differences, weights);
  const squares = differences.reduce(
    (sum, each, i) => sum + ((weights === null ? 1 : weights[i]!) * (each - difference)) ** 2,
    0,
  );
  const standardError = Math.sqrt(squares) / totalWeight(differences.length, weights);
  const isRising = fitted.every((calibration) => calibration.kind !== 'platt' || calibration.slope > 0);
  return {
    kind: fitted[0]!.kind,
    logLoss: weightedMean(losses, weights),
    difference,
    standardError,
    helps: isRising && difference < -NOISE * standardError,
    fit,
    fitted: new Map(scored.map(({ index }, i) => [index, fitted[i]!])),
  };
}

/**
 * Decides whether a candidate's probabilities are to be calibrated, and how. Each kind is fitted on the out-of-fold margins of all
 * folds but one and judged on that one, so that it is never judged on rows it was fitted on. The kind with the least log loss is adopted
 * when it lowers that of the model's own probabilities by more than two standard errors; it is then fitted on all out-of-fold margins.
 *
 * Binary: Platt, and isotonic for trees. Multiclass: temperature. Other tasks have nothing to calibrate.
 *
 * @param results as `assembleTaskValidation` takes them
 * @throws LearningError `invalid-argument` when a fold is missing or doubled
 */
export function chooseCalibration(
  dataset: Dataset,
  folds: readonly Fold[],
  candidate: Candidate,
  results: readonly FoldResult[],
): CalibrationChoice {
  const scored = gatherFolds(dataset, folds, candidate, results);
  const own = results.filter(({ candidateId }) => candidateId === candidate.id);
  const tried = possibleFits(dataset.task, parseAlgorithm(candidate.algorithm)).map((fit) =>
    tryCalibration(dataset, scored, fit),
  );
  const pooled = poolFolds(scored);
  const best = tried.filter(({ helps }) => helps).sort((a, b) => a.logLoss - b.logLoss)[0];
  const calibration = best === undefined ? null : best.fit(pooled);
  return {
    calibration,
    rows: pooled.rows.length,
    ownLogLoss:
      tried.length === 0 ? null : weightedMean(logLossesOf(dataset, pooled.target, pooled.outputs), pooled.weights),
    trials: tried.map(({ fit: _, fitted: __, ...trial }) => trial),
    results:
      best === undefined ? own : own.map((result) => ({ ...result, calibration: best.fitted.get(result.foldIndex)! })),
    threshold:
      calibration === null || dataset.task !== 'binary-classification' ? null : tuneCalibrated(calibration, pooled),
  };
}

function tuneCalibrated(calibration: Calibration, { target, margins, weights }: ScoredPart): number {
  return tuneThreshold(target, applyLink({ link: 'sigmoid', calibration }, margins, 1), weights).threshold;
}
