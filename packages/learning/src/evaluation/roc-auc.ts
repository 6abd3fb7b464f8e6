import { checkScores } from './check-scores.js';

/**
 * Area under the ROC curve as the Mann-Whitney statistic; tied scores count half.
 *
 * @returns in [0, 1], or null when a class is absent and the area is undefined
 * @throws LearningError `invalid-score` for NaN or unequal lengths
 */
export function rocAuc(target: ArrayLike<number>, scores: ArrayLike<number>): number | null {
  checkScores(target, scores);
  const count = target.length;
  const order = Uint32Array.from({ length: count }, (_, i) => i).sort((a, b) => scores[a]! - scores[b]!);
  let positives = 0;
  let positiveRanks = 0;
  for (let start = 0; start < count; ) {
    let end = start;
    let positivesHere = 0;
    const score = scores[order[start]!]!;
    for (; end < count && scores[order[end]!] === score; end++) positivesHere += target[order[end]!]!;
    positiveRanks += positivesHere * ((start + end + 1) / 2); // mean of the 1-based ranks start+1 .. end
    positives += positivesHere;
    start = end;
  }
  const negatives = count - positives;
  if (positives === 0 || negatives === 0) return null;
  return (positiveRanks - (positives * (positives + 1)) / 2) / (positives * negatives);
}
