import { expect, it } from '@jest/globals';
import { allRows, createFeatureTable } from '../dataset/dataset.js';
import { createRandom } from '../random/random.js';
import { binFeatures } from './bin-features.js';
import { binStreamed, streamColumns } from './bin-streamed.js';

const random = createRandom(5);
const columns = [0, 1, 2].map((j) =>
  Float32Array.from({ length: 250_000 }, (_, i) => (i % 97 === j ? Number.NaN : random.nextFloat() * 10 ** j)),
);
const features = ['a', 'b', 'c'].map((name) => ({ name, kind: 'numeric' as const }));
const table = createFeatureTable({ features, columns });
const rowCount = table.rowCount;

it('gives the bins that the table in memory gets, above the sample size and on some rows as well', () => {
  const readColumn = (feature: number) => columns[feature]!.slice();
  for (const rows of [allRows(table), Int32Array.from({ length: 5_000 }, (_, i) => 7 * i)])
    expect(binStreamed({ features, rowCount, readColumn }, rows, 9)).toEqual(binFeatures(table, rows, 9));
});

it('reads each column once and holds one of them', () => {
  const read: number[] = [];
  const streamed = streamColumns({
    features,
    rowCount,
    readColumn: (feature) => {
      read.push(feature);
      return columns[feature]!;
    },
  });
  expect(read).toEqual([]);
  binFeatures(streamed, Int32Array.of(0, 1, 2), 1);
  expect(read).toEqual([0, 1, 2]);
  expect(streamed.columns[2]).toBe(columns[2]);
  expect(read).toEqual([0, 1, 2]);
});
