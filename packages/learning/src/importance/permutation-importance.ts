import { allRows, type Dataset, type FeatureTable, takeTarget, takeWeights } from '../dataset/dataset.js';
import { prepareLoss, TASK_LOSSES } from '../evaluation/mean-loss.js';
import { weightedMean } from '../evaluation/weighted-rows.js';
import type { Model } from '../families/model.js';
import { createPredictor } from '../families/predict.js';
import { LearningError } from '../learning-error.js';
import { createRandom, deriveSeed, shuffle } from '../random/random.js';
import { checkpoint, type TrainingHooks } from '../training-hooks.js';
import { spreadOf } from '../validation/spread.js';

/** How much worse a model gets when a feature's values are shuffled. */
export interface PermutationImportance {
  /** The feature; of several that were shuffled together, all names, joined by commas. */
  readonly feature: string;
  /** Mean rise of the loss, in its unit; about 0 for a feature the model does not need, may be slightly negative. */
  readonly lossRise: number;
  /** Sample standard deviation over repeats. */
  readonly deviation: number;
  /** What rises: the task's loss, or for anomalies without labels the mean change of the score. */
  readonly loss: (typeof TASK_LOSSES)[keyof typeof TASK_LOSSES] | 'score change';
}

/** What to measure. */
export interface PermutationRequest {
  readonly model: Model;
  readonly dataset: Dataset;
  /** Rows to judge on, best ones the model did not learn from; all by default. */
  readonly rows?: Int32Array;
  /** Shuffles per feature, integer >= 2; default 5. */
  readonly repeats?: number;
  /**
   * Features that say much the same and are shuffled together, by name; each at most once. Alone, each would look as if it did not
   * matter, since the others are left to the model.
   */
  readonly groups?: readonly (readonly string[])[];
  readonly seed: number;
  readonly hooks?: TrainingHooks;
}

/** Features shuffled together, by index; `seedIndex` keeps a feature's shuffles the same whether others are grouped or not. */
interface Unit {
  readonly features: readonly number[];
  readonly seedIndex: number;
}

function planUnits({ features }: FeatureTable, groups: readonly (readonly string[])[]): Unit[] {
  const places = new Map(features.map(({ name }, j) => [name, j]));
  const grouped = groups.map((names) =>
    names.map((name) => {
      const place = places.get(name);
      if (place !== undefined) return place;
      throw new LearningError('invalid-argument', `"${name}" is no feature, or is in two groups.`);
    }),
  );
  const taken = new Set<number>();
  for (const place of grouped.flat()) {
    if (taken.has(place)) {
      throw new LearningError('invalid-argument', `"${features[place]!.name}" is no feature, or is in two groups.`);
    }
    taken.add(place);
  }
  const alone = features.flatMap((_, j) => (taken.has(j) ? [] : [[j]]));
  return [...alone, ...grouped.filter((places) => places.length > 0)]
    .map((members) => ({ features: members, seedIndex: Math.min(...members) }))
    .sort((a, b) => a.seedIndex - b.seedIndex);
}

/** The table with the values of some features dealt to other rows, all of a row's together. */
function shuffleFeatures(dataset: Dataset, features: readonly number[], rows: Int32Array, seed: number): FeatureTable {
  const shuffled = shuffle(Int32Array.from(rows), createRandom(seed));
  const columns = [...dataset.columns];
  for (const j of features) {
    const column = Float32Array.from(dataset.columns[j]!);
    rows.forEach((row, i) => {
      column[row] = dataset.columns[j]![shuffled[i]!]!;
    });
    columns[j] = column;
  }
  return { ...dataset, columns };
}

/** How the answers on a shuffled table are told as a rise. */
function prepareRise(dataset: Dataset, rows: Int32Array, own: Float64Array) {
  const target = takeTarget(dataset, rows);
  const weights = takeWeights(dataset, rows);
  const baseline = prepareLoss(dataset, target, own)(weights);
  if (baseline === null) {
    const change = (outputs: Float64Array): number =>
      weightedMean(
        outputs.map((score, i) => Math.abs(score - own[i]!)),
        weights,
      );
    return { loss: 'score change' as const, riseOf: change };
  }
  const rise = (outputs: Float64Array): number =>
    (prepareLoss(dataset, target, outputs)(weights) ?? baseline) - baseline;
  return { loss: TASK_LOSSES[dataset.task], riseOf: rise };
}

/**
 * Permutation importance (Breiman, 2001; Fisher, Rudin and Dominici, 2019) in the task's loss, in the order of the features.
 * Correlated features share their importance: shuffling one leaves the other to the model, unless both are in a group.
 *
 * @throws LearningError `invalid-argument`, `feature-mismatch`, `training-cancelled`
 */
export function permutationImportance(request: PermutationRequest): PermutationImportance[] {
  const { model, dataset, rows = allRows(dataset), repeats = 5, groups = [], seed, hooks = {} } = request;
  if (!Number.isInteger(repeats) || repeats < 2) {
    throw new LearningError('invalid-argument', `repeats must be an integer of at least 2, got ${repeats}.`);
  }
  const { answers } = createPredictor(model);
  const { loss, riseOf } = prepareRise(dataset, rows, answers(dataset, rows));
  const units = planUnits(dataset, groups);
  return units.map(({ features, seedIndex }, at) => {
    const rises = Array.from({ length: repeats }, (_, repeat) => {
      checkpoint(hooks, (at + repeat / repeats) / units.length);
      const drawn = deriveSeed(seed, 'permutation', seedIndex, repeat);
      return riseOf(answers(shuffleFeatures(dataset, features, rows, drawn), rows));
    });
    const { mean, deviation } = spreadOf(rises);
    return { feature: features.map((j) => dataset.features[j]!.name).join(', '), lossRise: mean, deviation, loss };
  });
}
