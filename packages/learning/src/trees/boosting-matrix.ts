import { createCategoryIndex, findCategories } from '../binning/bin-categories.js';
import { hasValue, placeEdges, sampleForEdges } from '../binning/bin-features.js';
import type { FeatureTable } from '../dataset/dataset.js';
import { releaseColumns } from '../dataset/streamed-table.js';
import { checkpoint, type TrainingHooks } from '../training-hooks.js';
import type { Kernel } from '../wasm/kernel.js';
import {
  COLUMN_BYTES,
  EDGE_TREE_BYTES,
  FEATURE_BYTES,
  GROUP_BYTES,
  HAS_MISSING,
  IS_CATEGORICAL,
  SCRATCH_BYTES,
  SLOT_BYTES,
} from '../wasm/layout.js';
import { type PlannedColumn, planColumns } from './plan-columns.js';

/** Rows staged at a time on their way from a column to its codes. */
const STAGED_ROWS = 16_384;

/** One feature of the matrix. */
interface MatrixFeature {
  readonly feature: number;
  /** Value bins; the code after them stands for missing, at a categorical feature also for rare and unseen categories. */
  readonly bins: number;
  readonly hasMissing: boolean;
  /** Upper edges of the bins, one fewer than bins; null at a categorical feature. */
  readonly edges: Float32Array | null;
  /** The category of each bin; null at a numeric feature. */
  readonly categories: Float32Array | null;
}

/** An entry of the kernel's feature table: where the codes of a feature are. */
export interface MatrixEntry extends MatrixFeature {
  readonly column: number;
  readonly stride: number;
  readonly slots: number;
}

/** A column of codes in the kernel's memory. */
export interface MatrixColumn {
  readonly codes: number;
  readonly shift: number;
  readonly slots: number;
}

/** What to bin. */
export interface MatrixRequest {
  readonly table: FeatureTable;
  /** Rows in the order of their positions. */
  readonly rows: Int32Array;
  /** How many of them, from the first, bins are found on; the others are only encoded. */
  readonly learnedRows: number;
  readonly seed: number;
  /** Least rows in a bin of values, >= 1. */
  readonly binRowsMin: number;
  /** The order of a categorical feature's bins, which decides between equally good cuts. */
  readonly categoryOrder: 'frequency' | 'code';
  /** -1, 0 or 1 per feature. */
  readonly monotone: Int32Array;
  readonly hooks: TrainingHooks;
}

/**
 * The training rows as one-byte codes in the kernel's memory, with the tables that tell the kernel where what is. Columns lie in
 * groups of four, two or one, row by row within a group.
 */
export class BoostingMatrix {
  readonly rowCount: number;
  readonly featureCount: number;
  readonly columns: readonly MatrixColumn[];
  readonly entries: readonly MatrixEntry[];
  readonly groupCount: number;
  /** Bytes of the slots of each group in a histogram. */
  readonly groupBytes: readonly number[];
  /** Bytes from the address of a histogram to its mask of features. */
  readonly maskOffset: number;
  /** Addresses of the tables of columns, groups and features, and of what is active: as the kernel's `setTables` takes them. */
  readonly tables: readonly [number, number, number, number, number];
  /** Address of the entries in the order of their features. */
  readonly byFeature: number;
  private readonly activeFeatures: number;
  private readonly activeColumns: number;

  constructor(
    private readonly kernel: Kernel,
    { table, rows, learnedRows, seed, binRowsMin, categoryOrder, monotone, hooks }: MatrixRequest,
  ) {
    this.rowCount = rows.length;
    this.featureCount = table.columns.length;
    const learned = rows.subarray(0, learnedRows);
    const sampled = sampleForEdges(learned, seed);
    const sorter = new ColumnSorter(kernel, sampled.length, binRowsMin);
    const features = table.columns.map((_, j) => {
      checkpoint(hooks, 0);
      return describeFeature(table, j, { rows, learned, sampled, sorter }, categoryOrder);
    });
    sorter.release();
    const planned = planColumns(
      features.map(({ feature, bins, hasMissing }) => ({ feature, slots: bins + Number(hasMissing) })),
    );
    const groups = groupColumns(planned.length);
    this.groupCount = groups.length;
    const codes = groups.map(({ width }) => kernel.allocate(width * rows.length));
    this.columns = groups.flatMap(({ first, width }, group) =>
      planned.slice(first, first + width).map(({ slots }, i) => ({
        codes: codes[group]! + i,
        shift: Math.log2(width),
        slots,
      })),
    );
    this.entries = planned.flatMap(({ members }, column) =>
      members.map(({ feature, slots, stride }) => ({ ...features[feature]!, column, slots, stride })),
    );
    this.encode(table, rows, planned, hooks);
    releaseColumns(table);
    this.groupBytes = groups.map(({ first, width }) =>
      planned.slice(first, first + width).reduce((sum, { slots }) => sum + slots * SLOT_BYTES, 0),
    );
    this.maskOffset = 4 * groups.length;
    this.activeFeatures = kernel.allocate(this.entries.length);
    this.activeColumns = kernel.allocate(this.columns.length);
    this.byFeature = this.writeOrder();
    this.tables = this.writeTables(planned, groups, monotone);
    kernel.run.setTables(...this.tables, kernel.allocate(SCRATCH_BYTES));
  }

