import type { Hyperparameters } from '../families/hyperparameters.js';
import { balanceWeights } from '../families/linear/weigh-rows.js';
import { KERNEL_VERSION } from '../families/model.js';
import { LearningError } from '../learning-error.js';
import type { TrainingHooks } from '../training-hooks.js';
import { estimateOutOfFold, type OutOfFold } from './estimate-out-of-fold.js';
import { listTextWarnings, type TextWarning } from './list-text-warnings.js';
import { GramEncoder } from './ngrams/gram-encoder.js';
import { learnVocabulary } from './ngrams/learn-vocabulary.js';
import type { TextVocabulary } from './ngrams/text-vocabulary.js';
import { partOf } from './part-of.js';
import { quantiseWeights } from './quantise-weights.js';
import { type LabelledTexts, type ReadTexts, readTexts } from './read-texts.js';
import { fitSoftmax } from './softmax/fit-softmax.js';
import { indexOfLargest, writeSoftmax } from './softmax/softmax.js';
import { countRowFeaturesMax } from './softmax/softmax-solver.js';
import { tuneTemperature } from './softmax/tune-temperature.js';
import { WeightRows } from './softmax/weight-rows.js';
import { encodeTexts, type SparseRows } from './sparse-rows.js';
import { TEXT_ALGORITHM, type TextModel } from './text-model.js';
import { resolveTextHyperparameters, type TextHyperparameters, toLimits } from './text-specs.js';
import { tuneAbstention } from './tune-abstention.js';
import { countDocuments, weighFeatures, weighRows } from './weigh-features.js';

/** What to learn from. */
export interface FitTextRequest extends LabelledTexts {
  /** By name or alias; what is absent takes its default. */
  readonly hyperparameters?: Readonly<Record<string, unknown>>;
  /** Integer. The same texts in any order, parameters and seed give the same model to the last bit. */
  readonly seed: number;
  readonly hooks?: TrainingHooks;
}

/** A trained model with what was found on the way. */
export interface TextFit {
  readonly model: TextModel;
  /** Calibrated probabilities of each text by models that had not seen it, in the order in which texts were given. */
  readonly outOfFold: {
    /** Texts x classes. */
    readonly probabilities: Float32Array;
    readonly folds: Int32Array;
  };
  readonly warnings: readonly TextWarning[];
}

/** Weights held at most (256 MB as float32): with many classes fewer n-grams are kept. */
const WEIGHTS_MAX = 2 ** 26;

/** Shares of the whole work, for progress: vocabulary, encoding, the fit, its cross-validation. */
const STAGES = { vocabulary: 0.05, encoding: 0.08, fit: 0.5 } as const;

function learnFeatures(
  { texts }: ReadTexts,
  classCount: number,
  parameters: TextHyperparameters,
  hooks: TrainingHooks,
): { readonly vocabulary: TextVocabulary; readonly rows: SparseRows; readonly isBounded: boolean } {
  const featuresMax = Math.max(1, Math.min(parameters.max_features, Math.floor(WEIGHTS_MAX / classCount)));
  const { vocabulary, isLossy } = learnVocabulary({
    texts,
    limits: toLimits(parameters),
    documentsMin: parameters.min_df,
    featuresMax,
    hooks: partOf(hooks, 0, STAGES.vocabulary),
  });
  const featureCount = vocabulary.wordGrams.length + vocabulary.characterGrams.length;
  if (featureCount === 0) {
    throw new LearningError('too-few-rows', `No n-gram occurs in ${parameters.min_df} of the ${texts.length} texts.`);
  }
  const encoding = partOf(hooks, STAGES.vocabulary, STAGES.encoding);
  const rows = encodeTexts(new GramEncoder(vocabulary), texts, encoding);
  return { vocabulary, rows, isBounded: isLossy || featureCount === featuresMax };
}

function startShares(target: Int32Array, classCount: number): Float32Array {
  const shares = new Float32Array(target.length * classCount);
  target.forEach((label, row) => {
    shares[row * classCount + label] = 1;
  });
  return shares;
}

/** C times how much each text counts. */
function strengthen({ target, weights }: ReadTexts, classCount: number, parameters: TextHyperparameters): Float64Array {
  const given = weights && Float64Array.from(weights);
  const all =
    parameters.class_weight === 'balanced' ? balanceWeights(Float64Array.from(target), given, classCount) : given;
  return Float64Array.from(target, (_, row) => parameters.C * (all === null ? 1 : all[row]!));
}

