import { decideLabels } from '../families/predict-probability.js';
import { LearningError } from '../learning-error.js';

/** Largest probability difference allowed between kernel and runtime. */
export const PARITY_TOLERANCE = 1e-6;

/** Proof that an exported file answers as the kernel does. */
export interface ParityCertificate {
  readonly rows: number;
  /** Largest |kernel - runtime|; Infinity when the runtime answered NaN. */
  readonly worstProbabilityDifference: number;
  /** Rows whose labels differ. */
  readonly labelDifferences: number;
  readonly tolerance: number;
  /** True when the worst difference is within tolerance and no label differs. */
  readonly holds: boolean;
}

/** Answers of the kernel and of a runtime to the same rows, in the same order. */
export interface ParityRequest {
  /** From `predictProbability`. */
  readonly kernelProbabilities: ArrayLike<number>;
  /** The output `probability`. */
  readonly runtimeProbabilities: ArrayLike<number>;
  /** The output `label`: 0 and 1, as numbers or int64. */
  readonly runtimeLabels: ArrayLike<number | bigint>;
  /** The threshold the file was exported with. */
  readonly threshold: number;
  /** Default {@link PARITY_TOLERANCE}. */
  readonly tolerance?: number;
}

/**
 * Compares the answers of a runtime with those of the kernel. Running the file is the caller's part.
 *
 * @throws LearningError `invalid-argument` for no rows or unequal lengths
 */
export function compareWithRuntime(request: ParityRequest): ParityCertificate {
  const { kernelProbabilities, runtimeProbabilities, runtimeLabels, threshold, tolerance = PARITY_TOLERANCE } = request;
  const rows = kernelProbabilities.length;
  if (rows === 0 || runtimeProbabilities.length !== rows || runtimeLabels.length !== rows) {
    const counts = `${rows}, ${runtimeProbabilities.length} and ${runtimeLabels.length}`;
    throw new LearningError('invalid-argument', `Parity needs equally many answers, at least one; got ${counts}.`);
  }
  const labels = decideLabels(kernelProbabilities, threshold);
  let worst = 0;
  let labelDifferences = 0;
  for (let i = 0; i < rows; i++) {
    const difference = Math.abs(kernelProbabilities[i]! - runtimeProbabilities[i]!);
    worst = Math.max(worst, Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference);
    if (Number(runtimeLabels[i]!) !== labels[i]) labelDifferences++;
  }
  return {
    rows,
    worstProbabilityDifference: worst,
    labelDifferences,
    tolerance,
    holds: worst <= tolerance && labelDifferences === 0,
  };
}
