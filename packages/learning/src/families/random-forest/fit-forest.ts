import { takeWeights } from '../../dataset/dataset.js';
import { LearningError } from '../../learning-error.js';
import { createRandom, deriveSeed } from '../../random/random.js';
import { checkpoint } from '../../training-hooks.js';
import { type ForestTreeLimits, growForestTree } from '../../trees/forest/grow-forest-tree.js';
import type { NodeSplitter } from '../../trees/forest/node-splitter.js';
import type { Tree } from '../../trees/tree.js';
import { type FitRequest, takeTrainingTarget } from '../fit-request.js';
import type { TreeEnsembleModel } from '../model.js';
import type { ForestHyperparameters } from './forest-specs.js';
import { ForestSampler, type SamplingPlan } from './forest-weights.js';
import { gridForShares, gridForValues, type LeafGrid } from './leaf-grid.js';

/** A part of a forest: trees `from` up to but not including `to`. */
export interface TreeRange {
  readonly from: number;
  readonly to: number;
}

/** What a forest learns, in the shape its splitters take. */
export interface ForestTask {
  readonly target: Float64Array;
  /** 0 in regression. */
  readonly classCount: number;
  /** Values per leaf. */
  readonly width: number;
  readonly grid: LeafGrid;
}

/** Makes the splitter that all trees of a forest share. */
export type CreateSplitter = (request: FitRequest<ForestHyperparameters>, task: ForestTask) => NodeSplitter;

function countFeaturesPerNode(rule: string | number, featureCount: number, classCount: number): number {
  if (rule === 'all' || (rule === 'auto' && classCount === 0)) return featureCount;
  if (rule === 'sqrt' || rule === 'auto') return Math.max(1, Math.floor(Math.sqrt(featureCount)));
  if (rule === 'log2') return Math.max(1, Math.floor(Math.log2(featureCount)));
  return Math.max(1, Math.floor(Number(rule) * featureCount));
}

function describeTask({ dataset, rows, hyperparameters }: FitRequest<ForestHyperparameters>): ForestTask {
  const target = takeTrainingTarget(dataset, rows);
  const { n_estimators: treeCount, class_weight: classWeight, leaf_smoothing: smoothing } = hyperparameters;
  if (dataset.task !== 'regression') {
    const classCount = dataset.classes.length;
    const width = dataset.task === 'multiclass-classification' ? classCount : 1;
    return { target, classCount, width, grid: gridForShares(treeCount, { classCount, smoothing }) };
  }
  if (classWeight !== 'none') {
    throw new LearningError('invalid-hyperparameter', 'class_weight must be none in regression: there are no classes.');
  }
  return { target, classCount: 0, width: 1, grid: gridForValues(target, treeCount) };
}

function planSampling({ dataset, rows, hyperparameters }: FitRequest<ForestHyperparameters>, task: ForestTask) {
  const plan: SamplingPlan = {
    classOf: task.classCount === 0 ? null : task.target,
    classCount: task.classCount,
    weights: takeWeights(dataset, rows),
    bootstrap: hyperparameters.bootstrap ? 'drawn' : 'all',
    drawCount: Math.max(1, Math.floor(hyperparameters.max_samples * rows.length)),
    classWeight: hyperparameters.class_weight,
  };
  if (plan.weights !== null && !plan.weights.some((weight) => weight > 0)) {
    throw new LearningError('too-few-rows', `All ${rows.length} training rows have the weight 0.`);
  }
  return plan;
}

/** Grows a part of the trees; each has a seed of its own, so that any partition of the trees gives the same forest. */
function growTrees(
  request: FitRequest<ForestHyperparameters>,
  task: ForestTask,
  createSplitter: CreateSplitter,
  { from, to }: TreeRange,
): Tree[] {
  const { dataset, rows, hyperparameters: given, seed, hooks } = request;
  const featureCount = dataset.columns.length;
  const limits: ForestTreeLimits = {
    depthMax: given.max_depth === 0 ? Number.POSITIVE_INFINITY : given.max_depth,
    childRowsMin: given.min_samples_leaf,
    splitRowsMin: given.min_samples_split,
    featuresPerNode: countFeaturesPerNode(given.max_features, featureCount, task.classCount),
  };
  const { width, grid } = task;
  const sampler = new ForestSampler(rows.length, planSampling(request, task));
  const splitter = createSplitter(request, task);
  const trees: Tree[] = [];
  for (let t = from; t < to; t++) {
    checkpoint(hooks, (t - from) / (to - from));
    const random = createRandom(deriveSeed(seed, 'tree', t));
    const sample = sampler.draw(random);
    trees.push(growForestTree({ sample, splitter, limits, featureCount, width, toLeaf: grid.toLeaf, random }));
  }
  checkpoint(hooks, 1);
  return trees;
}

/** What a forest adds to the header of its model. */
export type ForestBody = Pick<TreeEnsembleModel, 'kind' | 'link' | 'base' | 'scale' | 'trees'>;

/**
 * Trains a forest, or the part of it that `range` names: parts that are put together in order make the whole.
 *
 * @throws LearningError `too-few-rows`, `invalid-hyperparameter`, `invalid-argument` for a range outside the forest, `training-cancelled`
 */
export function fitForest(
  request: FitRequest<ForestHyperparameters>,
  createSplitter: CreateSplitter,
  range: TreeRange = { from: 0, to: request.hyperparameters.n_estimators },
): ForestBody {
  const count = request.hyperparameters.n_estimators;
  const { from, to } = range;
  if (!(Number.isInteger(from) && Number.isInteger(to) && from >= 0 && from < to && to <= count)) {
    throw new LearningError('invalid-argument', `Trees ${from} to ${to} are not a part of ${count} trees.`);
  }
  const task = describeTask(request);
  const { link, base, scale } = task.grid;
  const trees = growTrees(request, task, createSplitter, range);
  return { kind: 'trees', link, base: new Array<number>(task.width).fill(base), scale, trees };
}
