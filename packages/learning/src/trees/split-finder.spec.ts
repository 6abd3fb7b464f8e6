import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { allRows, createFeatureTable, type FeatureTable } from '../dataset/dataset.js';
import { createRandom } from '../random/random.js';
import { withKernel } from '../wasm/kernel.js';
import { BoostingMatrix } from './boosting-matrix.js';
import { allocateHistogram } from './histogram-pool.js';

/** Columns of every kind: many bins, few (so that they share a column), with gaps, categorical, constant. */
function makeTable(rows: number, seed: number): FeatureTable {
  const random = createRandom(seed);
  const draw = (bins: number, missingShare: number) =>
    Array.from({ length: rows }, () =>
      random.nextFloat() < missingShare ? Number.NaN : random.nextInteger(bins) - bins / 2,
    );
  const shapes = [
    [200, 0],
    [2, 0],
    [3, 0.1],
    [300, 0.2],
    [1, 0],
    [5, 0],
    [12, 0.05],
  ] as const;
  return createFeatureTable({
    features: shapes.map((_, j) => ({ name: `x${j}`, kind: j === 6 ? 'categorical' : 'numeric' })),
    columns: shapes.map(([bins, missingShare]) => draw(bins, missingShare)),
  });
}

/** The code of a value as binning defines it: the first edge that is not below it, the category's place, or the code for missing. */
function codeOf(value: number, { edges, categories, bins }: BoostingMatrix['entries'][number]): number {
  if (Number.isNaN(value)) return bins;
  if (categories !== null) {
    const place = categories.indexOf(value);
    return place < 0 ? bins : place;
  }
  const place = edges!.findIndex((edge) => value <= edge);
  return place < 0 ? edges!.length : place;
}

// Guards the kernel: sums by code, in plain JavaScript and in the order of rows, are the reference.
it('sums every feature of a node to the same bits as plain JavaScript, and its sibling by subtraction', () => {
  fc.assert(
    fc.property(fc.integer({ min: 4, max: 900 }), fc.integer(), (rows, seed) => {
      const table = makeTable(rows, seed);
      withKernel('alone', (kernel) => {
        const matrix = new BoostingMatrix(kernel, {
          ...{
            table,
            rows: allRows(table),
            learnedRows: rows,
            seed: 1,
            binRowsMin: 1,
            categoryOrder: 'code',
            hooks: {},
          },
          monotone: new Int32Array(table.columns.length),
        });
        matrix.activate(null);
        const random = createRandom(seed + 1);
        const grid = (value: number): number => Math.round(Math.fround(value) * 2 ** 40) / 2 ** 40;
        const pairs = Float32Array.from({ length: 2 * rows }, () => grid(random.nextFloat() - 0.5));
        const chosen = Uint32Array.from(allRows(table)).filter(() => random.nextFloat() < 0.4);
        const [pairsAt, rowsAt, orderedAt] = [8 * rows, 4 * rows, 8 * rows].map((bytes) => kernel.allocate(bytes));
        kernel.floats(pairsAt!, 2 * rows).set(pairs);
        kernel.ints(rowsAt!, chosen.length).set(chosen);
        const [all, part] = [allocateHistogram(kernel, matrix), allocateHistogram(kernel, matrix)];
        kernel.run.evaluateGroups(0, matrix.groupCount, 0, pairsAt!, rows, all, 0, 0, 0, 0);
        const expectSums = (histogram: number, isIn: (row: number) => boolean): void => {
          matrix.entries.forEach((entry, index) => {
            const sums = new Float64Array(2 * entry.slots);
            table.columns[entry.feature]!.forEach((value, row) => {
              if (!isIn(row)) return;
              sums[2 * codeOf(value, entry)]! += pairs[2 * row]!;
              sums[2 * codeOf(value, entry) + 1]! += pairs[2 * row + 1]!;
            });
            expect(kernel.doubles(kernel.run.slotsOf(index, histogram), sums.length)).toEqual(sums);
          });
        };
        expectSums(all, () => true);
        const range = kernel.allocate(16);
        kernel.run.gatherPairs(rowsAt!, chosen.length, pairsAt!, orderedAt!, range);
        const count = chosen.length;
        kernel.run.evaluateGroups(0, matrix.groupCount, rowsAt!, orderedAt!, count, part, all, all, 0, 0);
        const isChosen = new Set(chosen);
        expectSums(part, (row) => isChosen.has(row));
        expectSums(all, (row) => !isChosen.has(row));
      });
    }),
    { numRuns: 40 },
  );
});
