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

/**
 * One numeric input of a linear model: z = (x - offset) * scale within 1000 standard deviations, x replaced by `imputed` when
 * missing. All float32.
 */
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

/** One code of a categorical input: z = 1 when x equals `code`, else 0; x replaced by `imputed` when missing. An unseen code has no term. */
export interface CategoryTerm {
  readonly feature: number;
  /** Most frequent code of the training rows; the smaller of two that are equally frequent. */
  readonly imputed: number;
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

/**
 * sigmoid(base + sum of leaf values) for boosting, sum of leaf values * scale for a forest.
 *
 * Base and leaf values are multiples of one power of two, coarse enough that float32 adds them without rounding: the sum is
 * the same in every runtime, in every order of the trees and for every batch size.
 */
export interface TreeEnsembleModel extends ModelHeader {
  readonly kind: 'trees';
  /** `sigmoid`: the sum is log-odds. `mean`: the sum times `scale` is the mean share of positives over the trees. */
  readonly link: 'sigmoid' | 'mean';
  readonly base: number;
  /** float32; 1 for `sigmoid`. */
  readonly scale: number;
  readonly trees: readonly Tree[];
}

/** Any trained model. */
export type Model = LinearModel | TreeEnsembleModel;
