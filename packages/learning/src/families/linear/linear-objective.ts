import { addProducts, addTerms, BLOCK_ROWS, type DesignMatrix } from './design-matrix.js';
import type { Objective } from './minimise-lbfgs.js';

/**
 * The loss of a block of rows, weighted and summed.
 *
 * @param margins one list per output; overwritten with the weighted derivatives of the loss by the margin
 */
export type BlockLoss = (margins: readonly Float64Array[], start: number, count: number) => number;

/** What a linear model minimises. */
export interface LinearLoss {
  readonly design: DesignMatrix;
  readonly outputCount: number;
  readonly blockLoss: BlockLoss;
  /** Sum of the row weights. */
  readonly totalWeight: number;
  /** L2 penalty on weights, per unit of row weight; biases are not penalised. */
  readonly penalty: number;
}

/**
 * Mean loss plus penalty * |w|^2 / 2, the form scikit-learn minimises: the minimum does not move with the scale, and the
 * tolerance means the same for any number of rows. A point holds, output by output, the weights of all terms and then the bias.
 */
export function createLinearObjective({ design, outputCount, blockLoss, totalWeight, penalty }: LinearLoss): Objective {
  const { rowCount, width } = design;
  const stride = width + 1;
  const margins = Array.from({ length: outputCount }, () => new Float64Array(BLOCK_ROWS));
  return (point, gradient) => {
    gradient.fill(0);
    let loss = 0;
    for (let start = 0; start < rowCount; start += BLOCK_ROWS) {
      const count = Math.min(BLOCK_ROWS, rowCount - start);
      for (let k = 0; k < outputCount; k++) {
        const margin = margins[k]!;
        margin.fill(point[k * stride + width]!, 0, count);
        addTerms(design, point, k * stride, start, count, margin);
      }
      loss += blockLoss(margins, start, count);
      for (let k = 0; k < outputCount; k++) {
        const residuals = margins[k]!;
        addProducts(design, residuals, k * stride, start, count, gradient);
        let sum = 0;
        for (let i = 0; i < count; i++) sum += residuals[i]!;
        gradient[k * stride + width]! += sum;
      }
    }
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
export function createSigmoidLoss(target: Float64Array, weights: Float64Array | null): BlockLoss {
  return ([margins], start, count) => {
    const margin = margins!; // one output
    let loss = 0;
    // The sum of log(1 + x) is the log of a product: each factor is at most 2, so that a block of rows can't overflow.
    let product = 1;
    for (let i = 0; i < count; i++) {
      const value = margin[i]!;
      const label = target[start + i]!;
      const decay = Math.exp(-Math.abs(value)); // in (0, 1]: neither branch can overflow
      const residual = (value >= 0 ? 1 / (1 + decay) : decay / (1 + decay)) - label;
      const linear = Math.max(value, 0) - label * value;
      if (weights === null) {
        loss += linear;
        product *= 1 + decay;
        margin[i] = residual;
        if ((i & 511) === 511) {
          loss += Math.log(product);
          product = 1;
        }
      } else {
        const weight = weights[start + i]!;
        loss += weight * (linear + Math.log1p(decay));
        margin[i] = weight * residual;
      }
    }
    return loss + Math.log(product);
  };
}

/** Cross-entropy of many classes. The target is the index of the class. */
export function createSoftmaxLoss(target: Float64Array, weights: Float64Array | null): BlockLoss {
  return (margins, start, count) => {
    let loss = 0;
    for (let i = 0; i < count; i++) {
      let highest = Number.NEGATIVE_INFINITY;
      for (let k = 0; k < margins.length; k++) highest = Math.max(highest, margins[k]![i]!);
      const own = margins[target[start + i]!]![i]! - highest;
      let sum = 0;
      for (let k = 0; k < margins.length; k++) {
        const share = Math.exp(margins[k]![i]! - highest);
        margins[k]![i] = share;
        sum += share;
      }
      const weight = weights === null ? 1 : weights[start + i]!;
      const factor = weight / sum;
      for (let k = 0; k < margins.length; k++) margins[k]![i]! *= factor;
      margins[target[start + i]!]![i]! -= weight;
      loss += weight * (Math.log(sum) - own);
    }
    return loss;
  };
}

/** Half of the squared error. */
export function createSquaredLoss(target: Float64Array, weights: Float64Array | null): BlockLoss {
  return ([margins], start, count) => {
    const margin = margins!; // one output
    let loss = 0;
    for (let i = 0; i < count; i++) {
      const weight = weights === null ? 1 : weights[start + i]!;
      const residual = margin[i]! - target[start + i]!;
      loss += 0.5 * weight * residual * residual;
      margin[i] = weight * residual;
    }
    return loss;
  };
}
