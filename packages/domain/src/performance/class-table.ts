import { type Interval, wilsonInterval } from '../statistics/wilson-interval.js';

/** How well one class is found; null where the denominator is 0. */
export interface ClassPerformance {
  readonly name: string;
  /** Rows that are of this class, and rows that were taken for it. */
  readonly rows: number;
  readonly called: number;
  readonly recall: number | null;
  /** Wilson's interval of the recall, at the level of the assessment's other intervals. */
  readonly recallInterval: Interval | null;
  readonly precision: number | null;
  readonly f1: number | null;
}

/** Every class in the order of the model. */
export interface ClassTable {
  readonly classes: readonly ClassPerformance[];
  /** `confusion[truth][called]`; null beyond {@link CONFUSION_CLASSES_MAX} classes. */
  readonly confusion: readonly (readonly number[])[] | null;
}

/** A larger table would be read by nobody. */
export const CONFUSION_CLASSES_MAX = 100;

/** Rows by class; weights are counts of draws. */
export interface ClassCounts {
  readonly support: Float64Array;
  readonly called: Float64Array;
  readonly hits: Float64Array;
}

/** Truth and what it was taken for, both as indices of classes. */
export interface CalledRows {
  readonly labels: ArrayLike<number>;
  readonly called: ArrayLike<number>;
  readonly classCount: number;
}

export function countClasses({ labels, called, classCount }: CalledRows, weights?: ArrayLike<number>): ClassCounts {
  const counts = {
    support: new Float64Array(classCount),
    called: new Float64Array(classCount),
    hits: new Float64Array(classCount),
  };
  for (let i = 0; i < labels.length; i++) {
    const weight = weights ? weights[i]! : 1;
    counts.support[labels[i]!]! += weight;
    counts.called[called[i]!]! += weight;
    if (labels[i] === called[i]) counts.hits[labels[i]!]! += weight;
  }
  return counts;
}

const ratio = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null);

/**
 * Means over classes, each counting the same, as scikit-learn defines them: of F1 over those present or called (`f1_score` macro), of recall over
 * those present (`balanced_accuracy_score`).
 */
export function averageClasses({ support, called, hits }: ClassCounts): {
  readonly macroF1: number | null;
  readonly balancedAccuracy: number | null;
} {
  let [f1, seen, recall, present] = [0, 0, 0, 0];
  for (let k = 0; k < support.length; k++) {
    if (support[k]! + called[k]! === 0) continue;
    seen++;
    f1 += (2 * hits[k]!) / (support[k]! + called[k]!);
    if (support[k] === 0) continue;
    present++;
    recall += hits[k]! / support[k]!;
  }
  return { macroF1: ratio(f1, seen), balancedAccuracy: ratio(recall, present) };
}

/** Recall, precision and F1 of each class, and who was taken for whom. */
export function tabulateClasses(rows: CalledRows, classes: readonly string[]): ClassTable {
  const { support, called, hits } = countClasses(rows);
  return {
    classes: classes.map((name, k) => ({
      name,
      rows: support[k]!,
      called: called[k]!,
      recall: ratio(hits[k]!, support[k]!),
      recallInterval: support[k]! > 0 ? wilsonInterval(hits[k]!, support[k]!) : null,
      precision: ratio(hits[k]!, called[k]!),
      f1: ratio(2 * hits[k]!, support[k]! + called[k]!),
    })),
    confusion: classes.length > CONFUSION_CLASSES_MAX ? null : countPairs(rows),
  };
}

function countPairs({ labels, called, classCount }: CalledRows): number[][] {
  const pairs = Array.from({ length: classCount }, () => new Array<number>(classCount).fill(0));
  for (let i = 0; i < labels.length; i++) pairs[labels[i]!]![called[i]!]!++;
  return pairs;
}
