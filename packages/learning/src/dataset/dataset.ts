import { LearningError } from '../learning-error.js';

/** What is to be learned. The union grows with multiclass and regression; every dataset and model carries it. */
export type Task = 'binary-classification';

/**
 * How a column is read. `numeric`: order matters. `categorical`: numbers are codes without order; linear models give each
 * code its own weight, trees cut the codes as ordered numbers.
 */
export type FeatureKind = 'numeric' | 'categorical';

/** One input column. Names are unique within a table. */
export interface Feature {
  readonly name: string;
  readonly kind: FeatureKind;
}

/**
 * Columns of numbers without a target: what a model predicts on.
 * All columns lie in one SharedArrayBuffer, so posting the table to a worker thread copies nothing.
 */
export interface FeatureTable {
  readonly features: readonly Feature[];
  readonly rowCount: number;
  /** One per feature, each `rowCount` long. NaN is missing; infinite values are refused. */
  readonly columns: readonly Float32Array[];
}

/** A feature table with the answer for each row: what a model learns from. */
export interface Dataset extends FeatureTable {
  readonly task: Task;
  /** 0 (negative) or 1 (positive), `rowCount` long, in a SharedArrayBuffer. */
  readonly target: Uint8Array;
}

/** Columns as they come from a reader: any list of numbers, NaN where a value is missing. */
export interface TableSource {
  readonly features: readonly Feature[];
  readonly columns: readonly ArrayLike<number>[];
}

const FLOAT32_MAX = 3.4028234663852886e38;

function checkNames(features: readonly Feature[]): void {
  if (features.length === 0) throw new LearningError('invalid-dataset', 'A table needs at least one feature.');
  const seen = new Set<string>();
  for (const { name } of features) {
    if (name === '') throw new LearningError('invalid-dataset', 'A feature has an empty name.');
    if (seen.has(name)) throw new LearningError('invalid-dataset', `Two features are named "${name}".`);
    seen.add(name);
  }
}

/**
 * Copies columns into a table that worker threads can share. Values are rounded to float32 here, once: everything after
 * (bins, thresholds, the exported model) sees the very same numbers.
 *
 * @throws LearningError `invalid-dataset` for no or repeated names, columns of unequal length, or a value that is infinite in float32
 */
export function createFeatureTable({ features, columns }: TableSource): FeatureTable {
  checkNames(features);
  if (columns.length !== features.length) {
    throw new LearningError('invalid-dataset', `${features.length} features but ${columns.length} columns.`);
  }
  const rowCount = columns[0]!.length;
  const memory = new SharedArrayBuffer(4 * rowCount * columns.length);
  const shared = columns.map((source, j) => {
    const name = features[j]!.name;
    if (source.length !== rowCount) {
      throw new LearningError(
        'invalid-dataset',
        `Column "${name}" has ${source.length} rows, the first one ${rowCount}.`,
      );
    }
    const column = new Float32Array(memory, 4 * rowCount * j, rowCount);
    for (let i = 0; i < rowCount; i++) {
      const value = source[i]!;
      column[i] = value;
      if (Math.abs(column[i]!) > FLOAT32_MAX) {
        throw new LearningError('invalid-dataset', `Column "${name}" is infinite or beyond float32 in row ${i}.`);
      }
    }
    return column;
  });
  return { features: features.map(({ name, kind }) => ({ name, kind })), rowCount, columns: shared };
}

/**
 * Copies columns and a binary target into a dataset that worker threads can share.
 *
 * @throws LearningError `invalid-dataset` as {@link createFeatureTable}, or for a target of another length or with values other than 0 and 1
 */
export function createDataset(source: TableSource & { readonly target: ArrayLike<number> }): Dataset {
  const table = createFeatureTable(source);
  if (source.target.length !== table.rowCount) {
    throw new LearningError(
      'invalid-dataset',
      `The target has ${source.target.length} rows, the columns ${table.rowCount}.`,
    );
  }
  const target = new Uint8Array(new SharedArrayBuffer(table.rowCount));
  for (let i = 0; i < table.rowCount; i++) {
    const value = source.target[i]!;
    if (value !== 0 && value !== 1)
      throw new LearningError('invalid-dataset', `The target is neither 0 nor 1 in row ${i}.`);
    target[i] = value;
  }
  return { ...table, task: 'binary-classification', target };
}

/** All rows of a table, as row indices in ascending order. */
export function allRows(table: FeatureTable): Int32Array {
  return Int32Array.from({ length: table.rowCount }, (_, i) => i);
}

/**
 * Copies rows into the layout that ONNX Runtime takes for the input `features`.
 *
 * @returns row-major float32, `rows.length` x `features.length`
 */
export function toRowMajor(table: FeatureTable, rows: Int32Array = allRows(table)): Float32Array {
  const width = table.columns.length;
  const values = new Float32Array(rows.length * width);
  table.columns.forEach((column, j) => {
    for (let i = 0; i < rows.length; i++) values[i * width + j] = column[rows[i]!]!;
  });
  return values;
}

/** The target of some rows, in their order. */
export function takeTarget(dataset: Dataset, rows: Int32Array): Uint8Array {
  const target = new Uint8Array(rows.length);
  for (let i = 0; i < rows.length; i++) target[i] = dataset.target[rows[i]!]!;
  return target;
}
