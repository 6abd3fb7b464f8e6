import { allRows, type FeatureTable, toRowMajor } from '../dataset/dataset.js';
import { planInputs } from './input-nodes.js';

/** A tensor of rows and columns, row-major. */
interface InputTensor<Values> {
  readonly values: Values;
  readonly shape: readonly [rows: number, columns: number];
}

/** What an exported file takes; the key is the input's name, and an input that the file does not have is absent. */
export interface OnnxInputs {
  readonly features?: InputTensor<Float32Array>;
  readonly texts?: InputTensor<readonly string[]>;
}

/**
 * Arranges rows of a table as the inputs of a file exported from a model of the same features: columns of numbers as they are, codes
 * of texts as their texts, '' for missing.
 *
 * @param rows rows to take, by default all
 */
export function arrangeInputs(table: FeatureTable, rows: Int32Array = allRows(table)): OnnxInputs {
  const { numbers, texts } = planInputs(table.features);
  const numeric = { ...table, columns: numbers.map((j) => table.columns[j]!) };
  const words = (): string[] =>
    Array.from(rows).flatMap((row) => texts.map((j) => table.features[j]!.categories?.[table.columns[j]![row]!] ?? ''));
  return {
    ...(numbers.length > 0 && {
      features: { values: toRowMajor(numeric, rows), shape: [rows.length, numbers.length] },
    }),
    ...(texts.length > 0 && { texts: { values: words(), shape: [rows.length, texts.length] } }),
  };
}
