import { type Dataset, type LabelledTexts, takeTarget, takeWeights } from '@gimbal/learning';
import { openTexts, type PackedTexts } from '@gimbal/tabular';

/** Some texts of a column: plain data, for worker threads. */
export interface ChosenTexts {
  readonly texts: PackedTexts;
  readonly rows: Int32Array;
}

/** The same with their classes; target and weights are those of the chosen rows. */
export type ChosenLabels = ChosenTexts & Omit<LabelledTexts, 'texts'>;

/** Texts with their classes, split. */
export interface TextSet {
  /** The name of the column. */
  readonly column: string;
  readonly texts: PackedTexts;
  /** The classes alone, in the form in which tables are split and judged. */
  readonly labels: Dataset & { readonly task: 'multiclass-classification' };
  readonly trainRows: Int32Array;
  readonly holdoutRows: Int32Array;
}

export const readTexts = ({ texts, rows }: ChosenTexts): string[] => Array.from(rows, openTexts(texts));

/** Those to learn from. */
export function chooseLabelled({ labels, texts, trainRows: rows }: TextSet): ChosenLabels {
  return {
    ...{ texts, rows },
    target: takeTarget(labels, rows),
    classes: labels.classes,
    weights: takeWeights(labels, rows),
  };
}
