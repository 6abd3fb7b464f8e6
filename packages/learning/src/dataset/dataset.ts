import { LearningError } from '../learning-error.js';

/** What is to be learned from a table; every dataset and model carries it. */
export type Task = 'binary-classification' | 'multiclass-classification' | 'regression' | 'anomaly-detection';

/** How a column is read. `numeric`: order matters. `categorical`: numbers are codes without order. */
export type FeatureKind = 'numeric' | 'categorical';

/** One input column. Names are unique within a table. */
export interface Feature {
  readonly name: string;
  readonly kind: FeatureKind;
  /**
   * Only of a categorical column whose raw values are texts: code c of the column stands for `categories[c]`. Without it the
   * codes are what the data hold. A category that training has not seen counts as missing.
   */
  readonly categories?: readonly string[];
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
  /**
   * `rowCount` long, in a SharedArrayBuffer. Classification: the index of the row's class, in a binary task 0 (negative) or 1
   * (positive). Regression: the value. Anomaly detection: 1 where a row is known to be an anomaly, else 0.
   */
  readonly target: Float64Array;
  /** Names of the classes by index; empty in regression. */
  readonly classes: readonly string[];
  /** How much each row counts, finite and >= 0, in a SharedArrayBuffer; null when all count 1. */
  readonly weights: Float32Array | null;
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
  return { features: features.map(copyFeature), rowCount, columns: shared };
}

/** A feature without the keys it does not have: such objects compare equal after JSON and structured clone. */
export function copyFeature({ name, kind, categories }: Feature): Feature {
  return categories === undefined ? { name, kind } : { name, kind, categories: [...categories] };
}

/** What a dataset is made of. */
export interface DatasetSource extends TableSource {
  /** As in {@link Dataset}; one per row. */
  readonly target: ArrayLike<number>;
  /** Default `binary-classification`. */
  readonly task?: Task;
  /** Default `['0', '1']` in a binary task; needed in a multiclass task. */
  readonly classes?: readonly string[];
  readonly weights?: ArrayLike<number> | null;
}

const TWO_CLASSES = ['0', '1'];

const CLASS_COUNTS: Readonly<Record<Task, { readonly fewest: number; readonly most: number }>> = {
  'binary-classification': { fewest: 2, most: 2 },
  'multiclass-classification': { fewest: 2, most: 10_000 },
  regression: { fewest: 0, most: 0 },
  'anomaly-detection': { fewest: 2, most: 2 },
};

function checkClasses(task: Task, classes: readonly string[]): void {
  const { fewest, most } = CLASS_COUNTS[task];
  if (classes.length < fewest || classes.length > most) {
    throw new LearningError('invalid-dataset', `A ${task} can't have ${classes.length} classes.`);
  }
  if (new Set(classes).size < classes.length) {
    throw new LearningError('invalid-dataset', 'Two classes have the same name.');
  }
}

function describeTarget(task: Task, classCount: number): string {
  if (task === 'regression') return 'a finite number';
  return classCount === 2 ? '0 or 1' : `the index of one of ${classCount} classes`;
}

function shareTarget(target: ArrayLike<number>, task: Task, classCount: number): Float64Array {
  const isAllowed =
    task === 'regression'
      ? (value: number) => Math.abs(value) <= FLOAT32_MAX
      : (value: number) => Number.isInteger(value) && value >= 0 && value < classCount;
  const shared = new Float64Array(new SharedArrayBuffer(8 * target.length));
  for (let i = 0; i < target.length; i++) {
    if (!isAllowed(target[i]!)) {
      throw new LearningError('invalid-dataset', `The target is not ${describeTarget(task, classCount)} in row ${i}.`);
    }
    shared[i] = target[i]!;
  }
  return shared;
}

function shareWeights(weights: ArrayLike<number>): Float32Array {
  const shared = new Float32Array(new SharedArrayBuffer(4 * weights.length));
  for (let i = 0; i < weights.length; i++) {
    if (!(weights[i]! >= 0 && weights[i]! <= FLOAT32_MAX)) {
      throw new LearningError('invalid-dataset', `The weight of row ${i} is not a number >= 0.`);
    }
    shared[i] = weights[i]!;
  }
  return shared;
}

/**
 * Copies columns, target and weights into a dataset that worker threads can share.
 *
 * @throws LearningError `invalid-dataset` as {@link createFeatureTable}, or for a target or weights of another length, a class index
 *   that has no class, a value that is not finite, a negative weight
 */
export function createDataset(source: DatasetSource): Dataset {
  const { task = 'binary-classification', weights = null } = source;
  const classes =
    source.classes ?? (task === 'binary-classification' || task === 'anomaly-detection' ? TWO_CLASSES : []);
  const table = createFeatureTable(source);
  for (const [name, list] of [['target', source.target] as const, ['weights', weights] as const]) {
    if (list !== null && list.length !== table.rowCount) {
      throw new LearningError('invalid-dataset', `The ${name} has ${list.length} rows, the columns ${table.rowCount}.`);
    }
  }
  checkClasses(task, classes);
  return {
    ...table,
    task,
    target: shareTarget(source.target, task, classes.length),
    classes: [...classes],
    weights: weights === null ? null : shareWeights(weights),
  };
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
export function takeTarget(dataset: Dataset, rows: Int32Array): Float64Array {
  const target = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) target[i] = dataset.target[rows[i]!]!;
  return target;
}

/** The weights of some rows, in their order; null when all rows count 1. */
export function takeWeights({ weights }: Dataset, rows: Int32Array): Float32Array | null {
  return weights && Float32Array.from({ length: rows.length }, (_, i) => weights[rows[i]!]!);
}
