import { type Dataset, takeTarget, takeWeights } from '../dataset/dataset.js';
import type { Fold } from '../dataset/split-strategy.js';
import { LearningError } from '../learning-error.js';
import type { Candidate, FoldResult } from './run-fold.js';

/** Rows with the truth and the answers of models that had not seen them. */
export interface ScoredPart {
  readonly rows: Int32Array;
  readonly target: Float64Array;
  readonly weights: Float32Array | null;
  /** Row-major, rows x outputs. */
  readonly outputs: Float64Array;
  readonly margins: Float64Array;
}

/** One fold of a candidate. */
export interface ScoredFold extends ScoredPart {
  readonly index: number;
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

/** @throws LearningError `invalid-argument` when a fold is missing or doubled */
export function gatherFolds(
  dataset: Dataset,
  folds: readonly Fold[],
  candidate: Candidate,
  results: readonly FoldResult[],
): ScoredFold[] {
  return folds.map((fold) => {
    const { outputs, margins } = findResult(results, candidate, fold);
    return {
      index: fold.index,
      rows: fold.testRows,
      target: takeTarget(dataset, fold.testRows),
      weights: takeWeights(dataset, fold.testRows),
      outputs,
      margins,
    };
  });
}

/** All folds together, rows ascending. */
export function poolFolds(folds: readonly ScoredFold[]): ScoredPart {
  const places = folds.flatMap((fold) => Array.from(fold.rows, (row, i) => ({ row, fold, i })));
  places.sort((a, b) => a.row - b.row);
  const width = places.length === 0 ? 1 : folds[0]!.outputs.length / folds[0]!.rows.length;
  const take = (name: 'outputs' | 'margins'): Float64Array => {
    const list = new Float64Array(places.length * width);
    places.forEach(({ fold, i }, at) => {
      for (let k = 0; k < width; k++) list[at * width + k] = fold[name][i * width + k]!;
    });
    return list;
  };
  return {
    rows: Int32Array.from(places, ({ row }) => row),
    target: Float64Array.from(places, ({ fold, i }) => fold.target[i]!),
    weights: folds[0]?.weights ? Float32Array.from(places, ({ fold, i }) => fold.weights![i]!) : null,
    outputs: take('outputs'),
    margins: take('margins'),
  };
}

/** The folds but one, together. */
export function poolOthers(fold: ScoredFold, folds: readonly ScoredFold[]): ScoredPart {
  return poolFolds(folds.filter(({ index }) => index !== fold.index));
}
