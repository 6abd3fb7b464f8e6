import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RowFingerprints } from './row-fingerprints.js';

it('counts the rows that equal an earlier one, missing values and both zeros included', () => {
  const cell = fc.constantFrom(0, -0, 1, -1, 0.1, 1e-300, 1e300, Number.NaN, Number.POSITIVE_INFINITY);
  const rows = fc.array(fc.tuple(cell, cell, cell), { maxLength: 40 });
  fc.assert(
    fc.property(rows, (table) => {
      const fingerprints = new RowFingerprints(table.length);
      for (const column of [0, 1, 2] as const) fingerprints.add(table.map((row) => row[column]));
      const different = new Set(table.map((row) => row.map((value) => value + 0).join('|')));
      expect(fingerprints.countDuplicates()).toBe(table.length - different.size);
    }),
  );
});

it('tells a million different rows apart', () => {
  const fingerprints = new RowFingerprints(1_000_000);
  fingerprints.add(Float64Array.from({ length: 1_000_000 }, (_, i) => i % 1_000));
  fingerprints.add(Float32Array.from({ length: 1_000_000 }, (_, i) => Math.floor(i / 1_000)));
  expect(fingerprints.countDuplicates()).toBe(0);
});

it('counts the rows of a large table in parts, equal ones always in the same part', () => {
  const fingerprints = new RowFingerprints(300_000);
  fingerprints.add(Float64Array.from({ length: 300_000 }, (_, i) => i % 100_000));
  const parts = [...fingerprints.countInParts()];
  expect(parts.length).toBeGreaterThan(1);
  expect(parts.reduce((sum, count) => sum + count)).toBe(200_000);
});
