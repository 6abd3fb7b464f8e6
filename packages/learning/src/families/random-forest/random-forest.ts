import { binFeatures } from '../../binning/bin-features.js';
import { createRandom, deriveSeed, type Random } from '../../random/random.js';
import { checkpoint } from '../../training-hooks.js';
import { type ForestSample, ForestTreeGrower } from '../../trees/grow-forest-tree.js';
import type { Tree } from '../../trees/tree.js';
import { type FitRequest, takeTrainingTarget } from '../fit-request.js';
import type { HyperparameterSpecs, Resolved } from '../hyperparameters.js';
import type { TreeEnsembleModel } from '../model.js';

/** Defaults are those of scikit-learn's RandomForestClassifier. */
export const RANDOM_FOREST_SPECS = {
  n_estimators: { kind: 'integer', default: 100, min: 1, max: 10_000, description: 'Number of trees.' },
  max_depth: { kind: 'integer', default: 0, min: 0, max: 256, description: 'Levels of cuts per tree; 0 for no limit.' },
  min_samples_leaf: {
    kind: 'integer',
    default: 1,
    min: 1,
    max: 1_000_000,
    description: 'Least distinct rows in a leaf.',
  },
  max_features: {
    kind: 'word-or-share',
    default: 'sqrt',
    words: ['sqrt', 'log2', 'all'],
    description: 'Columns drawn per cut: a rule on their number, or a share of them.',
  },
  bootstrap: {
    kind: 'flag',
    default: true,
    description: 'Draw rows with replacement for each tree; else each tree sees all rows.',
  },
} as const satisfies HyperparameterSpecs;

type RandomForestHyperparameters = Resolved<typeof RANDOM_FOREST_SPECS>;

function countFeaturesPerNode(rule: string | number, featureCount: number): number {
  if (rule === 'all') return featureCount;
  if (rule === 'sqrt') return Math.max(1, Math.floor(Math.sqrt(featureCount)));
  if (rule === 'log2') return Math.max(1, Math.floor(Math.log2(featureCount)));
  return Math.max(1, Math.floor(Number(rule) * featureCount));
}

function drawSample(target: Float64Array, bootstrap: 'drawn' | 'all', random: Random): ForestSample {
  const weights = new Float32Array(target.length);
  if (bootstrap === 'all') weights.fill(1);
  else for (let i = 0; i < target.length; i++) weights[random.nextInteger(target.length)]!++;
  const rows = new Int32Array(target.length);
  let count = 0;
  for (let i = 0; i < target.length; i++) if (weights[i]! > 0) rows[count++] = i;
  return { rows: rows.subarray(0, count), weights, positives: weights.map((weight, i) => weight * target[i]!) };
}

/** Units of a leaf share: the largest power of two, up to 2^20, whose sum over all trees float32 holds exactly (24 bits). */
function leafUnitsFor(treeCount: number): number {
  return 2 ** Math.min(20, Math.floor(24 - Math.log2(treeCount)));
}

/**
 * Trains a random forest (Breiman, 2001): deep trees on bootstrap samples, each cut chosen among few random columns; the
 * probability is the mean share of positives in the leaves. Each tree has its own seed.
 *
 * @throws LearningError `too-few-rows`, `training-cancelled`
 */
export function fitRandomForest(
  request: FitRequest<RandomForestHyperparameters>,
): Pick<TreeEnsembleModel, 'kind' | 'link' | 'base' | 'scale' | 'trees'> {
  const { dataset, rows, hyperparameters, seed, hooks } = request;
  const target = takeTrainingTarget(dataset, rows);
  const binned = binFeatures(dataset, rows, deriveSeed(seed, 'bins'), hooks);
  const grower = new ForestTreeGrower(binned, {
    depthMax: hyperparameters.max_depth === 0 ? Number.POSITIVE_INFINITY : hyperparameters.max_depth,
    childRowsMin: hyperparameters.min_samples_leaf,
    featuresPerNode: countFeaturesPerNode(hyperparameters.max_features, binned.featureCount),
  });
  const count = hyperparameters.n_estimators;
  const units = leafUnitsFor(count);
  const trees: Tree[] = [];
  for (let t = 0; t < count; t++) {
    checkpoint(hooks, t / count);
    const random = createRandom(deriveSeed(seed, 'tree', t));
    trees.push(grower.grow(drawSample(target, hyperparameters.bootstrap ? 'drawn' : 'all', random), random, units));
  }
  checkpoint(hooks, 1);
  return { kind: 'trees', link: 'mean', base: [0], scale: Math.fround(1 / (count * units)), trees };
}
