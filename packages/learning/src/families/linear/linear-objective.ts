import type { Kernel } from '../../wasm/kernel.js';
import { BLOCK_ROWS, roundUpToFour } from './design-blocks.js';
import type { DesignMatrix } from './design-matrix.js';
import { LinearSums } from './linear-sums.js';
import type { Objective } from './minimise-lbfgs.js';

/** The loss of a block of rows, weighted and summed; overwrites their margins with its weighted derivatives by the margin. */
type BlockLoss = (start: number, count: number) => number;

/** Makes the loss of margins that lie in a kernel. */
export type CreateLoss = (kernel: Kernel, sums: LinearSums) => BlockLoss;

/** What a linear model minimises. */
export interface LinearLoss {
  readonly design: DesignMatrix;
  readonly outputCount: number;
  readonly createLoss: CreateLoss;
  /** Sum of the row weights. */
  readonly totalWeight: number;
  /** L2 penalty on weights, per unit of row weight; biases are not penalised. */
  readonly penalty: number;
}

/**
 * Mean loss plus penalty * |w|^2 / 2, the form scikit-learn minimises: the minimum does not move with the scale, and the
 * tolerance means the same for any number of rows. A point holds, output by output, the weights of all terms and then the bias.
 */
export function createLinearObjective(
  kernel: Kernel,
  { design, outputCount, createLoss, totalWeight, penalty }: LinearLoss,
): Objective {
  const { rowCount, width } = design;
  const stride = width + 1;
  const sums = new LinearSums(kernel, design, outputCount);
  const blockLoss = createLoss(kernel, sums);
  return (point, gradient) => {
    gradient.fill(0);
    sums.begin(point);
    let loss = 0;
    for (let start = 0; start < rowCount; start += BLOCK_ROWS) {
      const count = Math.min(BLOCK_ROWS, rowCount - start);
      sums.sumTerms(point, start, count);
      loss += blockLoss(start, count);
      sums.addProducts(gradient, start, count);
    }
    sums.end(gradient);
    let squares = 0;
    for (let k = 0; k < outputCount; k++) {
      for (let j = k * stride; j < k * stride + width; j++) {
        squares += point[j]! * point[j]!;
        gradient[j] = gradient[j]! / totalWeight + penalty * point[j]!;
      }
      gradient[k * stride + width]! /= totalWeight;
    }
    return loss / totalWeight + 0.5 * penalty * squares;
  };
}

/** Log loss of two classes. The target is 0 or 1. */
export function createSigmoidLoss(target: Float64Array, weights: Float64Array | null): CreateLoss {
  return (_, { margins }) =>
    (start, count) => {
      let loss = 0;
      // The sum of log(1 + x) is the log of a product: each factor is at most 2, so that a block of rows can't overflow.
      let product = 1;
      for (let i = 0; i < count; i++) {
        const value = margins[i]!;
        const label = target[start + i]!;
        const decay = Math.exp(-Math.abs(value)); // in (0, 1]: neither branch can overflow
        const residual = (value >= 0 ? 1 / (1 + decay) : decay / (1 + decay)) - label;
        const linear = Math.max(value, 0) - label * value;
        if (weights === null) {
          loss += linear;
          product *= 1 + decay;
          margins[i] = residual;
        } else {
          const weight = weights[start + i]!;
          loss += weight * (linear + Math.log1p(decay));
          margins[i] = weight * residual;
        }
      }
      return loss + Math.log(product);
    };
}

/** Rows whose sums of at most 10 000 classes are multiplied before the logarithm is taken: the product stays below float64's largest number. */
const MULTIPLIED_ROWS = 64;

/** Cross-entropy of many classes. The target is the index of the class. */
export function createSoftmaxLoss(target: Float64Array, weights: Float64Array | null): CreateLoss {
  return (kernel, { margins, outputCount }) => {
    const greatest = kernel.doubles(kernel.allocate(8 * BLOCK_ROWS), BLOCK_ROWS);
    const powers = kernel.doubles(kernel.allocate(8 * BLOCK_ROWS), BLOCK_ROWS);
    const share = (count: number): void => {
      const [most, sums] = [greatest.byteOffset, powers.byteOffset];
      kernel.run.shareMargins(margins.byteOffset, 8 * BLOCK_ROWS, outputCount, roundUpToFour(count), most, sums);
    };
    return (start, count) => {
      let loss = 0;
      for (let i = 0; i < count; i++) {
        loss -= margins[target[start + i]! * BLOCK_ROWS + i]! * (weights === null ? 1 : weights[start + i]!);
      }
      share(count);
      let product = 1;
      for (let i = 0; i < count; i++) {
        margins[target[start + i]! * BLOCK_ROWS + i]! -= 1;
        if (weights === null) {
          loss += greatest[i]!;
          product *= powers[i]!;
          if ((i + 1) % MULTIPLIED_ROWS > 0) continue;
          loss += Math.log(product);
          product = 1;
        } else {
          const weight = weights[start + i]!;
          loss += weight * (greatest[i]! + Math.log(powers[i]!));
          for (let at = i; at < margins.length; at += BLOCK_ROWS) margins[at]! *= weight;
        }
      }
      return loss + Math.log(product);
    };
  };
}

/** Half of the squared error. */
export function createSquaredLoss(target: Float64Array, weights: Float64Array | null): CreateLoss {
  return (_, { margins }) =>
    (start, count) => {
      let loss = 0;
      for (let i = 0; i < count; i++) {
        const weight = weights === null ? 1 : weights[start + i]!;
        const residual = margins[i]! - target[start + i]!;
        loss += 0.5 * weight * residual * residual;
        margins[i] = weight * residual;
      }
      return loss;
    };
}
