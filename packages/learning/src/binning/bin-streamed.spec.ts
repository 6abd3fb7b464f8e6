import { expect, it } from '@jest/globals';
import { allRows, createFeatureTable } from '../dataset/dataset.js';
import { createRandom } from '../random/random.js';
import { binFeatures } from './bin-features.js';
import { binStreamed } from './bin-streamed.js';

const random = createRandom(5);
const columns = [0, 1, 2].map((j) =>
  Float32Array.from({ length: 250_000 }, (_, i) => (i % 97 === j ? Number.NaN : random.nextFloat() * 10 ** j)),
);
const features = ['a', 'b', 'c'].map((name) => ({ name, kind: 'numeric' as const }));
const table = createFeatureTable({ features, columns });
const rowCount = table.rowCount;

it('gives the bins that the table in memory gets, above the sample size and on some rows as well', () => {
  const source = {
    ...{ features, rowCount, blockRows: rowCount },
    readColumn: (feature: number) => columns[feature]!.slice(),
    readRows: () => columns,
    release: () => undefined,
  };
  for (const rows of [allRows(table), Int32Array.from({ length: 5_000 }, (_, i) => 7 * i)])
    expect(binStreamed(source, rows, 9)).toEqual(binFeatures(table, rows, 9));
});
