import type { TableDefinition } from '@gimbal/contracts';
import { describe, expect, it } from '@jest/globals';
import { CsvReader } from '../csv/csv-reader.js';
import { TableProfiler } from '../profile/table-profiler.js';
import { taskOf } from './check-definition.js';
import { type InferenceOptions, inferDefinition } from './infer-definition.js';

const ROWS = 60;

/** Infers a table of columns that are written by row number. */
function infer(
  columns: Readonly<Record<string, (row: number) => unknown>>,
  options: InferenceOptions = {},
  rows = ROWS,
) {
  const names = Object.keys(columns);
  const quote = (value: unknown) => `"${String(value).replaceAll('"', '""')}"`;
  const lines = Array.from({ length: rows }, (_, row) => names.map((name) => quote(columns[name]?.(row))).join(','));
  const reader = new CsvReader({ file: 'f.csv', form: { delimiter: ',', header: 'present' } });
  const profiler = new TableProfiler();
  for (const block of [reader.push(Buffer.from(`${names.join(',')}\n${lines.join('\n')}\n`)), reader.end()])
    if (block) profiler.take(block, reader.columns);
  return inferDefinition({ rows: profiler.rows, columns: [...profiler.facts()] }, options);
}

/** Type, kind and warnings of one column. */
function judge(write: (row: number) => unknown, name = 'x', rows = ROWS) {
  const { definition, profile, warnings } = infer({ [name]: write, other: (row) => row / 7 }, {}, rows);
  const codes = warnings.filter(({ column }) => column === name).map(({ code }) => code);
  return [definition.columns[0]?.type, profile.columns[0]?.kind, codes];
}

const day = (row: number): string => new Date(Date.UTC(2026, 0, 1 + row)).toISOString().slice(0, 10);

describe('a column is read as', () => {
  it.each([
    ['measurements', (row: number) => Math.sin(row), 'number', 'number', []],
    ['counts', (row: number) => (row * 7) % 31, 'number', 'number', []],
    ['few whole numbers', (row: number) => row % 4, 'number', 'number', ['maybe-codes']],
    ['0 and 1', (row: number) => row % 2, 'boolean', 'boolean', []],
    ['true and false', (row: number) => (row % 2 === 0 ? 'True' : 'False'), 'boolean', 'boolean', []],
    ['words', (row: number) => ['red', 'green', 'blue'][row % 3], 'category', 'category', []],
    ['codes with zeros', (row: number) => `0${row % 9}`, 'category', 'category', []],
    ['prose', (row: number) => `the customer ${row} asks where his card is`, 'text', 'text', []],
    ['dates', day, 'ignored', 'date', ['date-column']],
    ['dates as numbers', (row: number) => day(row % 40).replaceAll('-', ''), 'ignored', 'date', ['dates-as-numbers']],
    ['running numbers', (row: number) => 1_000 + row, 'ignored', 'id', ['id-as-number']],
    ['words of their own', (row: number) => `u-${row * 7_919}`, 'ignored', 'id', ['id-column']],
    ['one value', () => 5, 'ignored', 'number', ['constant-column']],
    ['one word', () => 'unknown', 'ignored', 'category', ['constant-column']],
    ['nothing', () => '', 'ignored', 'empty', ['all-missing']],
    [
      'numbers with infinite ones',
      (row: number) => (row === 3 ? '1e39' : row / 3),
      'number',
      'number',
      ['infinite-values'],
    ],
    ['huge whole numbers', (row: number) => 20_000_000 + ((row * 77) % 1_001), 'number', 'number', ['large-integers']],
    ['numbers and words', (row: number) => (row === 9 ? 'unknown' : row / 3), 'category', 'category', ['mixed-column']],
    [
      'numbers in another notation',
      (row: number) => `${row % 5},${row % 10}`,
      'category',
      'category',
      ['number-notation'],
    ],
  ])('%s', (_, write, type, kind, codes) => {
    expect(judge(write)).toEqual([type, kind, codes]);
  });

  it('an identifier or a time by its name as well', () => {
    expect(judge((row) => (row * 7_919) % 100_003, 'customer_id')).toEqual(['ignored', 'id', ['id-as-number']]);
    expect(judge((row) => (row * 7_919) % 100_003, 'income')).toEqual(['number', 'number', []]);
    expect(judge((row) => 1_700_000_000 + row * 3_601, 'created_at')).toEqual([
      'ignored',
      'date',
      ['dates-as-numbers'],
    ]);
  });

  it('too many categories to list, and many that can be', () => {
    expect(judge((row) => `c${row % 3_000}`, 'x', 9_000)).toEqual(['category', 'category', ['many-categories']]);
    expect(judge((row) => `c${row % 15_000}`, 'x', 40_000)).toEqual(['ignored', 'category', ['too-many-categories']]);
  });
});

