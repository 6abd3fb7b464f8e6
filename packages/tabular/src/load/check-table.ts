import type { ExpectationSuite, TableColumn, TableDefinition } from '@gimbal/contracts';
import {
  type ColumnExpectation,
  checkColumn,
  type ExpectationResult,
  joinResults,
  RowFingerprints,
} from '@gimbal/domain';
import { openTexts, type PackedTexts } from './packed-texts.js';
import type { RawTable } from './table-builder.js';

type Suite = Pick<ExpectationSuite, 'rowsMin' | 'duplicateShareMax' | 'columns'>;

/**
 * Holds a table against its definition and the dataset's own expectations: of two limits the stricter one counts. One column is looked at at
 * a time.
 * @param onStep called after each column and some times while equal rows are counted; may throw to stop
 * @returns one result per expectation, met or not
 */
export function checkTable(
  raw: RawTable,
  definition: TableDefinition,
  suite: Suite,
  onStep: () => void,
): ExpectationResult[] {
  const rows = new RowFingerprints(raw.rowCount);
  const results: ExpectationResult[] = [];
  for (const { column, categories, read } of checkedColumns(raw, definition)) {
    const wanted = suite.columns.find(({ name }) => name === column.name);
    const values = read();
    results.push(...checkColumn(values, joinExpectations(column, categories, wanted)));
    rows.add(values);
    onStep();
  }
  // A column that the suite speaks of and the table lacks is a finding too.
  const known = new Set(definition.columns.map(({ name }) => name));
  for (const { name } of suite.columns.filter((wanted) => !known.has(wanted.name)))
    results.push(...checkColumn(undefined, { name, type: 'number', missing: 'allowed', missingShareMax: 1 }));
  return joinResults(
    results,
    { rowCount: raw.rowCount, duplicates: countDuplicates(rows, onStep) },
    {
      rowsMin: Math.max(definition.rowsMin, suite.rowsMin),
      duplicateShareMax: Math.min(definition.duplicateShareMax, suite.duplicateShareMax),
    },
  );
}

function countDuplicates(rows: RowFingerprints, onStep: () => void): number {
  let count = 0;
  for (const found of rows.countInParts()) {
    count += found;
    onStep();
  }
  return count;
}

interface CheckedColumn {
  readonly column: TableColumn;
  readonly categories: readonly string[] | undefined;
  readonly read: () => ArrayLike<number>;
}

function checkedColumns({ inputs, texts, target }: RawTable, definition: TableDefinition): CheckedColumn[] {
  const ofTarget = definition.columns.find(({ name }) => name === definition.target?.column);
  return [
    ...inputs,
    // A text takes part as a number: enough to tell equal rows, and whether it is there.
    ...texts.map(({ column, values }) => ({
      column,
      categories: undefined,
      read: () => hashTexts(values),
    })),
    ...(target && ofTarget ? [{ column: ofTarget, categories: target.categories, read: () => target.values }] : []),
  ];
}

function joinExpectations(
  column: TableColumn,
  categories: readonly string[] | undefined,
  wanted: Suite['columns'][number] | undefined,
): ColumnExpectation {
  const { name, type, allowed, range, missing, missingShareMax } = column;
  const codes = categories
    ? categories.flatMap((category, code) => (wanted?.categories?.includes(category) === false ? [] : [code]))
    : intersect(allowed, wanted?.allowed);
  return {
    name,
    type: type === 'category' ? 'category' : 'number',
    ...(codes && { allowed: codes }),
    ...((range ?? wanted?.range) && { range: narrow(range, wanted?.range) }),
    missing,
    missingShareMax: Math.min(missingShareMax, wanted?.missingShareMax ?? 1),
  };
}

type Range = readonly [number | null, number | null];

function narrow(first: Range = [null, null], second: Range = [null, null]): Range {
  const lows = [first[0], second[0]].filter((low) => low !== null);
  const highs = [first[1], second[1]].filter((high) => high !== null);
  return [lows.length > 0 ? Math.max(...lows) : null, highs.length > 0 ? Math.min(...highs) : null];
}

function intersect(
  first: readonly number[] | undefined,
  second: readonly number[] | undefined,
): readonly number[] | undefined {
  if (!first || !second) return first ?? second;
  return first.filter((code) => second.includes(code));
}

function hashTexts(texts: PackedTexts): Float64Array {
  const textOf = openTexts(texts);
  return texts.ends.map((_, row) => hashText(textOf(row)));
}

/** 53 bits that differ for different texts (cyrb53); NaN for none. */
function hashText(text: string): number {
  if (text === '') return Number.NaN;
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    high = Math.imul(high ^ code, 2_654_435_761);
    low = Math.imul(low ^ code, 1_597_334_677);
  }
  high = Math.imul(high ^ (high >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909);
  low = Math.imul(low ^ (low >>> 16), 2_246_822_507) ^ Math.imul(high ^ (high >>> 13), 3_266_489_909);
  return 4_294_967_296 * (2_097_151 & low) + (high >>> 0);
}
