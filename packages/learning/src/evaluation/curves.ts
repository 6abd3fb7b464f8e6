import { LearningError } from '../learning-error.js';
import { scoreRows } from './evaluate-binary.js';
import { checkWeights, type RowWeights } from './weighted-rows.js';

/** One point of the ROC and precision-recall curves: what deciding "positive when probability >= threshold" gives. */
export interface CurvePoint {
  readonly threshold: number;
  readonly truePositiveRate: number;
  readonly falsePositiveRate: number;
  readonly precision: number;
}

/** How curves are drawn. */
export interface CurveOptions {
  readonly weights?: RowWeights;
  /** At most so many points, >= 2; by default all. See {@link thinCurve}. */
  readonly pointsMax?: number;
}

/**
 * The ROC and precision-recall curves, from the strictest threshold to the loosest, at every distinct probability.
 *
 * @throws LearningError `invalid-score` as `evaluateBinary`; `too-few-rows` when a class is absent: the rates are undefined then
 */
export function traceCurves(
  target: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  { weights = null, pointsMax = Number.POSITIVE_INFINITY }: CurveOptions = {},
): CurvePoint[] {
  const scores = scoreRows(target, probabilities, 0.5).probabilities;
  checkWeights(target.length, weights);
  const count = target.length;
  const order = Uint32Array.from({ length: count }, (_, i) => i).sort((a, b) => scores[b]! - scores[a]!);
  const weightOf = (row: number): number => (weights === null ? 1 : weights[row]!);
  let [positives, whole] = [0, 0];
  for (let i = 0; i < count; i++) {
    positives += weightOf(i) * target[i]!;
    whole += weightOf(i);
  }
  if (positives === 0 || positives === whole)
    throw new LearningError('too-few-rows', 'Curves need rows of both classes.');
  const points: CurvePoint[] = [];
  let [truePositives, called] = [0, 0];
  for (let i = 0; i < count; i++) {
    const weight = weightOf(order[i]!);
    truePositives += weight * target[order[i]!]!;
    called += weight;
    const threshold = scores[order[i]!]!;
    if (called === 0 || (i + 1 < count && scores[order[i + 1]!] === threshold)) continue;
    points.push({
      threshold,
      truePositiveRate: truePositives / positives,
      falsePositiveRate: (called - truePositives) / (whole - positives),
      precision: truePositives / called,
    });
  }
  return points.length <= pointsMax ? points : thinCurve(points, pointsMax);
}

/**
 * Keeps points that lie evenly along both curves, the first and the last among them. Between two kept points no rate changes by
 * more than 3 / (pointsMax - 1) beyond one step of the curve itself, unless precision jumps about.
 *
 * @param pointsMax integer >= 2
 */
export function thinCurve(points: readonly CurvePoint[], pointsMax: number): CurvePoint[] {
  if (!Number.isInteger(pointsMax) || pointsMax < 2) {
    throw new LearningError('invalid-argument', `pointsMax must be an integer of at least 2, got ${pointsMax}.`);
  }
  if (points.length <= pointsMax) return [...points];
  const reached = new Float64Array(points.length);
  for (let i = 1; i < points.length; i++) {
    const [one, other] = [points[i - 1]!, points[i]!];
    reached[i] =
      reached[i - 1]! +
      Math.abs(other.truePositiveRate - one.truePositiveRate) +
      Math.abs(other.falsePositiveRate - one.falsePositiveRate) +
      Math.abs(other.precision - one.precision);
  }
  const step = reached[points.length - 1]! / (pointsMax - 1);
  const kept = [points[0]!];
  let next = step;
  for (let i = 1; i + 1 < points.length && kept.length < pointsMax - 1; i++) {
    if (reached[i]! < next) continue;
    kept.push(points[i]!);
    next = (Math.floor(reached[i]! / step) + 1) * step;
  }
  return [...kept, points.at(-1)!];
}

/**
 * The curves of one class against all others.
 *
 * @param outputs row-major, rows x `classCount`
 * @param label index of the class
 * @throws LearningError as {@link traceCurves}
 */
export function traceClassCurves(
  target: ArrayLike<number>,
  outputs: ArrayLike<number>,
  { classCount, label, ...options }: CurveOptions & { readonly classCount: number; readonly label: number },
): CurvePoint[] {
  const isClass = Float64Array.from(target, (value) => Number(value === label));
  const scores = Float64Array.from({ length: target.length }, (_, i) => outputs[i * classCount + label]!);
  return traceCurves(isClass, scores, options);
}
