import type { Feature, Task } from '../dataset/dataset.js';
import type { Tree } from '../trees/tree.js';
import type { Algorithm } from './algorithm.js';
import type { Hyperparameters } from './hyperparameters.js';

/** Changes whenever the same data and seed may give another model; written into every model and its ONNX file. */
export const KERNEL_VERSION = '1.0.0';

/** What every trained model says about itself. Models are plain data: JSON and structured clone keep them whole. */
export interface ModelHeader {
  readonly task: Task;
  readonly algorithm: Algorithm;
  readonly features: readonly Feature[];
  /** All parameters, defaults included. */
  readonly hyperparameters: Hyperparameters;
  readonly seed: number;
  readonly trainRows: number;
  readonly kernelVersion: string;
}

/** One numeric input of a linear model: z = (x - offset) * scale, x replaced by `imputed` when missing. All float32. */
export interface NumericTerm {
  readonly feature: number;
  /** Median of the training rows. */
  readonly imputed: number;
  /** Mean of the training rows after imputation. */
  readonly offset: number;
  /** 1 / standard deviation; 1 for a constant column. */
  readonly scale: number;
  /** Weight of z. */
  readonly weight: number;
}

/** One code of a categorical input: z = 1 when x equals `code`, else 0. A missing or unseen code has no term. */
export interface CategoryTerm {
  readonly feature: number;
  readonly code: number;
  readonly weight: number;
}

/** probability = sigmoid(bias + sum of weight * z). */
export interface LinearModel extends ModelHeader {
  readonly kind: 'linear';
  readonly numeric: readonly NumericTerm[];
  readonly categories: readonly CategoryTerm[];
  /** float32. */
  readonly bias: number;
  /** Iterations of the optimiser and whether it met its tolerance. */
  readonly fit: { readonly iterations: number; readonly converged: boolean; readonly objective: number };
}

/** probability = link(base + sum over trees of the leaf value). */
export interface TreeEnsembleModel extends ModelHeader {
  readonly kind: 'trees';
  /** `sigmoid`: the sum is log-odds. `clip`: the sum is a mean of leaf shares, cut to [0, 1]. */
  readonly link: 'sigmoid' | 'clip';
  /** float32. */
  readonly base: number;
  readonly trees: readonly Tree[];
}

/** Any trained model. */
export type Model = LinearModel | TreeEnsembleModel;
