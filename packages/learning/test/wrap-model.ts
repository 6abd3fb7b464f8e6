import { KERNEL_VERSION, type LinearModel, type ModelHeader, type TreeEnsembleModel } from '../src/families/model.js';

type TreeParts = Pick<TreeEnsembleModel, 'features' | 'link' | 'base' | 'scale' | 'trees'> &
  Partial<Pick<ModelHeader, 'calibration'>>;
type LinearParts = Pick<LinearModel, 'features' | 'link' | 'bias' | 'numeric' | 'categories'> &
  Partial<Pick<ModelHeader, 'calibration'>>;

const TASKS = {
  sigmoid: 'binary-classification',
  softmax: 'multiclass-classification',
  mean: 'binary-classification',
  identity: 'regression',
  isolation: 'anomaly-detection',
} as const;

function createHeader(link: TreeEnsembleModel['link'], outputs: number): Omit<ModelHeader, 'features'> {
  const task = outputs > 1 ? 'multiclass-classification' : TASKS[link];
  const classes = task === 'regression' ? 0 : Math.max(2, outputs);
  return {
    task,
    algorithm: link === 'mean' ? 'random_forest' : 'gradient_boosting_level_wise',
    classes: Array.from({ length: classes }, (_, k) => String(k)),
    hyperparameters: {},
    seed: 1,
    trainRows: 100,
    kernelVersion: KERNEL_VERSION,
    calibration: null,
  };
}

/** Trees that did not come from a training. */
export function wrapTrees(parts: TreeParts): TreeEnsembleModel {
  return { ...createHeader(parts.link, parts.base.length), kind: 'trees', ...parts };
}

/** Weights that did not come from a training. */
export function wrapLinear(parts: LinearParts): LinearModel {
  const fit = { iterations: 0, converged: true, objective: 0 };
  return { ...createHeader(parts.link, parts.bias.length), kind: 'linear', fit, ...parts };
}
