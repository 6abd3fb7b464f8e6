/** Probabilities of the positive class, the truth (1 positive, 0 negative), and the decision threshold; equal lengths. */
export interface ScoredRows {
  readonly probabilities: ArrayLike<number>;
  readonly labels: ArrayLike<0 | 1>;
  readonly threshold: number;
}

/** Probability in [0, 1]; NaN is not. */
export const isProbability = (value: number): boolean => value >= 0 && value <= 1;

/** Keeps the rows with a valid probability and label, and counts the others: an invalid score is an error before it is ranked. */
export function selectScored(rows: ScoredRows): { scored: ScoredRows; invalid: number } {
  const kept: number[] = [];
  for (let i = 0; i < rows.probabilities.length; i++)
    if (isProbability(rows.probabilities[i]!) && (rows.labels[i] === 0 || rows.labels[i] === 1)) kept.push(i);
  const probabilities = Float64Array.from(kept, (i) => rows.probabilities[i]!);
  const labels = kept.map((i) => rows.labels[i]!);
  return {
    scored: { probabilities, labels, threshold: rows.threshold },
    invalid: rows.probabilities.length - kept.length,
  };
}
