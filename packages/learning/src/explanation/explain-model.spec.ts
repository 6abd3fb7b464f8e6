import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CELLS, CODES, growRandomTree } from '../../test/grow-random-tree.js';
import { wrapLinear, wrapTrees } from '../../test/wrap-model.js';
import { createFeatureTable, type Feature, type FeatureTable } from '../dataset/dataset.js';
import type { TreeEnsembleModel } from '../families/model.js';
import { predictMargins } from '../families/predict.js';
import { createRandom, type Random } from '../random/random.js';
import type { Tree } from '../trees/tree.js';
import { type Explanation, explainModel } from './explain-model.js';

function makeFeatures(count: number): Feature[] {
  return Array.from({ length: count }, (_, j) => ({ name: `x${j}`, kind: j % 3 === 2 ? 'categorical' : 'numeric' }));
}

function makeTable(features: readonly Feature[], rowCount: number, random: Random): FeatureTable {
  const draw = ({ kind }: Feature): number => {
    if (random.nextFloat() < 0.2) return Number.NaN;
    const list = kind === 'categorical' ? [...CODES, 9] : CELLS;
    return list[random.nextInteger(list.length)]!;
  };
  return createFeatureTable({
    features,
    columns: features.map((feature) => Array.from({ length: rowCount }, () => draw(feature))),
  });
}

interface World {
  readonly model: TreeEnsembleModel;
  readonly table: FeatureTable;
}

function makeWorld({
  seed,
  features: featureCount,
  depthMax,
  rows,
  unused = [],
}: {
  readonly seed: number;
  readonly features: number;
  readonly depthMax: number;
  readonly rows: number;
  readonly unused?: readonly number[];
}): World {
  const random = createRandom(seed);
  const features = makeFeatures(featureCount);
  const outputs = 1 + random.nextInteger(3);
  const trees = Array.from({ length: 4 }, (): Tree => {
    const width = random.nextFloat() < 0.5 ? 1 : outputs;
    const output = width === 1 ? random.nextInteger(outputs) : 0;
    return growRandomTree({ features, depthMax, output, width, unused }, random);
  });
  const base = Array.from({ length: outputs }, (_, k) => k / 4);
  const model = wrapTrees({ features, link: outputs > 1 ? 'softmax' : 'sigmoid', base, scale: 1, trees });
  return { model, table: makeTable(features, rows, random) };
}

/** base + contributions, by row and output. */
function sumUp({ baseValues, contributions, featureCount, outputCount, rowCount }: Explanation): Float64Array {
  const sums = new Float64Array(rowCount * outputCount);
  for (let cell = 0; cell < sums.length; cell++) {
    sums[cell] = baseValues[cell % outputCount]!;
    for (let j = 0; j < featureCount; j++) sums[cell]! += contributions[cell * featureCount + j]!;
  }
  return sums;
}

function expectEqual(found: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(found.length).toBe(expected.length);
  let worst = 0;
  for (let i = 0; i < found.length; i++) worst = Math.max(worst, Math.abs(found[i]! - expected[i]!));
  expect(worst).toBeLessThan(tolerance);
}

/** What a tree says of a row of which only some features are known (Lundberg et al., 2020, algorithm 1). */
function expectTree(tree: Tree, cells: readonly number[], known: number, k: number): number {
  const visit = (node: number): number => {
    const feature = tree.feature[node]!;
    if (feature < 0) return tree.value[node * tree.width + k]!;
    const [left, right] = [tree.left[node]!, tree.right[node]!];
    if ((known >> feature) & 1) {
      const value = cells[feature]!;
      const codes = tree.categories[node]!;
      const inside = codes === null ? value <= tree.threshold[node]! : codes.includes(value);
      return visit((Number.isNaN(value) ? tree.missingLeft[node] === 1 : inside) ? left : right);
    }
    const cover = tree.cover[node]!;
    if (cover === 0) return 0;
    return (tree.cover[left]! / cover) * visit(left) + (tree.cover[right]! / cover) * visit(right);
  };
  return visit(0);
}

