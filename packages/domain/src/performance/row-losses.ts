import type { ScoredRows } from './scored-rows.js';

/** Proper losses of each row: Brier (squared error of the probability, in [0, 1]) and natural-log loss (in [0, 34.6]). */
export function rowLosses({ probabilities, labels }: ScoredRows): { brier: Float64Array; log: Float64Array } {
  const rows = probabilities.length;
  const [brier, log] = [new Float64Array(rows), new Float64Array(rows)];
  for (let i = 0; i < rows; i++) {
    const p = probabilities[i]!;
    brier[i] = (p - labels[i]!) ** 2;
    const ofTruth = labels[i] === 1 ? p : 1 - p;
    log[i] = -Math.log(Math.max(ofTruth, 1e-15)); // one confident mistake must not make the whole window infinite
  }
  return { brier, log };
}
