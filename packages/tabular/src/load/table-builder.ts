import type { TableColumn, TableDefinition } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import { type ColumnReading, type TableBlock, TEXT } from '../table-block.js';
import { buildColumn, buildTimes, type ColumnBuilder } from './column-builder.js';
import { GroupBuilder } from './group-builder.js';
import { type PackedTexts, TextPacker } from './packed-texts.js';

/** A column of numbers that a model may read. */
export interface NumberColumn {
  readonly column: TableColumn;
  /** NaN = missing. Codes of a category with texts are indices into `categories`; a text outside of them is -1. */
  read(): Float32Array;
  readonly categories: readonly string[] | undefined;
}

/** A column of texts; '' = missing. */
export interface TextColumn {
  readonly column: TableColumn;
  readonly values: PackedTexts;
}

/** Where the inputs go as they are read. */
export interface InputStore {
  /** Takes values of the input `index` for the rows from `firstRow` on. The array is used again afterwards. */
  put(index: number, firstRow: number, values: Float32Array): void;
  /** All values of an input; called when everything was put. */
  read(index: number): Float32Array;
}

/** Keeps the inputs in one SharedArrayBuffer, so that worker threads share them. */
export class MemoryStore implements InputStore {
  private readonly columns: readonly Float32Array[];

  constructor(rows: number, inputs: number) {
    const memory = new SharedArrayBuffer(4 * rows * inputs);
    this.columns = Array.from({ length: inputs }, (_, index) => new Float32Array(memory, 4 * rows * index, rows));
  }

  put(index: number, firstRow: number, values: Float32Array): void {
    this.columns[index]?.set(values, firstRow);
  }

  read(index: number): Float32Array {
    return this.columns[index] ?? new Float32Array(0);
  }
}

/** A whole table, in the order of the file, before anything is checked or left out. */
export interface RawTable {
  readonly rowCount: number;
  readonly inputs: readonly NumberColumn[];
  readonly texts: readonly TextColumn[];
  /** In double precision: amounts may be large. */
  readonly target: { readonly values: Float64Array; readonly categories: readonly string[] | undefined } | null;
  readonly weights: Float32Array | null;
  /** The same number for the same group. */
  readonly groups: Int32Array | null;
  /** Milliseconds since 1970 of dates, numbers as they are. */
  readonly times: Float64Array | null;
}

interface Slot {
  readonly name: string;
  readonly builder: ColumnBuilder;
  readonly values: Float32Array | Float64Array;
}

/**
 * Gathers the columns that training needs, block by block. Memory is taken once, for the number of rows that the version is known to have.
 */
export class TableBuilder {
  private readonly slots: readonly Slot[];
  private readonly inputs: readonly { readonly column: TableColumn; readonly builder: ColumnBuilder }[];
  private scratch = new Float32Array(0);
  private readonly texts: readonly { readonly column: TableColumn; readonly packer: TextPacker }[];
  private readonly target: Slot | null;
  private readonly weight: Slot | null;
  private readonly time: Slot | null;
  private readonly group: { readonly name: string; readonly builder: GroupBuilder; readonly values: Int32Array } | null;
  private rowCount = 0;

  /** @param rows of the version @param file shown in errors @param store of {@link inputsOf} the definition */
  constructor(
    definition: TableDefinition,
    private readonly rows: number,
    private readonly file: string,
    private readonly store: InputStore,
  ) {
    const { columns, target, weight, time, group } = definition;
    this.inputs = inputsOf(definition).map((column) => ({ column, builder: buildColumn(column) }));
    this.texts = freeColumns(definition)
      .filter(({ type }) => type === 'text')
      .map((column) => ({ column, packer: new TextPacker(rows) }));
    const find = (name: string): TableColumn => columns.find((column) => column.name === name)!; // definitions are checked before
    this.target = target
      ? { name: target.column, builder: buildColumn(find(target.column)), values: new Float64Array(rows) }
      : null;
    this.weight =
      weight === null
        ? null
        : { name: weight, builder: buildColumn({ ...find(weight), type: 'number' }), values: sharedFloat32(rows) };
    this.time = time === null ? null : { name: time, builder: buildTimes(time), values: new Float64Array(rows) };
    this.group = group === null ? null : { name: group, builder: new GroupBuilder(), values: new Int32Array(rows) };
    this.slots = [this.target, this.weight, this.time].filter((slot) => slot !== null);
  }