  /** Chooses the features that histograms are made of and cuts are found on; null for all. */
  activate(features: Int32Array | null): void {
    const { kernel, entries, columns } = this;
    const chosen = features && new Set(features);
    const ofFeatures = kernel.bytes(this.activeFeatures, entries.length);
    const ofColumns = kernel.bytes(this.activeColumns, columns.length).fill(0);
    entries.forEach(({ feature, column }, i) => {
      ofFeatures[i] = Number(chosen === null || chosen.has(feature));
      ofColumns[column]! |= ofFeatures[i]!;
    });
  }

  /** Narrows the choice to the features that a mask of {@link SplitFinder} marks. */
  narrow(mask: number): void {
    this.kernel.run.applyMask(mask, this.entries.length, this.columns.length);
  }

  private encode(table: FeatureTable, rows: Int32Array, planned: readonly PlannedColumn[], hooks: TrainingHooks): void {
    const { kernel } = this;
    const staging = {
      values: kernel.allocate(4 * STAGED_ROWS),
      codes: kernel.allocate(STAGED_ROWS),
      edges: kernel.allocate(4 * 256),
      tree: kernel.allocate(EDGE_TREE_BYTES),
    };
    let isFirst = true;
    for (const { column, stride, feature, bins, edges, categories } of this.entries) {
      checkpoint(hooks, 0);
      const { codes, shift } = this.columns[column]!;
      const isAlone = planned[column]!.members.length === 1;
      isFirst = stride === 1;
      if (edges !== null) kernel.floats(staging.edges, 256).fill(Number.POSITIVE_INFINITY).set(edges);
      const indexOf = categories && createCategoryIndex(categories, bins);
      const source = table.columns[feature]!;
      for (let from = 0; from < rows.length; from += STAGED_ROWS) {
        const count = Math.min(STAGED_ROWS, rows.length - from);
        const target = codes + (from << shift);
        if (!isAlone && isFirst) clearCodes(kernel, target, count, shift);
        const [place, placeShift] = isAlone ? [target, shift] : [staging.codes, 0];
        if (indexOf === null) {
          const values = kernel.floats(staging.values, count);
          gather(source, rows.subarray(from, from + count), values);
          kernel.run.encodeValues(staging.values, count, staging.edges, staging.tree, bins, place, placeShift);
        } else {
          const bytes = kernel.bytes(place, ((count - 1) << placeShift) + 1);
          for (let i = 0; i < count; i++) bytes[i << placeShift] = indexOf(source[rows[from + i]!]!);
        }
        if (!isAlone) kernel.run.addCodes(staging.codes, count, stride, target, shift);
      }
    }
    kernel.release(staging.values);
  }

  private writeOrder(): number {
    const order = this.entries.map((_, i) => i).sort((a, b) => this.entries[a]!.feature - this.entries[b]!.feature);
    const address = this.kernel.allocate(4 * order.length);
    this.kernel.ints(address, order.length).set(order);
    return address;
  }