/** Shapley values by their definition: over all sets of features. */
function explainByDefinition({ model, table }: World, row: number): number[] {
  const count = table.features.length;
  const cells = table.columns.map((column) => column[row]!);
  const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
  return model.base.flatMap((_, output) => {
    const games = Array.from({ length: 1 << count }, (_, known) =>
      model.trees.reduce((sum, tree) => {
        const k = output - tree.output;
        return k >= 0 && k < tree.width ? sum + expectTree(tree, cells, known, k) : sum;
      }, 0),
    );
    return table.features.map((_, j) =>
      games.reduce((sum, without, known) => {
        if ((known >> j) & 1) return sum;
        const size = known.toString(2).replaceAll('0', '').length;
        const weight = (factorial(size) * factorial(count - size - 1)) / factorial(count);
        return sum + weight * (games[known | (1 << j)]! - without);
      }, 0),
    );
  });
}

const seeds = fc.integer({ min: 0, max: 2 ** 31 });
/** Fewer rows than tables are made for, and more. */
const rowCounts = fc.constantFrom(3, 1100);

describe('trees', () => {
  it('get the Shapley values of the definition, whatever their cuts, missing values and unreached nodes', () => {
    fc.assert(
      fc.property(
        seeds,
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 0, max: 5 }),
        rowCounts,
        (seed, features, depthMax, rows) => {
          const world = makeWorld({ seed, features, depthMax, rows });
          const { contributions } = explainModel(world);
          const expected = [0, 1, rows - 1].flatMap((row) => explainByDefinition(world, row));
          const cells = expected.length / 3;
          const found = [0, 1, rows - 1].flatMap((row) => [...contributions.subarray(row * cells, (row + 1) * cells)]);
          expectEqual(found, expected, 1e-12);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('get contributions that sum to the margin, at any depth', () => {
    fc.assert(
      fc.property(
        seeds,
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 13 }),
        rowCounts,
        (seed, features, depthMax, rows) => {
          const { model, table } = makeWorld({ seed, features, depthMax, rows });
          const sums = sumUp(explainModel({ model, table }));
          expectEqual(sums, predictMargins(model, table), 1e-9);
        },
      ),
      { numRuns: 8 },
    );
  });

  it('get the same from tables, for many rows, as from a walk, for few', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 12 }), (seed, depthMax) => {
        const { model, table } = makeWorld({ seed, features: 20, depthMax, rows: 600 });
        const all = explainModel({ model, table }).contributions;
        const few = explainModel({ model, table, rows: Int32Array.of(599, 0, 300) }).contributions;
        const cells = all.length / 600;
        const same = [599, 0, 300].flatMap((row) => [...all.subarray(row * cells, (row + 1) * cells)]);
        expectEqual(few, same, 1e-12);
      }),
      { numRuns: 5 },
    );
  });

  it('give nothing to a feature that no cut tests', () => {
    fc.assert(
      fc.property(seeds, rowCounts, (seed, rows) => {
        const world = makeWorld({ seed, features: 6, depthMax: 5, rows, unused: [1, 4] });
        const { contributions } = explainModel(world);
        const unused = contributions.filter((_, i) => i % 6 === 1 || i % 6 === 4);
        expect(unused.every((contribution) => contribution === 0)).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  it('give the same to two features that do the same', () => {
    const cut = (feature: number, left: number, right: number, value: readonly number[]): Tree => ({
      feature: [feature, 1 - feature, 1 - feature, -1, -1, -1, -1],
      threshold: [0, 0, 0, 0, 0, 0, 0],
      categories: new Array(7).fill(null),
      left: [left, 3, 5, 0, 0, 0, 0],
      right: [right, 4, 6, 0, 0, 0, 0],
      missingLeft: [1, 1, 1, 0, 0, 0, 0],
      output: 0,
      width: 1,
      value: [0, 0, 0, ...value],
      gain: new Array(7).fill(0),
      cover: [8, 4, 4, 2, 2, 2, 2],
    });
    const features = makeFeatures(2);
    const trees = [cut(0, 1, 2, [3, -1, -1, 5])];
    const model = wrapTrees({ features, link: 'identity', base: [0], scale: 1, trees });
    const table = createFeatureTable({
      features,
      columns: [
        [-1, 1, Number.NaN],
        [-1, 1, Number.NaN],
      ],
    });
    const { contributions } = explainModel({ model, table });
    for (let row = 0; row < 3; row++) expect(contributions[2 * row]).toBe(contributions[2 * row + 1]);
  });

  it('are refused when they do not say how many rows reached each node', () => {
    const { model, table } = makeWorld({ seed: 5, features: 3, depthMax: 3, rows: 4 });
    const trees = model.trees.map((tree) => ({ ...tree, cover: tree.cover.map(() => 0) }));
    expect(() => explainModel({ model: { ...model, trees }, table })).toThrow(
      expect.objectContaining({ code: 'cover-missing' }),
    );
  });

  it('can be stopped and report how far they are', () => {
    const world = makeWorld({ seed: 6, features: 5, depthMax: 4, rows: 2000 });
    const seen: number[] = [];
    explainModel({ ...world, hooks: { onProgress: (done) => seen.push(done) } });
    expect(seen.length).toBeGreaterThan(1);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(() => explainModel({ ...world, hooks: { shouldStop: () => true } })).toThrow(
      expect.objectContaining({ code: 'training-cancelled' }),
    );
  });
});

describe('a calibration', () => {
  it('that is a line is part of what is explained', () => {
    const { model, table } = makeWorld({ seed: 7, features: 4, depthMax: 4, rows: 8 });
    const plain = sumUp(explainModel({ model, table }));
    const platt = { kind: 'platt', slope: 0.5, intercept: -0.25 } as const;
    const calibrated = sumUp(explainModel({ model: { ...model, calibration: platt }, table }));
    expectEqual(
      calibrated,
      plain.map((margin) => margin * 0.5 - 0.25),
      1e-12,
    );
  });

  it('of steps is not', () => {
    const { model, table } = makeWorld({ seed: 7, features: 4, depthMax: 4, rows: 8 });
    const isotonic = { kind: 'isotonic', edges: [0], values: [0.1, 0.9] } as const;
    const found = explainModel({ model: { ...model, calibration: isotonic }, table });
    expect(found.contributions).toEqual(explainModel({ model, table }).contributions);
  });
});

describe('a linear model', () => {
  const features = makeFeatures(3);
  const model = wrapLinear({
    features,
    link: 'softmax',
    bias: [0.5, -0.5],
    numeric: [
      { feature: 0, imputed: 1, offset: 2, scale: 0.5, weights: [1, -1] },
      { feature: 1, imputed: 0, offset: 0, scale: 1, weights: [0.25, 0] },
    ],
    categories: [
      { feature: 2, imputed: 3, code: 3, weights: [0.75, 0.5] },
      { feature: 2, imputed: 3, code: 1, weights: [-0.5, 2] },
    ],
  });
  const columns = [
    [2, 4, Number.NaN],
    [0, -1, 1e9],
    [3, 1, 7],
  ];
  const table = createFeatureTable({ features, columns });
  const explanation = explainModel({ model, table });

  it('gets contributions that sum to the margin', () => {
    expectEqual(sumUp(explanation), predictMargins(model, table), 1e-9);
  });

  it('gives nothing to the mean of a number and to the most frequent code', () => {
    expect([...explanation.contributions.subarray(0, 6)]).toEqual([0, 0, 0, 0, 0, 0]);
    expect([...explanation.baseValues]).toEqual([1.25, 0]);
  });
});