function judge({ margins, target, weights }: OutOfFold, temperature: number) {
  const classCount = margins.length / target.length;
  const probabilities = new Float32Array(margins.length);
  const confidences = new Float32Array(target.length);
  const hits = new Uint8Array(target.length);
  for (let row = 0; row < target.length; row++) {
    const own = margins.subarray(row * classCount, (row + 1) * classCount);
    const best = indexOfLargest(own);
    writeSoftmax(
      own.map((margin) => margin / temperature),
      probabilities,
      row * classCount,
    );
    confidences[row] = probabilities[row * classCount + best]!;
    hits[row] = Number(best === target[row]);
  }
  return { probabilities, confidences, hits, weights };
}

/**
 * Learns to tell the classes of texts apart: n-grams (counted without weights), multinomial logistic regression, and out of fold the
 * temperature of the probabilities and the confidence below which the model abstains. Synchronous: run it in a worker thread, and stop it
 * through `hooks.shouldStop`.
 *
 * @throws LearningError `invalid-hyperparameter`, `invalid-argument`, `invalid-dataset`, `too-few-rows`, `training-cancelled`
 */
export function fitTextModel(request: FitTextRequest): TextFit {
  const { classes, seed, hooks = {} } = request;
  if (!Number.isSafeInteger(seed)) throw new LearningError('invalid-argument', `seed must be an integer, got ${seed}.`);
  const parameters = resolveTextHyperparameters(request.hyperparameters ?? {});
  const read = readTexts(request);
  const { target, origin } = read;
  const { vocabulary, rows, isBounded } = learnFeatures(read, classes.length, parameters, hooks);
  const documents = countDocuments(rows, vocabulary);
  const idf = weighFeatures(documents, vocabulary, parameters.word_weight);
  const problem = {
    rows,
    rowScale: weighRows(rows, idf),
    featureScale: idf,
    target,
    classCount: classes.length,
    inverseStrengths: strengthen(read, classes.length, parameters),
  };
  const shares = startShares(target, classes.length);
  const options = { tolerance: parameters.tol, roundsMax: parameters.max_iter, seed };
  const everyRow = Int32Array.from(target.keys());
  const fitHooks = partOf(hooks, STAGES.encoding, STAGES.fit);
  const weights = new WeightRows(idf.length + 1, classes.length, countRowFeaturesMax(rows));
  const { rounds, converged } = fitSoftmax(problem, everyRow, weights, shares, { ...options, hooks: fitHooks });
  const quantised = quantiseWeights(weights, idf, vocabulary.limits);
  const outOfFold = estimateOutOfFold({
    problem,
    weights,
    shares,
    read,
    documents,
    vocabulary,
    parameters,
    options: { ...options, hooks: partOf(hooks, STAGES.fit, 1) },
  });
  const temperature = tuneTemperature(outOfFold);
  const judged = judge(outOfFold, temperature);
  const model: TextModel = {
    kind: 'text',
    task: 'text-classification',
    algorithm: TEXT_ALGORITHM,
    classes: [...classes],
    hyperparameters: parameters satisfies Hyperparameters,
    seed,
    trainRows: target.length,
    kernelVersion: KERNEL_VERSION,
    vocabulary,
    idf,
    ...quantised,
    calibration: { kind: 'temperature', temperature },
    abstention: tuneAbstention(judged, parameters.target_accuracy),
    fit: { rounds, converged },
  };
  return {
    model,
    outOfFold: restoreOrder(judged.probabilities, outOfFold.folds, origin),
    warnings: listTextWarnings(read, model, { isBounded, charactersMax: parameters.max_characters }),
  };
}

function restoreOrder(probabilities: Float32Array, folds: Int32Array, origin: Int32Array): TextFit['outOfFold'] {
  const classCount = probabilities.length / folds.length;
  const restored = { probabilities: new Float32Array(probabilities.length), folds: new Int32Array(folds.length) };
  origin.forEach((row, i) => {
    restored.probabilities.set(probabilities.subarray(i * classCount, (i + 1) * classCount), row * classCount);
    restored.folds[row] = folds[i]!;
  });
  return restored;
}
