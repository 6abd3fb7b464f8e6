import { RowFingerprints } from './row-fingerprints.js';

/** What one column must be like. `range` is inclusive, null = open end. Shares are in [0, 1]. */
export interface ColumnExpectation {
  readonly name: string;
  readonly type: 'number' | 'category';
  readonly allowed?: readonly number[] | undefined;
  readonly range?: readonly [number | null, number | null] | undefined;
  readonly missing: 'allowed' | 'refused';
  readonly missingShareMax: number;
}

/** What a whole table must be like. */
export interface TableExpectations {
  readonly columns: readonly ColumnExpectation[];
  readonly rowsMin: number;
  /** Largest share of rows that repeat an earlier row exactly. */
  readonly duplicateShareMax: number;
}

/** Columns of equal length by name; NaN = missing. */
export type ExpectedTable = ReadonlyMap<string, ArrayLike<number>>;

export type Expectation =
  | 'column-present'
  | 'finite'
  | 'allowed-values'
  | 'range'
  | 'missing-share'
  | 'row-count'
  | 'duplicate-share';

/** One expectation with what was measured: kept with the run, passed or not. */
export interface ExpectationResult {
  readonly expectation: Expectation;
  /** null for an expectation on the whole table. */
  readonly column: string | null;
  readonly passed: boolean;
  readonly measured: unknown;
  readonly expected: unknown;
}

/** Values shown for a broken expectation: enough to find the cause, bounded whatever the data are. */
const EXAMPLES_MAX = 5;

/** Judges every expectation; never stops at the first that is broken. Columns that nobody expects are ignored. */
export function checkExpectations(table: ExpectedTable, expectations: TableExpectations): ExpectationResult[] {
  const rowCount = rowCountOf(table);
  const rows = new RowFingerprints(rowCount);
  const results: ExpectationResult[] = [];
  for (const column of expectations.columns) {
    const values = table.get(column.name);
    results.push(...checkColumn(values, column));
    if (values) rows.add(values);
  }
  return joinResults(results, { rowCount, duplicates: rows.countDuplicates() }, expectations);
}

/**
 * All results of a table whose columns were checked one by one, in the order of {@link checkExpectations}: for tables whose columns are not
 * all in memory at once.
 */
export function joinResults(
  ofColumns: readonly ExpectationResult[],
  { rowCount, duplicates }: { readonly rowCount: number; readonly duplicates: number },
  { rowsMin, duplicateShareMax: max }: Omit<TableExpectations, 'columns'>,
): ExpectationResult[] {
  const share = rowCount === 0 ? 0 : duplicates / rowCount;
  return [
    {
      expectation: 'row-count',
      column: null,
      passed: rowCount >= rowsMin,
      measured: rowCount,
      expected: { min: rowsMin },
    },
    ...ofColumns,
    {
      expectation: 'duplicate-share',
      column: null,
      passed: share <= max,
      measured: share,
      expected: { max },
    },
  ];
}

/**
 * Rows that hold a value which no row may hold: not allowed, out of range, infinite, or missing where that is refused.
 * Ascending row numbers from 0. A table without them passes all expectations on single values.
 */
export function findRefusedRows(table: ExpectedTable, columns: readonly ColumnExpectation[]): number[] {
  const refused = new Set<number>();
  for (const column of columns) {
    const values = table.get(column.name);
    const allowed = column.allowed && new Set(column.allowed);
    for (let row = 0; values && row < values.length; row++)
      if (!isAcceptable(values[row] ?? Number.NaN, column, allowed)) refused.add(row);
  }
  return [...refused].sort((a, b) => a - b);
}

function isAcceptable(value: number, column: ColumnExpectation, allowed: ReadonlySet<number> | undefined): boolean {
  if (Number.isNaN(value)) return column.missing === 'allowed';
  return Number.isFinite(value) && isAllowed(value, allowed) && isInRange(value, column);
}

const isAllowed = (value: number, allowed: ReadonlySet<number> | undefined): boolean =>
  allowed === undefined || allowed.has(value);
const isInRange = (value: number, { range }: ColumnExpectation): boolean =>
  range === undefined || ((range[0] === null || value >= range[0]) && (range[1] === null || value <= range[1]));

const rowCountOf = (table: ExpectedTable): number => {
  for (const values of table.values()) return values.length;
  return 0;
};

/** Judges one column; undefined when the table has none of its name. */
export function checkColumn(values: ArrayLike<number> | undefined, column: ColumnExpectation): ExpectationResult[] {
  const { name, allowed, range, missingShareMax } = column;
  if (!values) return [{ expectation: 'column-present', column: name, passed: false, measured: null, expected: true }];
  const known = allowed && new Set(allowed);
  let missing = 0;
  const infinite = new Offenders();
  const foreign = new Offenders();
  const outside = new Offenders();
  for (let row = 0; row < values.length; row++) {
    const value = values[row] ?? Number.NaN;
    if (Number.isNaN(value)) missing++;
    else if (!Number.isFinite(value)) infinite.add(row, value);
    else {
      if (!isAllowed(value, known)) foreign.add(row, value);
      if (!isInRange(value, column)) outside.add(row, value);
    }
  }
  const share = values.length === 0 ? 0 : missing / values.length;
  const max = column.missing === 'refused' ? 0 : missingShareMax;
  return [
    { expectation: 'column-present', column: name, passed: true, measured: true, expected: true },
    {
      expectation: 'finite',
      column: name,
      passed: infinite.count === 0,
      measured: infinite.describe(),
      expected: { infinite: 0 },
    },
    ...(allowed === undefined
      ? []
      : [
          {
            expectation: 'allowed-values' as const,
            column: name,
            passed: foreign.count === 0,
            measured: foreign.describe(),
            expected: { allowed },
          },
        ]),
    ...(range === undefined
      ? []
      : [
          {
            expectation: 'range' as const,
            column: name,
            passed: outside.count === 0,
            measured: outside.describe(),
            expected: { range },
          },
        ]),
    { expectation: 'missing-share', column: name, passed: share <= max, measured: share, expected: { max } },
  ];
}

/** Counts what breaks an expectation and keeps the first few, with their row numbers from 0. */
class Offenders {
  count = 0;
  private readonly examples: { row: number; value: number }[] = [];

  add(row: number, value: number): void {
    this.count++;
    if (this.examples.length < EXAMPLES_MAX) this.examples.push({ row, value });
  }

  describe(): { offending: number; examples: readonly { row: number; value: number | string }[] } {
    // Infinity has no JSON form of its own.
    return {
      offending: this.count,
      examples: this.examples.map(({ row, value }) => ({ row, value: Number.isFinite(value) ? value : String(value) })),
    };
  }
}
