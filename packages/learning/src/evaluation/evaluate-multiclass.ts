import type { CalibrationBin } from '@gimbal/domain';
import { decideClasses } from '../families/predict.js';
import { LearningError } from '../learning-error.js';
import { binCalibration, calibrationError } from './calibration-bins.js';
import { rankScores, rocAucOf } from './ranking-metrics.js';
import { checkWeights, type RowWeights, weightedMean } from './weighted-rows.js';

/** How well one class is found. Weighted when rows have weights. */
export interface ClassMetrics {
  readonly name: string;
  /** Weight of the rows that are of this class, and of those called so. */
  readonly support: number;
  readonly called: number;
  /** In [0, 1]; 0 when nothing was called so. */
  readonly precision: number;
  /** In [0, 1]; 0 without such rows. */
  readonly recall: number;
  readonly f1: number;
  /** This class against all others; null when it is absent, or alone. */
  readonly rocAuc: number | null;
}

/** Metrics of many classes: plain numbers, ready to be recorded. The class called is the most probable one, the first of equals. */
export interface MulticlassMetrics {
  readonly rows: number;
  readonly accuracy: number;
  /** Means over the classes that are present or called, each counting the same. */
  readonly macroPrecision: number;
  readonly macroRecall: number;
  readonly macroF1: number;
  /** Mean over classes by their support. */
  readonly weightedF1: number;
  /** Mean over the classes present of one class against all others; null when one class is alone. */
  readonly rocAuc: number | null;
  /** Mean negative log likelihood of the true class in nats, >= 0. */
  readonly logLoss: number;
  /** Mean over rows of the squared error summed over classes (Brier, 1950), in [0, 2]. */
  readonly brier: number;
  /** Of the called class: mean gap between its probability and the share that came true, in [0, 1]. */
  readonly expectedCalibrationError: number;
}

/** Metrics with what they were computed from. */
export interface MulticlassEvaluation {
  readonly task: 'multiclass-classification';
  readonly metrics: MulticlassMetrics;
  /** In the order of the classes. */
  readonly classes: readonly ClassMetrics[];
  /** `confusion[truth][called]`, by weight; null beyond {@link CONFUSION_CLASSES_MAX} classes. */
  readonly confusion: readonly (readonly number[])[] | null;
  /** The pairs mistaken most, worst first, at most 20. */
  readonly mistakes: readonly { readonly truth: string; readonly called: string; readonly weight: number }[];
  /** Of the called class. Ten bins of equal width; empty ones are left out. */
  readonly calibration: readonly CalibrationBin[];
}

/** A larger table would be read by nobody: the worst pairs are named instead. */
const CONFUSION_CLASSES_MAX = 200;
const MISTAKES_MAX = 20;

/** Rows scored for many classes, as a served model gives them. */
export interface ScoredClasses {
  readonly target: ArrayLike<number>;
  /** float32, rows x classes. */
  readonly probabilities: Float32Array;
  readonly called: Int32Array;
  readonly classCount: number;
}

/**
 * @param outputs row-major, rows x `classCount`
 * @throws LearningError `invalid-score` for no rows, another length, a label without class, or probabilities that are not in [0, 1] or do
 *   not sum to 1 (within 1e-3)
 */
export function scoreClasses(target: ArrayLike<number>, outputs: ArrayLike<number>, classCount: number): ScoredClasses {
  if (target.length === 0 || outputs.length !== target.length * classCount) {
    throw new LearningError('invalid-score', `${outputs.length} probabilities for ${target.length} x ${classCount}.`);
  }
  for (let i = 0; i < target.length; i++) {
    const label = target[i]!;
    if (!(Number.isInteger(label) && label >= 0 && label < classCount)) {
      throw new LearningError(
        'invalid-score',
        `The label of row ${i} is not the index of one of ${classCount} classes.`,
      );
    }
    let sum = 0;
    for (let k = 0; k < classCount; k++) {
      const probability = outputs[i * classCount + k]!;
      if (!(probability >= 0 && probability <= 1)) {
        throw new LearningError('invalid-score', `A probability of row ${i} is not in [0, 1].`);
      }
      sum += probability;
    }
    if (Math.abs(sum - 1) > 1e-3) {
      throw new LearningError('invalid-score', `The probabilities of row ${i} sum to ${sum}.`);
    }
  }
  const probabilities = Float32Array.from(outputs);
  return { target, probabilities, called: decideClasses(probabilities, classCount), classCount };
}

/** Proper losses of each row: natural log of the true class's probability, and Brier's. */
export function classLosses({ target, probabilities, classCount }: ScoredClasses): {
  readonly log: Float64Array;
  readonly brier: Float64Array;
} {
  const log = new Float64Array(target.length);
  const brier = new Float64Array(target.length);
  for (let i = 0; i < target.length; i++) {
    let squares = 0;
    for (let k = 0; k < classCount; k++) squares += (probabilities[i * classCount + k]! - Number(target[i] === k)) ** 2;
    brier[i] = squares;
    log[i] = -Math.log(Math.max(probabilities[i * classCount + target[i]!]!, 1e-15)); // as in the binary loss
  }
  return { log, brier };
}

interface ClassCounts {
  readonly support: Float64Array;
  readonly calledWeight: Float64Array;
  readonly hits: Float64Array;
}

