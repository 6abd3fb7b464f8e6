import type { ExpectationSuite, TableColumn, TableDefinition } from '@gimbal/contracts';
import {
  type ColumnExpectation,
  checkExpectations,
  type ExpectationResult,
  type ExpectedTable,
  type TableExpectations,
} from '@gimbal/domain';
import type { RawTable } from './table-builder.js';

type Suite = Pick<ExpectationSuite, 'rowsMin' | 'duplicateShareMax' | 'columns'>;

/**
 * Holds a table against its definition and the dataset's own expectations: of two limits the stricter one counts.
 * @returns one result per expectation, met or not
 */
export function checkTable(raw: RawTable, definition: TableDefinition, suite: Suite): ExpectationResult[] {
  const table: ExpectedTable = tableOf(raw, definition);
  const known = new Map(definition.columns.map((column) => [column.name, column]));
  const columns = [...table.keys()].map((name): ColumnExpectation => {
    const categories = categoriesOf(raw, definition, name);
    const column = known.get(name)!; // the table was built by this definition
    return joinExpectations(
      column,
      categories,
      suite.columns.find((one) => one.name === name),
    );
  });
  // A column that the suite speaks of and the table lacks is a finding too.
  const absent = suite.columns
    .filter(({ name }) => known.get(name) === undefined)
    .map(({ name }): ColumnExpectation => ({ name, type: 'number', missing: 'allowed', missingShareMax: 1 }));
  const expectations: TableExpectations = {
    columns: [...columns, ...absent],
    rowsMin: Math.max(definition.rowsMin, suite.rowsMin),
    duplicateShareMax: Math.min(definition.duplicateShareMax, suite.duplicateShareMax),
  };
  return checkExpectations(table, expectations);
}

function tableOf({ inputs, texts, target }: RawTable, definition: TableDefinition): ExpectedTable {
  return new Map<string, ArrayLike<number>>([
    ...inputs.map(({ column, values }) => [column.name, values] as const),
    // A text takes part as a number: enough to tell equal rows, and whether it is there.
    ...texts.map(({ column, values }) => [column.name, Float64Array.from(values, hashText)] as const),
    ...(target && definition.target ? [[definition.target.column, target.values] as const] : []),
  ]);
}

function categoriesOf({ inputs, target }: RawTable, definition: TableDefinition, name: string) {
  if (name === definition.target?.column) return target?.categories;
  return inputs.find(({ column }) => column.name === name)?.categories;
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
