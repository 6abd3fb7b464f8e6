import type { TextVocabulary } from './ngrams/text-vocabulary.js';
import { partOf } from './part-of.js';
import { planTextFolds } from './plan-text-folds.js';
import type { ReadTexts } from './read-texts.js';
import { fitSoftmax, type SoftmaxOptions } from './softmax/fit-softmax.js';
import type { SoftmaxProblem } from './softmax/softmax-solver.js';
import type { WeightRows } from './softmax/weight-rows.js';
import type { TextHyperparameters } from './text-specs.js';
import { countDocuments, type DocumentCounts, weighFeatures, weighRows } from './weigh-features.js';

/** Margins of each text by a model that had not seen it. */
export interface OutOfFold {
  /** Texts x classes. */
  readonly margins: Float32Array;
  readonly target: Int32Array;
  /** How much each text counts; null when all count 1. */
  readonly weights: Float32Array | null;
  readonly folds: Int32Array;
}

/** A problem that was solved on all rows. */
export interface OutOfFoldRequest {
  readonly problem: SoftmaxProblem;
  /** Room for the weights of each fold. */
  readonly weights: WeightRows;
  /** Its solution. */
  readonly shares: Float32Array;
  readonly read: Pick<ReadTexts, 'texts' | 'weights'>;
  readonly documents: DocumentCounts;
  readonly vocabulary: TextVocabulary;
  readonly parameters: TextHyperparameters;
  readonly options: SoftmaxOptions;
}

/** The problem as the rows outside a fold pose it: without the fold's texts in the document counts. */
function withoutFold(request: OutOfFoldRequest, held: Int32Array): SoftmaxProblem {
  const { problem, documents, vocabulary, parameters } = request;
  const heldCounts = countDocuments(problem.rows, vocabulary, held);
  const counts = documents.counts.map((count, feature) => count - heldCounts.counts[feature]!);
  const total = documents.total - heldCounts.total;
  const featureScale = weighFeatures({ counts, total }, vocabulary, parameters.word_weight).map((idf, feature) =>
    counts[feature]! < parameters.min_df ? 0 : idf,
  );
  return { ...problem, featureScale, rowScale: weighRows(problem.rows, featureScale) };
}

/** A smaller share of a class is left out of the start: nearly every row has some of each, and adding them up takes long. */
const START_SHARE_MIN = 0.003;

/** Shares to start from: the solution's, with what is small given to the row's own class. */
function roundShares(shares: Float32Array, target: Int32Array): Float32Array {
  const classCount = shares.length / target.length;
  const rounded = shares.map((share) => (share < START_SHARE_MIN ? 0 : share));
  target.forEach((label, row) => {
    const own = row * classCount + label;
    let others = 0;
    for (let k = 0; k < classCount; k++) others += rounded[row * classCount + k]!;
    rounded[own]! += 1 - others;
  });
  return rounded;
}

/**
 * Cross-validates. Each fold's model learns from the other rows alone, n-grams and their weights included, and starts from
 * the whole solution less the fold's rows: the objective is strictly convex, so the start decides how long the way is, not where it ends.
 */
export function estimateOutOfFold(request: OutOfFoldRequest): OutOfFold {
  const { problem, weights, shares, read, parameters, options } = request;
  const { target, classCount } = problem;
  const foldCount = parameters.calibration_folds;
  const folds = planTextFolds(read.texts, target, { foldCount, seed: options.seed });
  const start = roundShares(shares, target);
  const margins = new Float32Array(shares.length);
  for (let fold = 0; fold < foldCount; fold++) {
    const held = Int32Array.from(folds.keys()).filter((row) => folds[row] === fold);
    const kept = Int32Array.from(folds.keys()).filter((row) => folds[row] !== fold);
    if (held.length === 0) continue;
    const hooks = partOf(options.hooks, fold / foldCount, (fold + 1) / foldCount);
    const part = withoutFold(request, held);
    const { solver } = fitSoftmax(part, kept, weights, start.slice(), { ...options, hooks });
    for (const row of held) margins.set(solver.readMargins(row), row * classCount);
  }
  return { margins, target, weights: read.weights, folds };
}
