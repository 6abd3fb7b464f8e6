import type { Dataset } from '../dataset/dataset.js';
import type { Fold } from '../dataset/split-strategy.js';
import { fitModel } from '../families/fit-model.js';
import type { Model } from '../families/model.js';
import { predictMargins } from '../families/predict.js';
import { deriveSeed } from '../random/random.js';
import type { TrainingHooks } from '../training-hooks.js';

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

/** What one unit of work gives: plain data for the way back, four bytes for each row and output. Link and calibration turn margins into answers. */
export interface FoldResult extends Pick<Model, 'link' | 'calibration'> {
  readonly candidateId: string;
  readonly foldIndex: number;
  /** As `predictMargins` gives them for the fold's `testRows`, which is in float32: row-major, rows x outputs. */
  readonly margins: Float32Array;
}

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
  const margins = Float32Array.from(predictMargins(model, dataset, fold.testRows));
  const { link, calibration } = model;
  return { candidateId: candidate.id, foldIndex: fold.index, link, calibration, margins };
}
