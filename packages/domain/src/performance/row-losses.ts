import type { ScoredRows } from './scored-rows.js';

/** Proper losses of each row: Brier (squared error of the probability, in [0, 1]) and natural-log loss (in [0, 34.6]). */
export function rowLosses({ probabilities, labels }: ScoredRows): { brier: Float64Array; log: Float64Array } {
  const brier = Float64Array.from(probabilities, (p, i) => (p - labels[i]!) ** 2);
  const log = Float64Array.from(probabilities, (p, i) => {
    const ofTruth = labels[i] === 1 ? p : 1 - p;
    return -Math.log(Math.max(ofTruth, 1e-15)); // one confident mistake must not make the whole window infinite
  });
  return { brier, log };
}
