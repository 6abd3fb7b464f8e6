import { LearningError } from '../../learning-error.js';
import { PARITY_TOLERANCE, type ParityCertificate } from '../../onnx/compare-with-runtime.js';
import type { TextAnswers } from '../predict-text.js';

/** What a runtime answered to the texts that the kernel was asked about. */
export interface RuntimeTextAnswers {
  /** The output `label`. */
  readonly labels: ArrayLike<number | bigint>;
  /** The output `probabilities`. */
  readonly probabilities: ArrayLike<number>;
}

/**
 * Compares the answers of a runtime with those of the kernel, abstentions included. Running the file is the caller's part.
 *
 * @throws LearningError `invalid-argument` for no texts or unequal lengths
 */
export function compareTextWithRuntime(kernel: TextAnswers, runtime: RuntimeTextAnswers): ParityCertificate {
  const rows = kernel.labels.length;
  const count = kernel.probabilities.length;
  if (rows === 0 || runtime.labels.length !== rows || runtime.probabilities.length !== count) {
    throw new LearningError('invalid-argument', 'Parity needs equally many answers, at least one.');
  }
  let worst = 0;
  for (let i = 0; i < count; i++) {
    const difference = Math.abs(kernel.probabilities[i]! - runtime.probabilities[i]!);
    worst = Math.max(worst, Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference);
  }
  const labelDifferences = kernel.labels.reduce(
    (sum, label, row) => sum + Number(Number(runtime.labels[row]!) !== label),
    0,
  );
  return {
    rows,
    worstProbabilityDifference: worst,
    labelDifferences,
    tolerance: PARITY_TOLERANCE,
    holds: worst <= PARITY_TOLERANCE && labelDifferences === 0,
  };
}
