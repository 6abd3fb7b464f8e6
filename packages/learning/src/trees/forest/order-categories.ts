const STEPS_MAX = 20;
/** Change of the direction below which it has settled. */
const SETTLED = 1e-6;

/**
 * Scores categories so that, cut in the order of their scores, they separate many classes well: the projection of each category's
 * class shares on the first principal component of all of them, weighted by the categories' rows. For two classes this is the
 * order of their means. (Coppersmith, Hong and Hosking, 1999, "Partitioning nominal attributes in decision trees".)
 *
 * @param counts class weights, row-major: `size` categories x `classCount`; each category has some
 * @param scores where to write, at least `size` long
 */
export function scoreCategories(counts: Float64Array, size: number, classCount: number, scores: Float64Array): void {
  const weights = new Float64Array(size);
  const mean = new Float64Array(classCount);
  for (let c = 0; c < size; c++) {
    for (let k = 0; k < classCount; k++) weights[c]! += counts[c * classCount + k]!;
    for (let k = 0; k < classCount; k++) mean[k]! += counts[c * classCount + k]!;
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const shares = new Float64Array(size * classCount);
  let direction = new Float64Array(classCount);
  let widest = -1;
  for (let c = 0; c < size; c++) {
    let spread = 0;
    for (let k = 0; k < classCount; k++) {
      const share = counts[c * classCount + k]! / weights[c]! - mean[k]! / total;
      shares[c * classCount + k] = share;
      spread += weights[c]! * share * share;
    }
    // The category that stands out most is a start that the component is hardly ever orthogonal to.
    if (spread > widest) {
      widest = spread;
      direction = shares.slice(c * classCount, (c + 1) * classCount);
    }
  }
  const project = (): void => {
    for (let c = 0; c < size; c++) {
      let sum = 0;
      for (let k = 0; k < classCount; k++) sum += shares[c * classCount + k]! * direction[k]!;
      scores[c] = sum;
    }
  };
  project();
  for (let step = 0; step < STEPS_MAX; step++) {
    const next = new Float64Array(classCount);
    for (let c = 0; c < size; c++) {
      const factor = weights[c]! * scores[c]!;
      for (let k = 0; k < classCount; k++) next[k]! += factor * shares[c * classCount + k]!;
    }
    const length = Math.hypot(...next);
    if (length === 0) return;
    let change = 0;
    for (let k = 0; k < classCount; k++) {
      next[k]! /= length;
      change = Math.max(change, Math.abs(next[k]! - direction[k]!));
    }
    direction = next;
    project();
    if (change < SETTLED) return;
  }
}
