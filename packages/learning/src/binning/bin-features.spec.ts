import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { allRows, createFeatureTable } from '../dataset/dataset.js';
import { createRandom } from '../random/random.js';
import { binFeatures, placeEdges, VALUE_BINS_MAX } from './bin-features.js';

const tableOf = (values: readonly number[]) =>
  createFeatureTable({ features: [{ name: 'a', kind: 'numeric' }], columns: [values] });

const cells = fc.array(fc.oneof(fc.float({ noDefaultInfinity: true }), fc.constantFrom(0, -0, 1, 1.5, Number.NaN)), {
  minLength: 1,
  maxLength: 600,
});

// Guards parity: trees cut codes while they are trained and raw values when they predict.
it('answers "code <= b" and "x <= edge[b]" alike for every value and edge', () => {
  fc.assert(
    fc.property(cells, (values) => {
      const table = tableOf(values);
      const { codes, edges, valueBins } = binFeatures(table, allRows(table), 1);
      const cuts = edges[0]!;
      table.columns[0]!.forEach((value, i) => {
        if (Number.isNaN(value)) expect(codes[i]).toBe(valueBins[0]);
        else expect(cuts.map((edge) => Number(value <= edge))).toEqual(cuts.map((_, bin) => Number(codes[i]! <= bin)));
      });
      expect(cuts.every((edge, bin) => bin === 0 || edge > cuts[bin - 1]!)).toBe(true);
      expect(valueBins[0]).toBeLessThanOrEqual(VALUE_BINS_MAX);
    }),
  );
});

it('gives each of few distinct values its own bin', () => {
  const table = tableOf([3, 1, 2, 2, Number.NaN]);
  const { codes, edges } = binFeatures(table, allRows(table), 1);
  expect(Array.from(codes)).toEqual([2, 0, 1, 1, 3]);
  expect(Array.from(edges[0]!)).toEqual([1.5, 2.5]);
});

it('separates neighbouring float32 values, where no middle exists', () => {
  const next = 1 + 2 ** -23;
  const table = tableOf([1, next]);
  expect(Array.from(binFeatures(table, allRows(table), 1).codes)).toEqual([0, 1]);
});

it('fills bins evenly and leaves a very frequent value alone in its bin', () => {
  const random = createRandom(3);
  const values = Array.from({ length: 20_000 }, (_, i) => (i % 4 === 0 ? 0.5 : random.nextFloat()));
  const table = tableOf(values);
  const { codes, valueBins } = binFeatures(table, allRows(table), 1);
  const counts = new Float64Array(valueBins[0]!);
  for (const code of codes) counts[code]!++;
  expect(valueBins[0]).toBeGreaterThan(240);
  const sorted = Array.from(counts).sort((a, b) => b - a);
  expect(sorted[0]).toBe(5000);
  expect(sorted[1]).toBeLessThan(2 * (15_000 / 254));
});

it('knows a column without any value', () => {
  const table = tableOf([Number.NaN, Number.NaN]);
  const { codes, valueBins, edges } = binFeatures(table, allRows(table), 1);
  expect([valueBins[0], edges[0]!.length, ...codes]).toEqual([0, 0, 0, 0]);
});

it('gives neighbours of few rows a common bin', () => {
  const values = Float32Array.of(1, 2, 3, 4, 5);
  expect(Array.from(placeEdges(values, Int32Array.of(2, 1, 1, 4, 1), 3))).toEqual([2.5, 4.5]);
  const many = Float32Array.from({ length: 300 }, (_, i) => i);
  expect(placeEdges(many, new Int32Array(300).fill(1), 3)).toHaveLength(99);
});