  private writeTables(
    planned: readonly PlannedColumn[],
    groups: readonly { first: number; width: number }[],
    monotone: Int32Array,
  ): [number, number, number, number, number] {
    const { kernel, columns, entries } = this;
    const columnTable = kernel.allocate(COLUMN_BYTES * columns.length);
    const groupTable = kernel.allocate(GROUP_BYTES * groups.length);
    const groupOf: number[] = [];
    let entry = 0;
    groups.forEach(({ first, width }, group) => {
      const before = entry;
      let offset = 0;
      for (let column = first; column < first + width; column++) {
        const { codes, shift, slots } = columns[column]!;
        kernel.ints(columnTable + column * COLUMN_BYTES, 4).set([codes, shift, offset, slots]);
        offset += slots * SLOT_BYTES;
        entry += planned[column]!.members.length;
        groupOf.push(group);
      }
      kernel.ints(groupTable + group * GROUP_BYTES, 4).set([first, width, before, entry - before]);
    });
    const featureTable = kernel.allocate(FEATURE_BYTES * entries.length);
    entries.forEach(({ feature, column, bins, hasMissing, categories, stride, slots }, i) => {
      const flags = (hasMissing ? HAS_MISSING : 0) | (categories === null ? 0 : IS_CATEGORICAL);
      const isAlone = planned[column]!.members.length === 1;
      const fields = [groupOf[column]!, column, bins, flags, isAlone ? 0 : stride, slots, monotone[feature]!, 0];
      kernel.ints(featureTable + i * FEATURE_BYTES, 8).set(fields);
    });
    return [columnTable, groupTable, featureTable, this.activeFeatures, this.activeColumns];
  }
}

interface DescribedRows {
  readonly rows: Int32Array;
  readonly learned: Int32Array;
  readonly sampled: Int32Array;
  readonly sorter: ColumnSorter;
}

/** Finds the edges of one column after another in the kernel's memory. */
class ColumnSorter {
  private readonly values: number;
  private readonly spare: number;
  private readonly digits: number;

  constructor(
    private readonly kernel: Kernel,
    rowCount: number,
    private readonly binRowsMin: number,
  ) {
    this.values = kernel.allocate(4 * rowCount);
    this.spare = kernel.allocate(4 * rowCount);
    this.digits = kernel.allocate(4 * 3 * 2048);
  }

  /** Gives its memory back; nothing may have been taken since. */
  release(): void {
    this.kernel.release(this.values);
  }

  findEdges(column: Float32Array, rows: Int32Array): Float32Array {
    const { kernel, values, spare, digits } = this;
    gather(column, rows, kernel.floats(values, rows.length));
    const distinct = kernel.run.sortDistinct(values, rows.length, spare, digits);
    return placeEdges(kernel.floats(values, distinct), kernel.ints(spare, distinct), this.binRowsMin);
  }
}

function gather(column: Float32Array, rows: Int32Array, target: Float32Array): void {
  for (let i = 0; i < rows.length; i++) target[i] = column[rows[i]!]!;
}

function describeFeature(
  table: FeatureTable,
  feature: number,
  { rows, learned, sampled, sorter }: DescribedRows,
  categoryOrder: 'frequency' | 'code',
): MatrixFeature {
  const column = table.columns[feature]!;
  if (table.features[feature]!.kind === 'categorical') {
    const found = findCategories(column, learned);
    const categories = categoryOrder === 'code' ? found.sort() : found;
    const indexOf = createCategoryIndex(categories, categories.length);
    const hasMissing = rows.some((row) => indexOf(column[row]!) === categories.length);
    return { feature, bins: categories.length, hasMissing, edges: null, categories };
  }
  const edges = sorter.findEdges(column, sampled);
  const bins = hasValue(column, learned) ? edges.length + 1 : 0;
  return { feature, bins, hasMissing: hasGap(column, rows), edges, categories: null };
}

function hasGap(column: Float32Array, rows: Int32Array): boolean {
  for (let i = 0; i < rows.length; i++) if (Number.isNaN(column[rows[i]!]!)) return true;
  return false;
}

/** Groups of four, then what is left as two and one. */
function groupColumns(count: number): { first: number; width: number }[] {
  const groups: { first: number; width: number }[] = [];
  for (let first = 0; first < count; ) {
    const left = count - first;
    const width = left >= 4 ? 4 : left >= 2 ? 2 : 1;
    groups.push({ first, width });
    first += width;
  }
  return groups;
}

function clearCodes(kernel: Kernel, target: number, count: number, shift: number): void {
  const bytes = kernel.bytes(target, ((count - 1) << shift) + 1);
  for (let at = 0; at < bytes.length; at += 1 << shift) bytes[at] = 0;
}
