import { expect, it } from '@jest/globals';
import {
  buildColumns,
  buildReferenceProfile,
  countDuplicateRows,
  modalShare,
  profileFeature,
  usableRows,
} from '../index.js';

const definitions = [
  { name: 'age', type: 'numeric' },
  { name: 'cp', type: 'categorical' },
] as const;

it('reads missing marks, numbers as text, codes with decimals and flags, and counts what it can not read', () => {
  const rows = [
    { age: 63, cp: 1 },
    { age: '67.0', cp: '4.0' },
    { age: '?', cp: '' },
    { age: null, cp: 'typical' },
    { cp: true },
    { age: 'old', cp: { a: 1 } },
  ];
  const [age, cp] = buildColumns(rows, definitions);
  expect(age).toEqual({
    name: 'age',
    type: 'numeric',
    values: Float32Array.of(63, 67, NaN, NaN, NaN, NaN),
    malformed: 1,
  });
  expect(cp).toEqual({ name: 'cp', type: 'categorical', values: ['1', '4', null, 'typical', '1', null], malformed: 1 });
});

it('accounts for every row: missing, infinite or in the distribution', () => {
  const [column] = buildColumns(
    [{ age: 1 }, { age: 1e39 }, { age: null }, { age: 3 }, { age: 0 }, { age: 3 }],
    definitions,
  );
  const profile = profileFeature(column!);
  expect(profile).toMatchObject({ rows: 6, missing: 1, infinite: 1, zeros: 1, min: 0, max: 3, mean: 1.75 });
  expect(usableRows(profile)).toBe(4);
  expect(modalShare(profile)).toBe(0.5);
});

it('keeps an identifier column within bounds', () => {
  const values = Array.from({ length: 3000 }, (_, i) => `id-${i}`);
  const profile = profileFeature({ name: 'id', type: 'categorical', values, malformed: 0 });
  expect(profile).toMatchObject({ rows: 3000, other: 2000 });
});

it('counts rows equal to an earlier one, telling missing from text', () => {
  const rows = [{ age: 1, cp: 'a' }, { age: 1, cp: 'a' }, { age: 1, cp: null }, { age: null, cp: null }, {}];
  expect(countDuplicateRows(buildColumns(rows, definitions))).toBe(2);
});

it('finds no duplicates among 100 000 distinct rows, in any order of features', () => {
  const values = Float32Array.from({ length: 100_000 }, (_, i) => i);
  const up = { name: 'a', type: 'numeric', values, malformed: 0 } as const;
  const down = { ...up, name: 'b', values: values.toReversed() } as const;
  expect(countDuplicateRows([up, down])).toBe(0);
  expect(countDuplicateRows([down, up])).toBe(0);
});

it('gives empty profiles for no rows', () => {
  const profile = buildReferenceProfile({ columns: buildColumns([], definitions) });
  expect(profile).toMatchObject({ rows: 0, duplicateRows: 0, prediction: null, performance: null });
  expect(profile.features[0]).toMatchObject({ min: null, mean: null, distribution: { count: 0 } });
});
