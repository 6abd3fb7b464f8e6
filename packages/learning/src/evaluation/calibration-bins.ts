import { type CalibrationBin, wilsonInterval } from '@gimbal/domain';
import { type RowWeights, totalWeight } from './weighted-rows.js';

/** A bin with the weight of its rows. */
export interface WeighedBin {
  readonly bin: CalibrationBin;
  readonly weight: number;
}

const BINS = 10;

/**
 * Reliability table over ten equal bins of confidence; empty bins are left out. With weights, the interval is that of as many
 * rows as the weights are worth (Kish, 1965: squared sum over sum of squares).
 *
 * @param confidences in [0, 1]
 * @param cameTrue whether what a row promised happened
 */
export function binCalibration(
  confidences: ArrayLike<number>,
  cameTrue: (row: number) => boolean,
  weights: RowWeights,
): WeighedBin[] {
  const bins = Array.from({ length: BINS }, () => ({ rows: 0, weight: 0, squares: 0, hits: 0, sum: 0 }));
  for (let i = 0; i < confidences.length; i++) {
    const weight = weights === null ? 1 : weights[i]!;
    if (weight === 0) continue;
    const bin = bins[Math.min(BINS - 1, Math.floor(confidences[i]! * BINS))]!;
    bin.rows++;
    bin.weight += weight;
    bin.squares += weight * weight;
    bin.sum += weight * confidences[i]!;
    if (cameTrue(i)) bin.hits += weight;
  }
  return bins.flatMap(({ rows, weight, squares, hits, sum }, i) => {
    if (rows === 0) return [];
    const worth = weight / squares; // rows that a unit of weight is worth; 1 without weights
    const bin: CalibrationBin = {
      lower: i / BINS,
      upper: (i + 1) / BINS,
      rows,
      meanProbability: sum / weight,
      positiveShare: hits / weight,
      interval: wilsonInterval(hits * worth, weight * worth),
    };
    return [{ bin, weight }];
  });
}

/** Expected calibration error (Naeini et al., 2015): the mean gap between what was promised and what came true, in [0, 1]. */
export function calibrationError(bins: readonly WeighedBin[]): number {
  const gaps = bins.map(({ bin, weight }) => weight * Math.abs(bin.meanProbability - bin.positiveShare));
  return (
    gaps.reduce((sum, gap) => sum + gap, 0) /
    totalWeight(
      bins.length,
      bins.map(({ weight }) => weight),
    )
  );
}
