import { type Dataset, takeTarget, takeWeights } from '../dataset/dataset.js';
import type { Fold } from '../dataset/split-strategy.js';
import { applyLink } from '../families/apply-link.js';
import { LearningError } from '../learning-error.js';
import type { Candidate, FoldResult } from './run-fold.js';

/** Rows with the truth and the answers of models that had not seen them. */
export interface ScoredPart {
  readonly rows: Int32Array;
  readonly target: Float64Array;
  readonly weights: Float32Array | null;
  /** Row-major, rows x outputs. */
  readonly outputs: Float64Array;
  readonly margins: Float32Array;
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
    const result = findResult(results, candidate, fold);
    const { margins } = result;
    return {
      index: fold.index,
      rows: fold.testRows,
      target: takeTarget(dataset, fold.testRows),
      weights: takeWeights(dataset, fold.testRows),
      outputs: applyLink(result, margins, margins.length / fold.testRows.length),
      margins,
    };
  });
}

/** What each row was answered by the model that had not seen it, rows ascending. @throws LearningError as {@link gatherFolds} */
export function poolOutOfFold(
  dataset: Dataset,
  folds: readonly Fold[],
  candidate: Candidate,
  results: readonly FoldResult[],
): ScoredPart {
  return poolFolds(gatherFolds(dataset, folds, candidate, results));
}

/** All folds together, rows ascending as they are in each. */
export function poolFolds(folds: readonly ScoredFold[]): ScoredPart {
  const count = folds.reduce((sum, { rows }) => sum + rows.length, 0);
  const width = count === 0 ? 1 : folds[0]!.outputs.length / folds[0]!.rows.length;
  const pooled = {
    rows: new Int32Array(count),
    target: new Float64Array(count),
    weights: folds[0]?.weights ? new Float32Array(count) : null,
    outputs: new Float64Array(count * width),
    margins: new Float32Array(count * width),
  };
  const taken = folds.map(() => 0);
  for (let at = 0; at < count; at++) {
    const next = findNext(folds, taken);
    const { rows, target, weights, outputs, margins } = folds[next]!;
    const i = taken[next]!++;
    pooled.rows[at] = rows[i]!;
    pooled.target[at] = target[i]!;
    if (pooled.weights) pooled.weights[at] = weights![i]!;
    for (let k = 0; k < width; k++) {
      pooled.outputs[at * width + k] = outputs[i * width + k]!;
      pooled.margins[at * width + k] = margins[i * width + k]!;
    }
  }
  return pooled;
}

/** The fold whose first row that is not yet taken is the smallest. */
function findNext(folds: readonly ScoredFold[], taken: readonly number[]): number {
  let next = -1;
  let least = Number.POSITIVE_INFINITY;
  for (let k = 0; k < folds.length; k++) {
    const row = folds[k]!.rows[taken[k]!];
    if (row === undefined || row >= least) continue;
    next = k;
    least = row;
  }
  return next;
}

/** The folds but one, together. */
export function poolOthers(fold: ScoredFold, folds: readonly ScoredFold[]): ScoredPart {
  return poolFolds(folds.filter(({ index }) => index !== fold.index));
}
