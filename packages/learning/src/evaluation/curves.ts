import { LearningError } from '../learning-error.js';
import { scoreRows } from './evaluate-binary.js';

/** One point of the ROC and precision-recall curves: what deciding "positive when probability >= threshold" gives. */
export interface CurvePoint {
  readonly threshold: number;
  readonly truePositiveRate: number;
  readonly falsePositiveRate: number;
  readonly precision: number;
}

/**
 * The ROC and precision-recall curves, from the strictest threshold to the loosest, at every distinct probability.
 *
 * @throws LearningError `invalid-score` as `evaluateBinary`; `too-few-rows` when a class is absent: the rates are undefined then
 */
export function traceCurves(target: ArrayLike<number>, probabilities: ArrayLike<number>): CurvePoint[] {
  const scores = scoreRows(target, probabilities, 0.5).probabilities;
  const count = target.length;
  const order = Uint32Array.from({ length: count }, (_, i) => i).sort((a, b) => scores[b]! - scores[a]!);
  const positives = Array.from(target).reduce((sum, label) => sum + label, 0);
  if (positives === 0 || positives === count)
    throw new LearningError('too-few-rows', 'Curves need rows of both classes.');
  const points: CurvePoint[] = [];
  let truePositives = 0;
  for (let i = 0; i < count; i++) {
    truePositives += target[order[i]!]!;
    const threshold = scores[order[i]!]!;
    if (i + 1 < count && scores[order[i + 1]!] === threshold) continue;
    points.push({
      threshold,
      truePositiveRate: truePositives / positives,
      falsePositiveRate: (i + 1 - truePositives) / (count - positives),
      precision: truePositives / (i + 1),
    });
  }
  return points;
}
