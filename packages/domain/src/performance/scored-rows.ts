/** Probabilities of the positive class, the truth (1 positive, 0 negative), and the decision threshold; equal lengths. */
export interface ScoredRows {
  readonly probabilities: ArrayLike<number>;
  readonly labels: ArrayLike<0 | 1>;
  readonly threshold: number;
}

/** Probability in [0, 1]; NaN is not. */
export const isProbability = (value: number): boolean => value >= 0 && value <= 1;

/** Labels of yes and no in a byte each: of many rows a plain list would take eight. */
export function toBinaryLabels(labels: ArrayLike<number>): ArrayLike<0 | 1> {
  const bytes = Uint8Array.from({ length: labels.length }, (_, i) => Number(labels[i] === 1));
  return bytes as ArrayLike<number> as ArrayLike<0 | 1>; // nothing else was written
}

const isScored = ({ probabilities, labels }: ScoredRows, row: number): boolean =>
  isProbability(probabilities[row]!) && (labels[row] === 0 || labels[row] === 1);

/** Keeps the rows with a valid probability and label, and counts the others: an invalid score is an error before it is ranked. */
export function selectScored(rows: ScoredRows): { scored: ScoredRows; invalid: number } {
  const kept: number[] = [];
  let valid = 0;
  for (let i = 0; i < rows.probabilities.length; i++) if (isScored(rows, i)) valid++;
  if (valid === rows.probabilities.length) return { scored: rows, invalid: 0 };
  for (let i = 0; i < rows.probabilities.length; i++) if (isScored(rows, i)) kept.push(i);
  const probabilities = Float64Array.from(kept, (i) => rows.probabilities[i]!);
  const labels = kept.map((i) => rows.labels[i]!);
  return {
    scored: { probabilities, labels, threshold: rows.threshold },
    invalid: rows.probabilities.length - kept.length,
  };
}
