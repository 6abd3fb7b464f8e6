import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { makeFeatures, makeTable, makeTree } from '../../test/make-model.js';
import { allRows } from '../dataset/dataset.js';
import { createRandom } from '../random/random.js';
import type { Tree } from '../trees/tree.js';
import { compileTrees } from './compile-trees.js';
import { sumTrees } from './predict-trees.js';

/** As the docblock of Tree says it, one row at a time. */
function findLeaf(tree: Tree, columns: readonly Float32Array[], row: number): number {
  let node = 0;
  while (tree.feature[node]! >= 0) {
    const value = columns[tree.feature[node]!]![row]!;
    const codes = tree.categories[node] ?? null;
    const present = codes === null ? value <= tree.threshold[node]! : codes.includes(value);
    const goesLeft = Number.isNaN(value) ? tree.missingLeft[node] === 1 : present;
    node = (goesLeft ? tree.left : tree.right)[node]!;
  }
  return node;
}

it('sends every row where its tree says, however many walk together', () => {
  fc.assert(
    fc.property(
      fc.nat(),
      fc.integer({ min: 0, max: 70 }),
      fc.integer({ min: 1, max: 3 }),
      (seed, rowCount, outputs) => {
        const random = createRandom(seed);
        const features = makeFeatures(random, 1 + random.nextInteger(6));
        const table = makeTable(random, features, rowCount);
        const trees = Array.from({ length: 6 }, (_, t) => {
          const width = t % 2 === 0 ? 1 : outputs;
          const output = width === 1 ? t % outputs : 0;
          return makeTree(random, { features, depthMax: t, output, width, leaf: () => random.nextInteger(1000) });
        });
        const base = Array.from({ length: outputs }, (_, k) => k);
        const rows = allRows(table).reverse();
        const expected = Array.from(rows).flatMap((row) =>
          base.map((start, k) =>
            trees.reduce((sum, tree) => {
              const at = k - tree.output;
              return at < 0 || at >= tree.width
                ? sum
                : sum + tree.value[findLeaf(tree, table.columns, row) * tree.width + at]!;
            }, start),
          ),
        );
        expect(Array.from(sumTrees(compileTrees({ trees }), base, table.columns, rows))).toEqual(expected);
      },
    ),
  );
});
