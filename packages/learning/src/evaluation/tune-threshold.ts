import { scoreRows } from './evaluate-binary.js';
import { rankDescending } from './ranking-metrics.js';
import type { RowWeights } from './weighted-rows.js';

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
 * probabilities, so that no prediction of these rows sits on the threshold, where rounding would decide. Calling every row
 * positive is no candidate, though for a poor model its F1 may be highest.
 *
 * Ties go to the threshold nearest 0.5, then to the lower one. With weights, a row counts for its weight in F1.
 *
 * @throws LearningError `invalid-score` as `evaluateBinary`
 */
export function tuneThreshold(
  target: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  weights: RowWeights = null,
): TunedThreshold {
  const scores = Float32Array.from(scoreRows(target, probabilities, 0.5).probabilities);
  const order = rankDescending(scores);
  const weightOf = (row: number): number => (weights === null ? 1 : weights[row]!);
  let positives = 0;
  let calledAtHalf = 0;
  let trueAtHalf = 0;
  for (let i = 0; i < scores.length; i++) {
    const weight = weightOf(i);
    positives += weight * target[i]!;
    if (scores[i]! < 0.5) continue;
    calledAtHalf += weight;
    trueAtHalf += weight * target[i]!;
  }
  // 2 TP / (2 TP + FP + FN) = 2 TP / (called + positives)
  const score = (hits: number, calls: number): number => (hits === 0 ? 0 : (2 * hits) / (calls + positives));
  let best: TunedThreshold = { threshold: 0.5, f1: score(trueAtHalf, calledAtHalf) };
  let truePositives = 0;
  let called = 0;
  for (let i = 0; i + 1 < scores.length; i++) {
    const weight = weightOf(order[i]!);
    truePositives += weight * target[order[i]!]!;
    called += weight;
    const high = scores[order[i]!]!;
    const low = scores[order[i + 1]!]!;
    const threshold = Math.fround((low + high) / 2);
    if (!(threshold > low && threshold <= high)) continue; // equal, or no float32 between them
    const f1 = score(truePositives, called);
    const isNearer = Math.abs(threshold - 0.5) <= Math.abs(best.threshold - 0.5);
    if (f1 > best.f1 + TIE || (f1 > best.f1 - TIE && isNearer)) best = { threshold, f1 };
  }
  return best;
}
