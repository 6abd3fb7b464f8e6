import { LearningError } from '../learning-error.js';
import { scoreRows } from './evaluate-binary.js';
import { rankDescending } from './ranking-metrics.js';
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

/** Every point of the curves, each time anew when it is gone over: of many rows a list of all would be the largest there is. */
function* tracePoints(target: ArrayLike<number>, scores: Float32Array, weights: RowWeights): Generator<CurvePoint> {
  const count = target.length;
  const order = rankDescending(scores);
  const weightOf = (row: number): number => (weights === null ? 1 : weights[row]!);
  let [positives, whole] = [0, 0];
  for (let i = 0; i < count; i++) {
    positives += weightOf(i) * target[i]!;
    whole += weightOf(i);
  }
  if (positives === 0 || positives === whole)
    throw new LearningError('too-few-rows', 'Curves need rows of both classes.');
  let [truePositives, called] = [0, 0];
  for (let i = 0; i < count; i++) {
    const weight = weightOf(order[i]!);
    truePositives += weight * target[order[i]!]!;
    called += weight;
    const threshold = scores[order[i]!]!;
    if (called === 0 || (i + 1 < count && scores[order[i + 1]!] === threshold)) continue;
    yield {
      threshold,
      truePositiveRate: truePositives / positives,
      falsePositiveRate: (called - truePositives) / (whole - positives),
      precision: truePositives / called,
    };
  }
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
  const scores = Float32Array.from(scoreRows(target, probabilities, 0.5).probabilities);
  checkWeights(target.length, weights);
  const points = { [Symbol.iterator]: () => tracePoints(target, scores, weights) };
  return pointsMax === Number.POSITIVE_INFINITY ? [...points] : thinCurve(points, pointsMax);
}

/** How far a curve goes from one point to the next: the sum of what its rates change by. */
const distance = (one: CurvePoint, other: CurvePoint): number =>
  Math.abs(other.truePositiveRate - one.truePositiveRate) +
  Math.abs(other.falsePositiveRate - one.falsePositiveRate) +
  Math.abs(other.precision - one.precision);

function measureCurve(points: Iterable<CurvePoint>): { readonly count: number; readonly length: number } {
  let [count, length] = [0, 0];
  let before: CurvePoint | undefined;
  for (const point of points) {
    if (before) length += distance(before, point);
    before = point;
    count++;
  }
  return { count, length };
}

/**
 * Keeps points that lie evenly along both curves, the first and the last among them. Between two kept points no rate changes by
 * more than 3 / (pointsMax - 1) beyond one step of the curve itself, unless precision jumps about.
 *
 * @param points gone over twice
 * @param pointsMax integer >= 2
 */
export function thinCurve(points: Iterable<CurvePoint>, pointsMax: number): CurvePoint[] {
  if (!Number.isInteger(pointsMax) || pointsMax < 2) {
    throw new LearningError('invalid-argument', `pointsMax must be an integer of at least 2, got ${pointsMax}.`);
  }
  const { count, length } = measureCurve(points);
  if (count <= pointsMax) return [...points];
  const step = length / (pointsMax - 1);
  const kept: CurvePoint[] = [];
  let [at, reached, next] = [0, 0, 0];
  let before: CurvePoint | undefined;
  for (const point of points) {
    if (before) reached += distance(before, point);
    before = point;
    at++;
    const isDue = reached >= next && kept.length < pointsMax - 1;
    if (!isDue && at < count) continue;
    kept.push(point);
    next = (Math.floor(reached / step) + 1) * step;
  }
  return kept;
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
  const isClass = Uint8Array.from({ length: target.length }, (_, i) => Number(target[i] === label));
  const scores = Float32Array.from({ length: target.length }, (_, i) => outputs[i * classCount + label]!);
  return traceCurves(isClass, scores, options);
}
