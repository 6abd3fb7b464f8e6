import { type Dataset, takeTarget, takeWeights } from '../../dataset/dataset.js';

/** How classes are weighed, beside the weights of rows. */
export interface ClassWeighting {
  /** `balanced`: each class weighs as much as any other in sum, as in scikit-learn. */
  readonly classWeight: 'none' | 'balanced';
  /** Factor on the weight of positive rows in a binary task. */
  readonly positiveWeight: number;
}

/** Weight of each class under which all classes present weigh the same in sum: total / (classes present * weight of the class). */
function balanceClasses(target: Float64Array, weights: Float32Array | null, classCount: number): Float64Array {
  const sums = new Float64Array(classCount);
  for (let i = 0; i < target.length; i++) sums[target[i]!]! += weights === null ? 1 : weights[i]!;
  const total = sums.reduce((sum, weight) => sum + weight, 0);
  const present = sums.reduce((count, weight) => count + Number(weight > 0), 0);
  return sums.map((weight) => (weight > 0 ? total / (present * weight) : 0));
}

/**
 * How much each row counts in training.
 *
 * @returns float32 by position; null when all count 1
 */
export function weighRows(
  dataset: Dataset,
  rows: Int32Array,
  { classWeight, positiveWeight }: ClassWeighting,
): Float32Array | null {
  const given = takeWeights(dataset, rows);
  const isBalanced = dataset.task !== 'regression' && classWeight === 'balanced';
  const ofPositive = dataset.task === 'binary-classification' ? positiveWeight : 1;
  if (!isBalanced && ofPositive === 1) return given;
  const target = takeTarget(dataset, rows);
  const ofClass = isBalanced ? balanceClasses(target, given, dataset.classes.length) : null;
  return Float32Array.from({ length: target.length }, (_, i) => {
    const value = target[i]!;
    const weight = (given === null ? 1 : given[i]!) * (ofClass === null ? 1 : ofClass[value]!);
    return value === 1 ? weight * ofPositive : weight;
  });
}
