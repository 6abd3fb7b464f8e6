import type { Feature, Task } from '../dataset/dataset.js';
import type { Tree } from '../trees/tree.js';
import type { Algorithm } from './algorithm.js';
import type { Hyperparameters } from './hyperparameters.js';

/** Changes whenever the same data and seed may give another model; written into every model and its ONNX file. */
export const KERNEL_VERSION = '3.1.0';

/** What every trained model says about itself. Models are plain data: JSON and structured clone keep them whole. */
export interface ModelHeader {
  readonly task: Task;
  readonly algorithm: Algorithm;
  readonly features: readonly Feature[];
  /** Names of the classes by index; empty in regression. */
  readonly classes: readonly string[];
  /** All parameters, defaults included. */
  readonly hyperparameters: Hyperparameters;
  readonly seed: number;
  readonly trainRows: number;
  readonly kernelVersion: string;
  /** What turns the model's own probabilities into honest ones; null when they are used as they are. */
  readonly calibration: Calibration | null;
}

/**
 * A correction of probabilities, applied in kernel and exported graph alike.
 * - `platt` (Platt, 1999; binary): probability = sigmoid(slope * margin + intercept), margin in log-odds.
 * - `isotonic` (Zadrozny and Elkan, 2002; binary, trees): a step function of the margin, `values[i]` where
 *   `edges[i-1] < margin <= edges[i]`. The margin of trees is exact, so kernel and runtime take the same step.
 * - `temperature` (Guo et al., 2017; multiclass): softmax of margins / temperature.
 * All numbers float32.
 */
export type Calibration =
  | { readonly kind: 'platt'; readonly slope: number; readonly intercept: number }
  | { readonly kind: 'isotonic'; readonly edges: readonly number[]; readonly values: readonly number[] }
  | { readonly kind: 'temperature'; readonly temperature: number };

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
  /** Weight of z in each output. */
  readonly weights: readonly number[];
}

/** One code of a categorical input: z = 1 when x equals `code`, else 0; x replaced by `imputed` when missing. An unseen code has no term. */
export interface CategoryTerm {
  readonly feature: number;
  /** Most frequent code of the training rows; the smaller of two that are equally frequent. */
  readonly imputed: number;
  readonly code: number;
  readonly weights: readonly number[];
}

/** answer = link(bias + sum of weights * z), one bias and one weight per output. */
export interface LinearModel extends ModelHeader {
  readonly kind: 'linear';
  /** `sigmoid`: one output, log-odds. `softmax`: one output per class. `identity`: one output, the value. */
  readonly link: 'sigmoid' | 'softmax' | 'identity';
  readonly numeric: readonly NumericTerm[];
  readonly categories: readonly CategoryTerm[];
  /** float32, one per output. */
  readonly bias: readonly number[];
  /** Iterations of the optimiser and whether it met its tolerance. */
  readonly fit: { readonly iterations: number; readonly converged: boolean; readonly objective: number };
}

/**
 * answer = link(base + sum of leaf values), one base per output.
 *
 * Base and leaf values are multiples of one power of two, coarse enough that float32 adds them without rounding: the sum is
 * the same in every runtime, in every order of the trees and for every batch size.
 */
export interface TreeEnsembleModel extends ModelHeader {
  readonly kind: 'trees';
  /**
   * `sigmoid`: the sum is log-odds. `softmax`: one sum per class, the margins. `identity`: the sum times `scale` is the value.
   * `mean`: the sum times `scale` is a mean over the trees, a share in [0, 1] per output (classification).
   * `isolation`: the sum times `scale` is the mean path length over its expectation; score = 2^-that (Liu, Ting and Zhou, 2008).
   */
  readonly link: 'sigmoid' | 'softmax' | 'identity' | 'mean' | 'isolation';
  /** float32, one per output. */
  readonly base: readonly number[];
  /** float32; 1 for `sigmoid` and `softmax`. */
  readonly scale: number;
  readonly trees: readonly Tree[];
}

/** Any model trained on a table. */
export type Model = LinearModel | TreeEnsembleModel;

/** Numbers per row that a model answers with: one per class in a multiclass task, else one. */
export function countOutputs({ task, classes }: Pick<ModelHeader, 'task' | 'classes'>): number {
  return task === 'multiclass-classification' ? classes.length : 1;
}