  /** How a column is to be read for {@link take}. */
  readonly readingOf = (name: string): ColumnReading => {
    if (this.texts.some(({ column }) => column.name === name)) return 'texts';
    const isRead =
      this.group?.name === name ||
      this.slots.some((slot) => slot.name === name) ||
      this.inputs.some(({ column }) => column.name === name);
    return isRead ? 'values' : 'skip';
  };

  /**
   * @param names of the file's columns
   * @throws DomainError `dataset-invalid` for a value of a wrong type, a column that is not in the file, or more rows than the version has
   */
  take(block: TableBlock, names: readonly string[]): void {
    const { rowCount, firstRow, placeOf } = block;
    if (firstRow + rowCount > this.rows)
      throw new DomainError('dataset-invalid', `${this.file}: more than the ${this.rows} rows that the version has.`);
    const place = { file: this.file, placeOf };
    const columnOf = (name: string) => {
      const index = names.indexOf(name);
      if (index < 0) throw new DomainError('dataset-invalid', `${this.file}: there is no column ${name}.`);
      return block.columns[index];
    };
    if (this.scratch.length < rowCount) this.scratch = new Float32Array(rowCount);
    const scratch = this.scratch.subarray(0, rowCount);
    for (const [index, { column, builder }] of this.inputs.entries()) {
      const source = columnOf(column.name);
      if (!source) continue;
      builder.fill(scratch, source, rowCount, place);
      this.store.put(index, firstRow, scratch);
    }
    for (const { name, builder, values } of this.slots) {
      const column = columnOf(name);
      if (column) builder.fill(values.subarray(firstRow, firstRow + rowCount), column, rowCount, place);
    }
    for (const { column, packer } of this.texts) {
      const source = columnOf(column.name);
      for (let row = 0; source && row < rowCount; row++)
        packer.add(source.kinds[row] === TEXT ? source.texts[row]! : '');
    }
    const groups = this.group && columnOf(this.group.name);
    if (this.group && groups) this.group.builder.fill(this.group.values.subarray(firstRow), groups, rowCount);
    this.rowCount = Math.max(this.rowCount, firstRow + rowCount);
  }

  /** @throws DomainError `dataset-invalid` when rows are missing */
  finish(): RawTable {
    if (this.rowCount < this.rows)
      throw new DomainError(
        'dataset-invalid',
        `${this.file}: ${this.rowCount} rows where the version has ${this.rows}.`,
      );
    return {
      rowCount: this.rows,
      inputs: this.inputs.map(({ column, builder }, index) => ({
        column,
        read: () => this.store.read(index),
        categories: builder.categories,
      })),
      texts: this.texts.map(({ column, packer }) => ({ column, values: packer.finish() })),
      target: this.target && {
        values: this.target.values as Float64Array, // made so above
        categories: this.target.builder.categories,
      },
      weights: (this.weight?.values as Float32Array | undefined) ?? null, // made so above
      groups: this.group?.values ?? null,
      times: (this.time?.values as Float64Array | undefined) ?? null, // made so above
    };
  }
}

/** Columns of no other role that are read. */
const freeColumns = ({ columns, target, weight, group, time }: TableDefinition): TableColumn[] => {
  const roles = [target?.column, weight, group, time];
  return columns.filter(({ name, type }) => type !== 'ignored' && !roles.includes(name));
};

/** The columns that a model of numbers reads, in the order of the file. */
export const inputsOf = (definition: TableDefinition): TableColumn[] =>
  freeColumns(definition).filter(({ type }) => type !== 'text');

const sharedFloat32 = (rows: number): Float32Array => new Float32Array(new SharedArrayBuffer(4 * rows));
