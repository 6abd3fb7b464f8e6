import { LearningError } from '../../learning-error.js';
import { type FitRequest, takeTrainingTarget } from '../fit-request.js';

/** The rows that count, and how much. */
export interface WeighedRows {
  readonly rows: Int32Array;
  readonly target: Float64Array;
  /** One per row, > 0; null when all are 1. */
  readonly weights: Float64Array | null;
}

/**
 * Leaves out the rows of weight 0.
 *
 * @throws LearningError `too-few-rows` when no rows are left or all have the same target
 */
export function weighRows({ dataset, rows: given }: FitRequest<unknown>): WeighedRows {
  const all = dataset.weights;
  const rows = all === null ? given : given.filter((row) => all[row]! > 0);
  if (rows.length === 0 && given.length > 0) {
    throw new LearningError('too-few-rows', `All ${given.length} training rows have the weight 0.`);
  }
  const target = takeTrainingTarget(dataset, rows);
  return { rows, target, weights: all && Float64Array.from(rows, (row) => all[row]!) };
}

/**
 * Multiplies weights so that every class that occurs weighs the same and the sum stays (scikit-learn's `balanced`).
 *
 * @param target index of the class of each row
 */
export function balanceWeights(target: Float64Array, weights: Float64Array | null, classCount: number): Float64Array {
  const ofClass = new Float64Array(classCount);
  target.forEach((k, i) => {
    ofClass[k]! += weights === null ? 1 : weights[i]!;
  });
  const total = ofClass.reduce((sum, weight) => sum + weight, 0);
  const present = ofClass.reduce((count, weight) => count + Number(weight > 0), 0);
  return target.map((k, i) => ((weights === null ? 1 : weights[i]!) * total) / (present * ofClass[k]!));
}
