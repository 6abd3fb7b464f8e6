import { expect, it } from '@jest/globals';
import { createDataset, createFeatureTable, toRowMajor } from './dataset.js';

const numeric = (name: string) => ({ name, kind: 'numeric' as const });

it('rounds values to float32 once and keeps missing ones', () => {
  const table = createFeatureTable({ features: [numeric('a')], columns: [[0.1, Number.NaN]] });
  expect(Array.from(table.columns[0]!)).toEqual([Math.fround(0.1), Number.NaN]);
});

it('shares its memory with a worker instead of copying it', () => {
  const dataset = createDataset({ features: [numeric('a')], columns: [[1, 2]], target: [0, 1] });
  const seenByWorker = structuredClone(dataset);
  dataset.columns[0]![1] = 9;
  dataset.target[0] = 1;
  expect(seenByWorker.columns[0]![1]).toBe(9);
  expect(seenByWorker.target[0]).toBe(1);
});

it('lays rows out as ONNX Runtime takes them', () => {
  const table = createFeatureTable({
    features: [numeric('a'), numeric('b')],
    columns: [
      [1, 2, 3],
      [4, 5, 6],
    ],
  });
  expect(Array.from(toRowMajor(table, Int32Array.of(2, 0)))).toEqual([3, 6, 1, 4]);
});

it('refuses what can not be learned from, naming the column or the row', () => {
  const make = (columns: number[][], target: number[], names = ['a', 'b']) => {
    return () => createDataset({ features: names.map(numeric), columns, target });
  };
  expect(make([[1], [Number.POSITIVE_INFINITY]], [1])).toThrow('Column "b" is infinite or beyond float32 in row 0.');
  expect(make([[1], [1e39]], [1])).toThrow('Column "b" is infinite or beyond float32 in row 0.');
  expect(make([[1, 2], [1]], [1, 0])).toThrow('Column "b" has 1 rows, the first one 2.');
  expect(make([[1]], [1])).toThrow('2 features but 1 columns.');
  expect(make([[1], [2]], [2])).toThrow('The target is not 0 or 1 in row 0.');
  expect(make([[1], [2]], [1, 0])).toThrow('The target has 2 rows, the columns 1.');
  expect(make([[1], [2]], [1], ['a', 'a'])).toThrow('Two features are named "a".');
  expect(make([], [], [])).toThrow('A table needs at least one feature.');
});
