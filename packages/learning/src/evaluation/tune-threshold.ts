import { checkProbabilities } from './check-scores.js';

/** A decision threshold and what it earned where it was found. */
export interface TunedThreshold {
  /** float32 in (0, 1); positive when probability >= threshold. */
  readonly threshold: number;
  /** F1 on the rows it was tuned on: optimistic, judge it on other rows. */
  readonly f1: number;
}

/** Two F1 values closer than this are a tie: they differ by rounding. */
const TIE = 1e-12;

/**
 * Finds the threshold with the highest F1. Candidates are 0.5 and the middle between each two neighbouring distinct
 * probabilities, so that no prediction of these rows sits on the threshold, where rounding would decide.
 *
 * Ties go to the threshold nearest 0.5, then to the lower one.
 *
 * @throws LearningError `invalid-score`
 */
export function tuneThreshold(target: ArrayLike<number>, probabilities: ArrayLike<number>): TunedThreshold {
  checkProbabilities(target, probabilities);
  const count = target.length;
  const rounded = Float32Array.from(probabilities);
  const order = Uint32Array.from({ length: count }, (_, i) => i).sort((a, b) => rounded[b]! - rounded[a]!);
  let positives = 0;
  let atHalf = { truePositives: 0, decided: 0 };
  for (let i = 0; i < count; i++) {
    positives += target[i]!;
    if (rounded[i]! >= 0.5) atHalf = { truePositives: atHalf.truePositives + target[i]!, decided: atHalf.decided + 1 };
  }
  // 2 TP / (2 TP + FP + FN) = 2 TP / (decided + positives)
  const score = (truePositives: number, decided: number): number =>
    truePositives === 0 ? 0 : (2 * truePositives) / (decided + positives);
  let best: TunedThreshold = { threshold: 0.5, f1: score(atHalf.truePositives, atHalf.decided) };
  let truePositives = 0;
  for (let i = 0; i + 1 < count; i++) {
    truePositives += target[order[i]!]!;
    const high = rounded[order[i]!]!;
    const low = rounded[order[i + 1]!]!;
    const threshold = Math.fround((low + high) / 2);
    if (!(threshold > low && threshold <= high)) continue; // equal, or no float32 between them
    const f1 = score(truePositives, i + 1);
    const isNearer = Math.abs(threshold - 0.5) <= Math.abs(best.threshold - 0.5);
    if (f1 > best.f1 + TIE || (f1 > best.f1 - TIE && isNearer)) best = { threshold, f1 };
  }
  return best;
}
