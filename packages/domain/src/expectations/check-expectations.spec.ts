import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkExpectations, findRefusedRows, type TableExpectations } from './check-expectations.js';

const expectations: TableExpectations = {
  rowsMin: 2,
  duplicateShareMax: 0.5,
  columns: [
    { name: 'age', type: 'number', range: [1, 120], missing: 'refused', missingShareMax: 0 },
    { name: 'thal', type: 'category', allowed: [3, 6, 7], missing: 'allowed', missingShareMax: 0.5 },
  ],
};
const table = (age: number[], thal: number[]) =>
  new Map([
    ['age', age],
    ['thal', thal],
  ]);
const broken = (of: Map<string, number[]>) =>
  checkExpectations(of, expectations)
    .filter(({ passed }) => !passed)
    .map(({ expectation, column }) => [expectation, column]);

describe('checkExpectations', () => {
  it('passes a sound table and keeps one result for each column and expectation', () => {
    const results = checkExpectations(table([40, 50, 60], [3, Number.NaN, 7]), expectations);
    expect(results.every(({ passed }) => passed)).toBe(true);
    expect(results.filter(({ column }) => column === 'thal').map(({ expectation }) => expectation)).toEqual([
      'column-present',
      'finite',
      'allowed-values',
      'missing-share',
    ]);
  });

  it('reports every broken expectation, not only the first', () => {
    expect(broken(table([0, Number.NaN, Number.POSITIVE_INFINITY], [2, Number.NaN, Number.NaN]))).toEqual([
      ['finite', 'age'],
      ['range', 'age'],
      ['missing-share', 'age'],
      ['allowed-values', 'thal'],
      ['missing-share', 'thal'],
    ]);
  });

  it('reports a missing column, too few rows and too many duplicates', () => {
    expect(broken(new Map([['age', [40]]]))).toEqual([
      ['row-count', null],
      ['column-present', 'thal'],
    ]);
    expect(broken(table([40, 40, 40], [3, 3, 3]))).toEqual([['duplicate-share', null]]);
  });

  it('holds the limits themselves to be good', () => {
    expect(broken(table([1, 120], [3, Number.NaN]))).toEqual([]);
  });

  it('shows at most five examples, whatever the size of the fault', () => {
    const result = checkExpectations(
      table(
        Array.from({ length: 999 }, (_, i) => -i - 1),
        new Array(999).fill(3),
      ),
      expectations,
    ).find(({ expectation, column }) => expectation === 'range' && column === 'age');
    expect(result?.measured).toMatchObject({ offending: 999, examples: { length: 5 } });
  });
});

it('finds exactly the rows without which no single value is refused', () => {
  const value = fc.oneof(
    fc.integer({ min: -5, max: 130 }),
    fc.constant(Number.NaN),
    fc.constant(Number.NEGATIVE_INFINITY),
  );
  const rows = fc.array(fc.tuple(value, fc.constantFrom(2, 3, 6, 7, Number.NaN)), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(rows, (pairs) => {
      const refused = new Set(
        findRefusedRows(
          table(
            pairs.map(([age]) => age),
            pairs.map(([, thal]) => thal),
          ),
          expectations.columns,
        ),
      );
      const kept = pairs.filter((_, row) => !refused.has(row));
      const perValue = checkExpectations(
        table(
          kept.map(([age]) => age),
          kept.map(([, thal]) => thal),
        ),
        expectations,
      );
      expect(
        perValue.filter(
          ({ expectation, passed }) => !passed && ['finite', 'range', 'allowed-values'].includes(expectation),
        ),
      ).toEqual([]);
      for (const row of refused) {
        const [age, thal] = pairs[row] ?? [0, 0];
        expect(age >= 1 && age <= 120 && (Number.isNaN(thal) || thal !== 2)).toBe(false);
      }
    }),
  );
});
