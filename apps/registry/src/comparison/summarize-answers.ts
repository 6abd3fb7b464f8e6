import type { PredictionComparison } from '@gimbal/contracts';

type Row = PredictionComparison['rows'][number];
type Summary = Pick<PredictionComparison, 'compared' | 'agreed' | 'difference'>;

/** How far two versions agree on the rows that both answered. */
export function summarizeAnswers(rows: readonly Row[]): Summary {
  const both = rows.flatMap(({ v1, v2 }) => (v1.outcome && v2.outcome ? [[v1.outcome, v2.outcome] as const] : []));
  const differences = both.map(
    ([one, other]) => (other.probability ?? other.prediction) - (one.probability ?? one.prediction),
  );
  const sizes = differences.map(Math.abs);
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    compared: both.length,
    agreed: both.filter(([one, other]) => one.prediction === other.prediction).length,
    difference:
      both.length === 0 ? null : { mean: mean(differences), meanAbsolute: mean(sizes), worst: Math.max(...sizes) },
  };
}