function countClasses({ target, called, classCount }: ScoredClasses, weights: RowWeights): ClassCounts {
  const counts = {
    support: new Float64Array(classCount),
    calledWeight: new Float64Array(classCount),
    hits: new Float64Array(classCount),
  };
  for (let i = 0; i < target.length; i++) {
    const weight = weights === null ? 1 : weights[i]!;
    counts.support[target[i]!]! += weight;
    counts.calledWeight[called[i]!]! += weight;
    if (called[i] === target[i]) counts.hits[target[i]!]! += weight;
  }
  return counts;
}

const ratio = (part: number, whole: number): number => (whole > 0 ? part / whole : 0);

function ratesOfClass({ support, calledWeight, hits }: ClassCounts, k: number) {
  return {
    precision: ratio(hits[k]!, calledWeight[k]!),
    recall: ratio(hits[k]!, support[k]!),
    f1: ratio(2 * hits[k]!, calledWeight[k]! + support[k]!),
  };
}

/** Means over classes; those neither present nor called say nothing. */
function averageClasses(counts: ClassCounts) {
  let [macroPrecision, macroRecall, macroF1, weightedF1, seen, whole, right] = [0, 0, 0, 0, 0, 0, 0];
  for (let k = 0; k < counts.support.length; k++) {
    if (counts.support[k] === 0 && counts.calledWeight[k] === 0) continue;
    const { precision, recall, f1 } = ratesOfClass(counts, k);
    macroPrecision += precision;
    macroRecall += recall;
    macroF1 += f1;
    weightedF1 += f1 * counts.support[k]!;
    right += counts.hits[k]!;
    whole += counts.support[k]!;
    seen++;
  }
  return {
    accuracy: right / whole,
    macroPrecision: macroPrecision / seen,
    macroRecall: macroRecall / seen,
    macroF1: macroF1 / seen,
    weightedF1: weightedF1 / whole,
  };
}

/** Headline metrics of many classes under any weights, in linear time. */
export function prepareMulticlass(rows: ScoredClasses) {
  const losses = classLosses(rows);
  return (weights: RowWeights) => ({
    ...averageClasses(countClasses(rows, weights)),
    logLoss: weightedMean(losses.log, weights),
    brier: weightedMean(losses.brier, weights),
  });
}

function measureRocAucs({ target, probabilities, classCount }: ScoredClasses, weights: RowWeights): (number | null)[] {
  const scores = new Float32Array(target.length);
  return Array.from({ length: classCount }, (_, k) => {
    for (let i = 0; i < scores.length; i++) scores[i] = probabilities[i * classCount + k]!;
    return rocAucOf(
      rankScores(scores, (row) => target[row] === k),
      weights,
    );
  });
}

function countConfusions({ target, called, classCount }: ScoredClasses, weights: RowWeights): Map<number, number> {
  const cells = new Map<number, number>();
  for (let i = 0; i < target.length; i++) {
    const key = target[i]! * classCount + called[i]!;
    cells.set(key, (cells.get(key) ?? 0) + (weights === null ? 1 : weights[i]!));
  }
  return cells;
}

/**
 * Judges probabilities of many classes against true ones.
 *
 * @param outputs row-major, rows x classes, each row summing to 1
 * @param classes names by index
 * @throws LearningError `invalid-score` as {@link scoreClasses}, `too-few-rows` when nothing counts
 */
export function evaluateMulticlass(
  target: ArrayLike<number>,
  outputs: ArrayLike<number>,
  classes: readonly string[],
  weights: RowWeights = null,
): MulticlassEvaluation {
  const rows = scoreClasses(target, outputs, classes.length);
  checkWeights(target.length, weights);
  const counts = countClasses(rows, weights);
  const rocAucs = measureRocAucs(rows, weights);
  const defined = rocAucs.filter((value) => value !== null);
  const cells = countConfusions(rows, weights);
  const cellOf = (truth: number, called: number): number => cells.get(truth * classes.length + called) ?? 0;
  const confidences = rows.called.reduce((list, k, i) => {
    list[i] = rows.probabilities[i * classes.length + k]!;
    return list;
  }, new Float32Array(target.length));
  const calibration = binCalibration(confidences, (row) => rows.called[row] === target[row], weights);
  const mistakes = [...cells]
    .map(([key, weight]) => ({ truth: Math.floor(key / classes.length), called: key % classes.length, weight }))
    .filter(({ truth, called, weight }) => truth !== called && weight > 0)
    .sort((a, b) => b.weight - a.weight || a.truth - b.truth || a.called - b.called);
  return {
    task: 'multiclass-classification',
    metrics: {
      rows: target.length,
      ...prepareMulticlass(rows)(weights),
      rocAuc: defined.length === 0 ? null : defined.reduce((sum, value) => sum + value, 0) / defined.length,
      expectedCalibrationError: calibrationError(calibration),
    },
    classes: classes.map((name, k) => ({
      name,
      support: counts.support[k]!,
      called: counts.calledWeight[k]!,
      ...ratesOfClass(counts, k),
      rocAuc: rocAucs[k]!,
    })),
    confusion:
      classes.length > CONFUSION_CLASSES_MAX
        ? null
        : classes.map((_, truth) => classes.map((__, k) => cellOf(truth, k))),
    mistakes: mistakes.slice(0, MISTAKES_MAX).map(({ truth, called, weight }) => ({
      truth: classes[truth]!,
      called: classes[called]!,
      weight,
    })),
    calibration: calibration.map(({ bin }) => bin),
  };
}
