import { createHash } from 'node:crypto';
import type { ColumnDefinition } from '@gimbal/contracts';
import { createDataset, type Dataset, splitHoldout } from '@gimbal/learning';
import type { LoadedData } from '../data/read-parts.js';
import type { ChosenRows, LabelledChoice } from '../labelled/choose-labelled-rows.js';

/** The rows of one training: those of the dataset first, then the labelled predictions. */
export interface TrainingSet {
  readonly dataset: Dataset;
  /** Input columns, in the order of the dataset's features. */
  readonly inputs: readonly ColumnDefinition[];
  /** Learned from. */
  readonly trainRows: Int32Array;
  /** Of the dataset, untouched by fitting, tuning and selection. */
  readonly holdoutRows: Int32Array;
  /** Labelled predictions kept apart to judge candidate and live version on. */
  readonly recentRows: Int32Array;
  /** What was answered for {@link recentRows}, before their outcome was known. */
  readonly recentAnswers: Float64Array;
  /** SHA-256 over all rows that were learned from or judged on. */
  readonly digest: string;
}

/** `testSize`: share of the dataset's rows held out, in (0, 1). */
export interface SetOptions {
  readonly testSize: number;
  readonly seed: number;
}

/** Input columns of a dataset: all but the target. */
export const inputsOf = ({ columns, target }: LoadedData['definition']): readonly ColumnDefinition[] =>
  columns.filter(({ name }) => name !== target.column);

/** 1 where the target is above the definition's mark. */
export function labelsOf({ definition, table }: LoadedData): Uint8Array {
  const { column, positiveAbove } = definition.target;
  return Uint8Array.from(table.columns.get(column) ?? [], (value) => (value > positiveAbove ? 1 : 0));
}

/**
 * Puts the rows of a training together and splits them.
 * @param choice the labelled predictions that take part; null when none were asked for
 * @throws LearningError `too-few-rows` when a class would be absent from the training part or the holdout
 */
export function buildTrainingSet(
  data: LoadedData,
  choice: LabelledChoice | null,
  { testSize, seed }: SetOptions,
): TrainingSet {
  const inputs = inputsOf(data.definition);
  const added: readonly ChosenRows[] = choice ? [choice.training, choice.recent] : [];
  const columns = inputs.map(({ name }) =>
    concat([data.table.columns.get(name) ?? [], ...added.map((rows) => rows.columns.get(name) ?? [])]),
  );
  const dataset = createDataset({
    features: inputs.map(({ name, type }) => ({ name, kind: type === 'category' ? 'categorical' : 'numeric' })),
    columns,
    target: concat([labelsOf(data), ...added.map(({ labels }) => labels)]),
  });
  const baseRows = range(0, data.table.rowCount);
  const { trainRows, testRows } = splitHoldout(dataset, { testShare: testSize, seed, rows: baseRows });
  const recentFrom = data.table.rowCount + (choice?.training.labels.length ?? 0);
  return {
    dataset,
    inputs,
    trainRows: Int32Array.from([...trainRows, ...range(data.table.rowCount, recentFrom)]),
    holdoutRows: testRows,
    recentRows: range(recentFrom, dataset.rowCount),
    recentAnswers: choice?.recent.probabilities ?? new Float64Array(0),
    digest: choice ? digestOf(data.digest, dataset, data.table.rowCount) : data.digest,
  };
}

/** Row numbers of the holdout within each part, ascending from 0. */
export function holdoutByPart({ parts }: LoadedData, holdoutRows: Int32Array): Record<string, number[]> {
  return Object.fromEntries(
    parts.map(({ name, firstRow, rows }) => [
      name,
      [...holdoutRows].filter((row) => row >= firstRow && row < firstRow + rows).map((row) => row - firstRow),
    ]),
  );
}

const range = (from: number, until: number): Int32Array =>
  Int32Array.from({ length: until - from }, (_, i) => from + i);

const concat = (lists: readonly ArrayLike<number>[]): Float64Array =>
  Float64Array.from(lists.flatMap((values) => Array.from(values)));

function digestOf(base: string, dataset: Dataset, firstLabelled: number): string {
  const hash = createHash('sha256').update(base);
  for (const column of dataset.columns) hash.update(Float32Array.from(column.subarray(firstLabelled)));
  return hash.update(Uint8Array.from(dataset.target.subarray(firstLabelled))).digest('hex');
}
