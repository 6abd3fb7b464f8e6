import { CLASSES_MAX, type TableDefinition, type TableTarget, type TableTask } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import { taskOf } from '../inference/check-definition.js';
import { takeTexts } from './packed-texts.js';
import type { RawTable, TextColumn } from './table-builder.js';

/** An input of a model, in the words of the learning kernel. */
export interface TableFeature {
  readonly name: string;
  readonly kind: 'numeric' | 'categorical';
  /** Of a categorical one with texts: code c means `categories[c]`. */
  readonly categories?: readonly string[];
}

/** A table that can be learned from, but for its inputs. All parts have `rowCount` rows, in the order of the file. */
interface ShapedTable {
  readonly task: TableTask;
  readonly rowCount: number;
  readonly features: readonly TableFeature[];
  /** Class index, or the amount in regression, in a SharedArrayBuffer; null without a target. */
  readonly target: Float64Array | null;
  /** Binary: [negative, positive]; empty in regression and without a target. */
  readonly classes: readonly string[];
  readonly weights: Float32Array | null;
  readonly groups: Int32Array | null;
  readonly times: Float64Array | null;
  readonly texts: readonly TextColumn[];
  /** Rows of the file that were left out because they have no target. */
  readonly rowsWithoutTarget: number;
}

/** A table that can be learned from, in memory. */
export interface LearningTable extends ShapedTable {
  /** One per feature, each in a SharedArrayBuffer; NaN = missing. */
  readonly columns: readonly Float32Array[];
}

/** A table that can be learned from one column at a time. */
export interface StreamedLearningTable extends ShapedTable {
  /** Rows of the file that have a target, ascending, in a SharedArrayBuffer; null when all do. */
  readonly keptRows: Int32Array | null;
  /** The values of one feature; NaN = missing. Read each time. */
  readColumn(feature: number): Float32Array;
}

/**
 * Gives a checked table the form in which it is learned: the target as class index or amount, rows without a target left out. The raw
 * table is used up.
 * @throws DomainError `dataset-invalid` for a target outside the named classes, a weight that is not above 0, or no row with a target
 */
export function shapeTable(raw: RawTable, definition: TableDefinition): LearningTable {
  const { readColumn, keptRows: _, ...table } = shapeStreamedTable(raw, definition);
  return { ...table, columns: table.features.map((_, feature) => readColumn(feature)) };
}

/** The same without its inputs: each is read, and freed of rows without a target, when it is asked for. @throws as {@link shapeTable} */
export function shapeStreamedTable(raw: RawTable, definition: TableDefinition): StreamedLearningTable {
  const task = taskOf(definition);
  const shaped = raw.target && definition.target ? shapeTarget(raw.target, definition.target, task) : null;
  const kept = shaped ? rowsWithTarget(shaped.values) : null;
  const rowCount = kept?.length ?? raw.rowCount;
  if (rowCount === 0) throw new DomainError('dataset-invalid', 'No row has a target.');
  const keep = <A extends Float32Array | Float64Array | Int32Array>(values: A): A => compact(values, kept);
  const weights = raw.weights && keep(raw.weights);
  const wrong = weights?.findIndex((weight) => !(weight > 0 && weight < Number.POSITIVE_INFINITY)) ?? -1;
  if (wrong >= 0) throw new DomainError('dataset-invalid', `Column ${definition.weight}: a weight is not above 0.`);
  return {
    task,
    rowCount,
    features: raw.inputs.map(({ column: { name, type }, categories }) => ({
      name,
      kind: type === 'category' ? 'categorical' : 'numeric',
      ...(categories && { categories }),
    })),
    keptRows: kept,
    readColumn: (feature) => keep(raw.inputs[feature]?.read() ?? new Float32Array(0)),
    target: shaped && keep(shaped.values),
    classes: shaped?.classes ?? [],
    weights,
    groups: raw.groups && keep(raw.groups),
    times: raw.times && keep(raw.times),
    texts: raw.texts.map(({ column, values }) => ({
      column,
      values: kept ? takeTexts(values, kept) : values,
    })),
    rowsWithoutTarget: raw.rowCount - rowCount,
  };
}

interface ShapedTarget {
  readonly values: Float64Array;
  readonly classes: readonly string[];
}

function shapeTarget(
  { values, categories }: NonNullable<RawTable['target']>,
  target: TableTarget,
  task: TableTask,
): ShapedTarget {
  const shared = new Float64Array(new SharedArrayBuffer(8 * values.length));
  if (task === 'regression') {
    shared.set(values);
    return { values: shared, classes: [] };
  }
  const { positiveAbove, positive } = target;
  if (positiveAbove !== undefined) {
    for (const [row, value] of values.entries())
      shared[row] = Number.isNaN(value) ? value : Number(value > positiveAbove);
    return { values: shared, classes: ['0', '1'] };
  }
  if (positive !== undefined) {
    const code = codeOfPositive(positive, categories);
    for (const [row, value] of values.entries()) shared[row] = Number.isNaN(value) ? value : Number(value === code);
    const others = categories?.filter((category) => category !== String(positive)) ?? [];
    const negative = others.length === 1 ? others[0]! : categories ? `not ${positive}` : '0';
    return { values: shared, classes: [negative, categories ? String(positive) : '1'] };
  }
  const classes = target.classes ?? categories ?? distinctNumbers(values).map(String);
  const indexOf = new Map(classes.map((name, index) => [categories ? categories.indexOf(name) : Number(name), index]));
  for (const [row, value] of values.entries()) {
    const index = Number.isNaN(value) ? Number.NaN : indexOf.get(value);
    if (index === undefined)
      throw new DomainError('dataset-invalid', `Row ${row + 1}, target ${target.column}: not among the named classes.`);
    shared[row] = index;
  }
  return { values: shared, classes };
}

function codeOfPositive(positive: string | number | boolean, categories: readonly string[] | undefined): number {
  if (categories) {
    const code = categories.indexOf(String(positive));
    if (code < 0) throw new DomainError('dataset-invalid', `No row has the positive value "${positive}".`);
    return code;
  }
  return positive === 'true' ? 1 : positive === 'false' ? 0 : Number(positive);
}

function distinctNumbers(values: Float64Array): number[] {
  const distinct = new Set<number>();
  for (const value of values) {
    if (!Number.isNaN(value)) distinct.add(value);
    if (distinct.size > CLASSES_MAX)
      throw new DomainError('dataset-invalid', `The target has more than ${CLASSES_MAX} classes.`);
  }
  return [...distinct].sort((a, b) => a - b);
}

/** Rows that have a target; null when all do. */
function rowsWithTarget(values: Float64Array): Int32Array | null {
  const count = values.reduce((sum, value) => sum + Number(!Number.isNaN(value)), 0);
  if (count === values.length) return null;
  const rows = new Int32Array(new SharedArrayBuffer(4 * count));
  let taken = 0;
  for (let row = 0; row < values.length; row++) if (!Number.isNaN(values[row]!)) rows[taken++] = row;
  return rows;
}

/** The kept rows only. */
function compact<A extends Float32Array | Float64Array | Int32Array>(values: A, kept: Int32Array | null): A {
  if (!kept) return values;
  const bytes = values.BYTES_PER_ELEMENT * kept.length;
  const memory = values.buffer instanceof SharedArrayBuffer ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes);
  const Kind = values.constructor as new (memory: ArrayBufferLike) => A; // the same kind of array
  const result = new Kind(memory);
  for (let i = 0; i < kept.length; i++) result[i] = values[kept[i]!]!;
  return result;
}
