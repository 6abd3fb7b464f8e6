import type { FeatureTable } from '../dataset/dataset.js';
import type { TreeEnsembleModel } from '../families/model.js';
import { LearningError } from '../learning-error.js';
import { checkpoint, type TrainingHooks } from '../training-hooks.js';
import type { Tree } from '../trees/tree.js';
import { PathWalker } from './path-walker.js';
import { createPatternTree, type PatternTree } from './pattern-groups.js';
import { PatternReader } from './pattern-reader.js';
import { createRowBlock, fillRowBlock, type RowBlock } from './row-block.js';
import { measureTree, shareByCover, type WalkedTree } from './tree-paths.js';

/** Rows that go through a tree together: what they need stays in the cache. */
const TABLE_ROWS = 512;
const WALK_ROWS = 64;
/** Numbers of a block's contributions; more outputs or features make smaller blocks. */
const BLOCK_NUMBERS = 1 << 19;
/** Fewer rows do not repay the tables. */
const TABLE_ROWS_MIN = 100;
/** Trees are taken in groups whose tables hold about that much. */
const GROUP_BYTES = 48 << 20;

/** What the leaves give on average over the rows that training saw, by their cover; `width` numbers. */
export function averageLeaves(tree: Tree): number[] {
  const visit = (node: number, share: number): number[] => {
    if (tree.feature[node]! < 0) {
      return tree.value.slice(node * tree.width, (node + 1) * tree.width).map((value) => value * share);
    }
    const [left, right] = [tree.left[node]!, tree.right[node]!].map((child) =>
      visit(child, share * shareByCover(tree, node, child)),
    );
    return left!.map((value, k) => value + right![k]!);
  };
  return visit(0, 1);
}

/** Refuses trees that do not say how many rows took each way. */
function checkCover({ trees }: TreeEnsembleModel): void {
  if (trees.some((tree) => tree.feature[0]! >= 0 && !(tree.cover[0]! > 0))) {
    throw new LearningError('cover-missing', 'The trees do not say how many rows reached each node.');
  }
}

interface PreparedTree {
  readonly table: PatternTree | null;
  readonly walk: WalkedTree | null;
}

function prepareTree(tree: Tree, rowCount: number): PreparedTree {
  if (tree.width > 1 || rowCount < TABLE_ROWS_MIN) return { table: null, walk: measureTree(tree) };
  const table = createPatternTree(tree, rowCount);
  const deep = table.deepLeaves.length > 0;
  return { table, walk: deep ? measureTree(tree, table.deepLeaves) : null };
}
/** Trees in their order, in groups that fit in memory together. */
function* prepareTrees(trees: readonly Tree[], rowCount: number): Generator<readonly PreparedTree[]> {
  let group: PreparedTree[] = [];
  let bytes = 0;
  for (const tree of trees) {
    const prepared = prepareTree(tree, rowCount);
    group.push(prepared);
    bytes += prepared.table?.tableBytes ?? 0;
    if (bytes < GROUP_BYTES) continue;
    yield group;
    [group, bytes] = [[], 0];
  }
  if (group.length > 0) yield group;
}

function planCapacity(trees: readonly Tree[], rowCount: number, cells: number): number {
  const isWalked = rowCount < TABLE_ROWS_MIN || trees.every(({ width }) => width > 1);
  const rows = Math.min(isWalked ? WALK_ROWS : TABLE_ROWS, Math.floor(BLOCK_NUMBERS / cells), rowCount);
  return Math.max(rows, 1);
}

/** Adds a block's contributions, by output, feature and row, to the answer, by row, output and feature. */
function addBlock(sums: Float64Array, from: number, { capacity, size }: RowBlock, values: Float64Array): void {
  const cells = values.length / capacity;
  for (let cell = 0; cell < cells; cell++) {
    for (let i = 0; i < size; i++) sums[(from + i) * cells + cell]! += values[cell * capacity + i]!;
  }
}

/**
 * Exact path-dependent TreeSHAP (Lundberg et al., 2020): equal to the `shap` package's `TreeExplainer`.
 *
 * @returns rows x outputs x features: contributions to the sums of the leaves, before `base` and `scale`
 * @throws LearningError `cover-missing`, `training-cancelled`
 */
export function explainTrees(
  model: TreeEnsembleModel,
  table: FeatureTable,
  rows: Int32Array,
  hooks: TrainingHooks,
): Float64Array {
  checkCover(model);
  const { trees, features, base } = model;
  const cells = base.length * features.length;
  const sums = new Float64Array(rows.length * cells);
  const block = createRowBlock(features.length, planCapacity(trees, rows.length, cells));
  const contributions = { values: new Float64Array(cells * block.capacity), featureCount: features.length };
  const [walker, reader] = [new PathWalker(), new PatternReader()];
  let done = 0;
  for (const group of prepareTrees(trees, rows.length)) {
    for (let from = 0; from < rows.length; from += block.capacity) {
      checkpoint(hooks, (done + (group.length * from) / rows.length) / trees.length);
      fillRowBlock(block, table, rows, from);
      contributions.values.fill(0);
      for (const { table: patterns, walk } of group) {
        if (patterns) reader.add(patterns, block, contributions);
        if (walk) walker.add(walk, block, contributions);
      }
      addBlock(sums, from, block, contributions.values);
    }
    done += group.length;
  }
  return sums;
}
