import { expect, it } from '@jest/globals';
import { fitModel } from '../families/fit-model.js';
import { predict } from '../families/predict.js';
import { createRandom } from '../random/random.js';
import { createDataset, type Dataset } from './dataset.js';
import { rowBlocks, type StreamedTable, streamColumns, takeRows } from './streamed-table.js';

const ROWS = 3_000;
const random = createRandom(11);
const columns = [0, 1, 2, 3].map((j) =>
  Array.from({ length: ROWS }, (_, i) =>
    (i + j) % 17 === 0 ? Number.NaN : j === 3 ? random.nextInteger(40) : random.nextFloat(),
  ),
);
const dataset = createDataset({
  features: columns.map((_, j) => ({ name: `x${j}`, kind: j === 3 ? 'categorical' : 'numeric' })),
  columns,
  target: Array.from({ length: ROWS }, (_, i) => Number((columns[0]![i] || 0) + (columns[3]![i] || 0) / 40 > 0.9)),
});

/** Reads every column, and every block of rows, into the memory of the one before. */
function stream(blockRows: number): { readonly streamed: Dataset; readonly read: string[] } {
  const read: string[] = [];
  const column = new Float32Array(ROWS);
  const block = dataset.columns.map(() => new Float32Array(blockRows));
  const source: StreamedTable = {
    features: dataset.features,
    rowCount: ROWS,
    blockRows,
    readColumn: (feature) => {
      read.push(`column ${feature}`);
      column.set(dataset.columns[feature]!);
      return column;
    },
    readRows: (from, until) => {
      read.push(`rows ${from}-${until}`);
      return block.map((part, j) => {
        part.set(dataset.columns[j]!.subarray(from, until));
        return part.subarray(0, until - from);
      });
    },
    release: () => {
      column.fill(-1);
    },
  };
  return { streamed: { ...dataset, ...streamColumns(source) }, read };
}

it.each(['xgboost', 'lightgbm'])(
  '%s learns from columns read one at a time what it learns in memory, and answers the same',
  (algorithm) => {
    const rows = Int32Array.from({ length: 2_000 }, (_, i) => i + Math.floor(i / 2));
    const { streamed } = stream(256);
    const fit = (source: Dataset) =>
      fitModel({
        dataset: source,
        rows,
        algorithm,
        hyperparameters: { n_estimators: 8 },
        seed: 3,
      });
    const model = fit(streamed);
    expect(model).toEqual(fit(dataset));
    expect(predict(model, streamed)).toEqual(predict(model, dataset));
    expect(predict(model, streamed, Int32Array.of(7, 2_999, 8))).toEqual(
      predict(model, dataset, Int32Array.of(7, 2_999, 8)),
    );
  },
);

it('reads a column when it is asked for, and a block of rows once for all rows in it', () => {
  const { streamed, read } = stream(1_000);
  expect(streamed.columns).toHaveLength(4);
  expect(read).toEqual([]);
  expect([streamed.columns[1], streamed.columns[1]]).toEqual([dataset.columns[1], dataset.columns[1]]);
  expect(read).toEqual(['column 1']);
  const taken = takeRows(streamed, Int32Array.of(5, 999, 2_500));
  expect(taken).toEqual(takeRows(dataset, Int32Array.of(5, 999, 2_500)));
  expect(taken.columns[2]).toEqual(Float32Array.of(...[5, 999, 2_500].map((row) => dataset.columns[2]![row]!)));
  expect(read.slice(1)).toEqual(['rows 0-1000', 'rows 2000-3000']);
  expect([...rowBlocks(dataset, Int32Array.of(3))]).toEqual([{ table: dataset, rows: Int32Array.of(3) }]);
});

it('is not read when it is posted', () => {
  const { streamed, read } = stream(1_000);
  expect(structuredClone(streamed.columns)).toHaveLength(4);
  expect(read).toEqual([]);
});
