import { ClassSplitter } from '../../trees/forest/class-splitter.js';
import { CountSplitter } from '../../trees/forest/count-splitter.js';
import { codeForestColumns } from '../../trees/forest/forest-columns.js';
import type { NodeSplitter } from '../../trees/forest/node-splitter.js';
import { RandomSplitter } from '../../trees/forest/random-splitter.js';
import { ValueSplitter } from '../../trees/forest/value-splitter.js';
import { withKernel } from '../../wasm/kernel.js';
import type { FitRequest } from '../fit-request.js';
import { type ForestBody, type ForestTask, fitForest, type TreeRange } from './fit-forest.js';
import type { ForestHyperparameters } from './forest-specs.js';

function createBinSplitter(
  { dataset, rows, hyperparameters, hooks }: FitRequest<ForestHyperparameters>,
  { target, classCount }: ForestTask,
): NodeSplitter {
  const columns = codeForestColumns(dataset, rows, hooks);
  const childRowsMin = hyperparameters.min_samples_leaf;
  if (dataset.task === 'multiclass-classification') {
    return new ClassSplitter(columns, Int32Array.from(target), classCount, childRowsMin);
  }
  if (classCount === 2 && childRowsMin === 1) return new CountSplitter(columns, target);
  return new ValueSplitter(columns, target, childRowsMin);
}

/**
 * Trains a random forest (Breiman, 2001): deep trees on bootstrap samples, each cut the best of few random columns. A class has the
 * mean of its shares in the leaves as probability, a value is the mean of the leaves' means.
 *
 * @param range grow only these trees
 * @throws LearningError as {@link fitForest}
 */
export function fitRandomForest(request: FitRequest<ForestHyperparameters>, range?: TreeRange): ForestBody {
  return fitForest(request, createBinSplitter, range);
}

/**
 * Trains extremely randomised trees (Geurts, Ernst and Wehenkel, 2006): as a random forest, but every column drawn is cut at random,
 * and by default each tree sees all rows.
 *
 * @param range grow only these trees
 * @throws LearningError as {@link fitForest}
 */
export function fitExtraTrees(request: FitRequest<ForestHyperparameters>, range?: TreeRange): ForestBody {
  return withKernel('alone', (kernel) => {
    const createSplitter = (
      { dataset, rows, hyperparameters }: FitRequest<ForestHyperparameters>,
      task: ForestTask,
    ): NodeSplitter => new RandomSplitter(kernel, dataset, rows, task, hyperparameters.min_samples_leaf);
    return fitForest(request, createSplitter, range);
  });
}
