import { LearningError } from '../learning-error.js';
import { checkProbabilities } from './check-scores.js';

/** One bin of a reliability diagram. */
export interface CalibrationBin {
  /** Probabilities in [lower, upper); the last bin includes 1. */
  readonly lower: number;
  readonly upper: number;
  readonly rows: number;
  /** Mean predicted probability; null for an empty bin. */
  readonly meanProbability: number | null;
  /** Observed share of positives; null for an empty bin. */
  readonly positiveShare: number | null;
}

/** How predicted probabilities compare with observed shares. */
export interface Calibration {
  readonly bins: readonly CalibrationBin[];
  /** Mean over rows of |meanProbability - positiveShare| of their bin, in [0, 1] (Naeini et al., 2015). */
  readonly expectedError: number;
}

/**
 * Compares probabilities with outcomes in bins of equal width.
 *
 * @param binCount integer in [1, 1000]
 * @throws LearningError `invalid-score`, `invalid-argument`
 */
export function assessCalibration(
  target: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  binCount = 10,
): Calibration {
  checkProbabilities(target, probabilities);
  if (!Number.isInteger(binCount) || binCount < 1 || binCount > 1000) {
    throw new LearningError('invalid-argument', `binCount must be an integer in [1, 1000], got ${binCount}.`);
  }
  const rows = new Float64Array(binCount);
  const sums = new Float64Array(binCount);
  const positives = new Float64Array(binCount);
  for (let i = 0; i < target.length; i++) {
    const bin = Math.min(binCount - 1, Math.floor(probabilities[i]! * binCount));
    rows[bin]!++;
    sums[bin]! += probabilities[i]!;
    positives[bin]! += target[i]!;
  }
  let expectedError = 0;
  const bins = Array.from(rows, (count, bin) => {
    expectedError += Math.abs(sums[bin]! - positives[bin]!) / target.length;
    return {
      lower: bin / binCount,
      upper: (bin + 1) / binCount,
      rows: count,
      meanProbability: count === 0 ? null : sums[bin]! / count,
      positiveShare: count === 0 ? null : positives[bin]! / count,
    };
  });
  return { bins, expectedError };
}