describe('a target of', () => {
  const target = (write: (row: number) => unknown) => {
    const { definition, warnings } = infer({ a: (row) => row / 7, y: write }, { target: 'y' });
    const { column: _column, description: _description, ...rest } = definition.target ?? {};
    return [rest, warnings.filter(({ column }) => column === 'y').map(({ code }) => code), taskOf(definition)];
  };

  it.each([
    ['0 and 1', (row: number) => row % 2, { task: 'binary-classification', positive: '1' }, []],
    ['true and false', (row: number) => row % 2 === 0, { task: 'binary-classification', positive: 'true' }, []],
    ['yes and no', (row: number) => ['yes', 'no'][row % 2], { task: 'binary-classification', positive: 'yes' }, []],
    ['1 and 2', (row: number) => 1 + (row % 2), { task: 'binary-classification', positive: '1' }, []],
    [
      'words',
      (row: number) => ['a', 'c', 'b'][row % 3],
      { task: 'multiclass-classification', classes: ['a', 'b', 'c'] },
      [],
    ],
    [
      'few whole numbers',
      (row: number) => 10 - (row % 3),
      { task: 'multiclass-classification', classes: ['8', '9', '10'] },
      [],
    ],
    ['amounts', (row: number) => row * 1.5, { task: 'regression' }, []],
    [
      'a rare class',
      (row: number) => (row === 0 ? 'z' : ['a', 'b'][row % 2]),
      { task: 'multiclass-classification', classes: ['a', 'b', 'z'] },
      ['rare-class'],
    ],
    [
      'gaps',
      (row: number) => (row < 3 ? '' : row % 2),
      { task: 'binary-classification', positive: '1' },
      ['target-missing'],
    ],
    ['one value', () => 'yes', { task: 'binary-classification', positive: 'yes' }, ['constant-target']],
  ])('%s', (_, write, rest, codes) => {
    expect(target(write)).toEqual([rest, codes, rest.task]);
  });

  it('nothing, or too many words, is refused', () => {
    expect(() => target(() => '')).toThrow('The target y has no value in any row.');
    expect(() => infer({ y: (row) => `w${row}` }, { target: 'y' }, 1_500)).toThrow(
      'The target y has more than 1000 classes.',
    );
    expect(() => infer({ a: (row) => row }, { target: 'y' })).toThrow('The file has no column y.');
  });

  it('classes of one text is a text task; beside other inputs it is not', () => {
    const columns = {
      q: (row: number) => `please tell me about my card ${row}`,
      y: (row: number) => ['a', 'b'][row % 2],
    };
    expect(infer(columns, { target: 'y' }).definition.target).toMatchObject({
      task: 'text-classification',
      classes: ['a', 'b'],
    });
    expect(infer({ ...columns, n: (row) => row / 7 }, { target: 'y' }).definition.target?.task).toBe(
      'binary-classification',
    );
  });
});

describe('what a person says goes first', () => {
  const given = (over: Partial<TableDefinition>): TableDefinition => ({
    columns: [],
    target: null,
    group: null,
    time: null,
    weight: null,
    missingTokens: [],
    rowsMin: 1,
    duplicateShareMax: 1,
    ...over,
  });
  const column = { description: '', missing: 'allowed', missingShareMax: 1 } as const;

  it('what a text counts is no input beside it', () => {
    const columns = {
      q: (row: number) => `please tell me about my card ${row}`,
      n: (row: number) => 1 + (row % 3),
      y: (row: number) => ['a', 'b'][row % 2],
    };
    const { definition } = infer(columns, { target: 'y', given: given({ weight: 'n' }) });
    expect(definition).toMatchObject({ target: { task: 'text-classification' }, weight: 'n' });
  });

  it('of a column, whose categories are found when they are not listed', () => {
    const codes = infer(
      { c: (row) => row % 3 },
      { given: given({ columns: [{ ...column, name: 'c', type: 'category' }] }) },
    );
    expect(codes.definition.columns).toEqual([{ ...column, name: 'c', type: 'category', allowed: [0, 1, 2] }]);
    expect(() =>
      infer({ c: (row) => row }, { given: given({ columns: [{ ...column, name: 'd', type: 'number' }] }) }),
    ).toThrow('The file has no column d.');
  });

  it('of the target', () => {
    const columns = { a: (row: number) => row / 7, y: (row: number) => row % 5 };
    const above = infer(columns, { given: given({ target: { column: 'y', positiveAbove: 0, description: '' } }) });
    expect([above.definition.target, above.definition.columns[1]?.type]).toEqual([
      { column: 'y', positiveAbove: 0, description: '' },
      'number',
    ]);
    const amount = infer(columns, { given: given({ target: { column: 'y', task: 'regression', description: '' } }) });
    expect(amount.definition.columns[1]).toMatchObject({ name: 'y', type: 'number' });
    expect(() =>
      infer(columns, { given: given({ target: { column: 'y', task: 'regression', positive: 1, description: '' } }) }),
    ).toThrow('The definition contradicts itself: target: regression has neither positive nor positive_above.');
  });
});

it('profiles numbers exactly, and quantiles of many closely', () => {
  const { profile } = infer({ n: (row) => row / 10 - 100 }, {}, 20_000);
  const [column] = profile.columns;
  expect(column?.number).toMatchObject({ count: 20_000, min: -100, max: 1_899.9 });
  expect(column?.number?.mean).toBeCloseTo(899.95, 6);
  expect(column?.number?.sd).toBeCloseTo(577.3647, 3);
  expect(Math.abs((column?.number?.quantiles['0.5'] ?? 0) - 899.95)).toBeLessThan(60);
  expect(column?.distinct).toBeGreaterThan(10_000);
  expect([column?.distinctIsExact, column?.top]).toEqual([false, []]);
});
