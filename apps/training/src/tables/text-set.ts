import { type Dataset, type LabelledTexts, takeTarget, takeWeights } from '@gimbal/learning';

/** Texts with their classes, split. */
export interface TextSet {
  /** The name of the column. */
  readonly column: string;
  readonly texts: readonly string[];
  /** The classes alone, in the form in which tables are split and judged. */
  readonly labels: Dataset & { readonly task: 'multiclass-classification' };
  readonly trainRows: Int32Array;
  readonly holdoutRows: Int32Array;
}

export const takeTexts = ({ texts }: TextSet, rows: Int32Array): string[] =>
  Array.from(rows, (row) => texts[row] ?? '');

/** Those to learn from. */
export function takeLabelled(set: TextSet): LabelledTexts {
  const { labels, trainRows } = set;
  return {
    texts: takeTexts(set, trainRows),
    target: takeTarget(labels, trainRows),
    classes: labels.classes,
    weights: takeWeights(labels, trainRows),
  };
}
