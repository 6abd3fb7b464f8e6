import { LearningError } from '../learning-error.js';

/** How much each row counts; null when all count 1. */
export type RowWeights = ArrayLike<number> | null;

/**
 * Mean of values by weight. Without weights the plain mean, to the last bit.
 *
 * @returns NaN when nothing counts
 */
export function weightedMean(values: ArrayLike<number>, weights: RowWeights): number {
  let sum = 0;
  let whole = 0;
  for (let i = 0; i < values.length; i++) {
    const weight = weights === null ? 1 : weights[i]!;
    if (weight === 0) continue; // a loss of infinity that does not count is no loss
    sum += weight === 1 ? values[i]! : weight * values[i]!;
    whole += weight;
  }
  return sum / whole;
}

/** Sum of the weights of `count` rows. */
export function totalWeight(count: number, weights: RowWeights): number {
  if (weights === null) return count;
  let whole = 0;
  for (let i = 0; i < count; i++) whole += weights[i]!;
  return whole;
}

/**
 * Quantiles: linear between order statistics without weights (type 7 of Hyndman and Fan, 1996, as numpy's default); with weights the
 * smallest value at or below which the share of the weight lies.
 *
 * @param shares each in [0, 1]
 */
export function weightedQuantiles(values: ArrayLike<number>, weights: RowWeights, shares: readonly number[]): number[] {
  if (weights === null) {
    const sorted = Float64Array.from(values).sort();
    return shares.map((share) => {
      const at = share * (sorted.length - 1);
      const below = sorted[Math.floor(at)]!;
      return below + (at - Math.floor(at)) * (sorted[Math.ceil(at)]! - below);
    });
  }
  const order = Uint32Array.from({ length: values.length }, (_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const whole = totalWeight(values.length, weights);
  return shares.map((share) => {
    let reached = 0;
    for (const row of order) {
      reached += weights[row]!;
      if (weights[row]! > 0 && reached >= share * whole) return values[row]!;
    }
    return Number.NaN;
  });
}

/**
 * @throws LearningError `invalid-score` for another count, a negative or not finite weight, or when nothing counts
 */
export function checkWeights(count: number, weights: RowWeights): void {
  if (weights === null) return;
  if (weights.length !== count)
    throw new LearningError('invalid-score', `${weights.length} weights for ${count} rows.`);
  let whole = 0;
  for (let i = 0; i < count; i++) {
    if (!(weights[i]! >= 0 && weights[i]! < Number.POSITIVE_INFINITY)) {
      throw new LearningError('invalid-score', `The weight of row ${i} is not a number >= 0.`);
    }
    whole += weights[i]!;
  }
  if (whole === 0) throw new LearningError('too-few-rows', `Of ${count} rows to judge, all have the weight 0.`);
}
