import { LearningError } from '../learning-error.js';
import { checkWeights, type RowWeights, totalWeight, weightedMean, weightedQuantiles } from './weighted-rows.js';

/** Metrics of predicted values, in the unit of the target. Weighted when rows have weights. */
export interface RegressionMetrics {
  readonly rows: number;
  /** Root of the mean squared error, >= 0. */
  readonly rmse: number;
  /** Mean absolute error, >= 0. */
  readonly mae: number;
  readonly medianAbsoluteError: number;
  /** Mean of (prediction - target): what is off everywhere. */
  readonly meanError: number;
  /** 1 - squared error over that of the mean: 1 is perfect, 0 no better than the mean; null when the target is constant. */
  readonly r2: number | null;
  /**
   * Mean of |error / target| over rows whose target is not 0; null when there are none. Where `mapeRows` is less than `rows`, the
   * others were left out, since a share of nothing is undefined.
   */
  readonly mape: number | null;
  readonly mapeRows: number;
}

/** Rows of about equal number by prediction: what was promised and what came true. */
export interface RegressionBin {
  readonly rows: number;
  readonly meanPrediction: number;
  readonly meanTarget: number;
}

/** Metrics with what they were computed from. */
export interface RegressionEvaluation {
  readonly task: 'regression';
  readonly metrics: RegressionMetrics;
  /** Quantiles of (target - prediction). */
  readonly residuals: readonly { readonly share: number; readonly value: number }[];
  /** Tenths of the rows by ascending prediction. */
  readonly calibration: readonly RegressionBin[];
}

const RESIDUAL_SHARES = [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1];
const BINS = 10;

/** Targets smaller than this share of the mean absolute target are 0 up to rounding. */
const ZERO = 1e-9;

/**
 * @throws LearningError `invalid-score` for no rows, unequal lengths, or a value that is not finite
 */
export function checkValues(target: ArrayLike<number>, values: ArrayLike<number>): void {
  if (target.length === 0 || values.length !== target.length) {
    throw new LearningError('invalid-score', `${values.length} predictions for ${target.length} rows.`);
  }
  for (let i = 0; i < target.length; i++) {
    if (!Number.isFinite(target[i])) throw new LearningError('invalid-score', `The target of row ${i} is not finite.`);
    if (!Number.isFinite(values[i]))
      throw new LearningError('invalid-score', `The prediction of row ${i} is not finite.`);
  }
}

/** Headline metrics of predicted values under any weights, in linear time. */
export function prepareRegression(target: ArrayLike<number>, values: ArrayLike<number>) {
  const errors = Float64Array.from({ length: target.length }, (_, i) => values[i]! - target[i]!);
  const absolute = errors.map(Math.abs);
  const squared = errors.map((error) => error * error);
  return (weights: RowWeights) => {
    const meanTarget = weightedMean(target, weights);
    const spread = weightedMean(
      Float64Array.from({ length: target.length }, (_, i) => (target[i]! - meanTarget) ** 2),
      weights,
    );
    const meanSquared = weightedMean(squared, weights);
    return {
      rmse: Math.sqrt(meanSquared),
      mae: weightedMean(absolute, weights),
      r2: spread > 0 ? 1 - meanSquared / spread : null,
    };
  };
}

function measureShares(target: ArrayLike<number>, values: ArrayLike<number>, weights: RowWeights) {
  const floor = ZERO * weightedMean(Float64Array.from(target, Math.abs), null);
  const rows = Int32Array.from({ length: target.length }, (_, i) => i).filter((i) => Math.abs(target[i]!) > floor);
  const shares = Float64Array.from(rows, (i) => Math.abs((values[i]! - target[i]!) / target[i]!));
  const mape = weightedMean(shares, weights === null ? null : Float64Array.from(rows, (i) => weights[i]!));
  return { mape: Number.isFinite(mape) ? mape : null, mapeRows: rows.length };
}

function binByPrediction(target: ArrayLike<number>, values: ArrayLike<number>, weights: RowWeights): RegressionBin[] {
  const order = Uint32Array.from({ length: target.length }, (_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const count = Math.min(BINS, target.length);
  return Array.from({ length: count }, (_, bin) => {
    const rows = order.subarray(
      Math.floor((bin * order.length) / count),
      Math.floor(((bin + 1) * order.length) / count),
    );
    const taken = weights === null ? null : Float64Array.from(rows, (row) => weights[row]!);
    const mean = (list: ArrayLike<number>): number =>
      weightedMean(
        Float64Array.from(rows, (row) => list[row]!),
        taken,
      );
    return {
      rows: rows.length,
      meanPrediction: mean(values),
      meanTarget: mean(target),
      weight: totalWeight(rows.length, taken),
    };
  })
    .filter(({ weight }) => weight > 0)
    .map(({ weight: _, ...bin }) => bin);
}

/**
 * Judges predicted values against true ones.
 *
 * @throws LearningError `invalid-score` as {@link checkValues}, `too-few-rows` when nothing counts
 */
export function evaluateRegression(
  target: ArrayLike<number>,
  values: ArrayLike<number>,
  weights: RowWeights = null,
): RegressionEvaluation {
  checkValues(target, values);
  checkWeights(target.length, weights);
  const residuals = Float64Array.from({ length: target.length }, (_, i) => target[i]! - values[i]!);
  const [medianAbsoluteError] = weightedQuantiles(residuals.map(Math.abs), weights, [0.5]);
  const quantiles = weightedQuantiles(residuals, weights, RESIDUAL_SHARES);
  return {
    task: 'regression',
    metrics: {
      rows: target.length,
      ...prepareRegression(target, values)(weights),
      medianAbsoluteError: medianAbsoluteError!,
      meanError: -weightedMean(residuals, weights),
      ...measureShares(target, values, weights),
    },
    residuals: RESIDUAL_SHARES.map((share, i) => ({ share, value: quantiles[i]! })),
    calibration: binByPrediction(target, values, weights),
  };
}
