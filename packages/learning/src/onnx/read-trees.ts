import { LearningError } from '../learning-error.js';
import type { Tree } from '../trees/tree.js';
import type { ReadNode } from './read-graph.js';

/** Deeper trees are not ours, and walking them could take the whole stack. */
const DEPTH_MAX = 1_000;

const unreadable = (detail: string): LearningError => new LearningError('unreadable-model', detail);

/** The attributes of a TreeEnsembleRegressor, by node, in the order of the file. */
interface Columns {
  readonly trees: readonly number[];
  readonly ids: readonly number[];
  readonly features: readonly number[];
  readonly modes: readonly string[];
  readonly values: readonly number[];
  readonly whenTrue: readonly number[];
  readonly whenFalse: readonly number[];
  readonly missingTrue: readonly number[];
  /** Empty in files that do not hold it. */
  readonly covers: readonly number[];
}

function readColumns(node: ReadNode): Columns {
  const columns = {
    trees: node.integers('nodes_treeids'),
    ids: node.integers('nodes_nodeids'),
    features: node.integers('nodes_featureids'),
    modes: node.texts('nodes_modes'),
    values: node.floats('nodes_values'),
    whenTrue: node.integers('nodes_truenodeids'),
    whenFalse: node.integers('nodes_falsenodeids'),
    missingTrue: node.integers('nodes_missing_value_tracks_true'),
    covers: node.floats('nodes_hitrates'),
  };
  const { trees, covers, ...lists } = columns;
  const isWhole = Object.values(lists).every((list) => list.length === trees.length);
  if (!isWhole || (covers.length > 0 && covers.length !== trees.length))
    throw unreadable('The lists of tree nodes differ in length.');
  return columns;
}

interface LeafWeight {
  readonly output: number;
  readonly weight: number;
}

/** By tree and node. */
type LeafWeights = ReadonlyMap<number, ReadonlyMap<number, readonly LeafWeight[]>>;

function readWeights(node: ReadNode): LeafWeights {
  const [trees, ids, outputs] = ['target_treeids', 'target_nodeids', 'target_ids'].map((name) => node.integers(name));
  const weights = node.floats('target_weights');
  const found = new Map<number, Map<number, LeafWeight[]>>();
  trees!.forEach((tree, i) => {
    const ofTree = found.get(tree) ?? new Map<number, LeafWeight[]>();
    found.set(tree, ofTree);
    const ofNode = ofTree.get(ids![i]!) ?? [];
    ofTree.set(ids![i]!, ofNode);
    ofNode.push({ output: outputs![i]!, weight: weights[i]! });
  });
  return found;
}

/** The outputs that a tree adds to: one, or from the first to the last. */
function measureOutputs(weights: ReadonlyMap<number, readonly LeafWeight[]>): { output: number; width: number } {
  let [least, most] = [Number.POSITIVE_INFINITY, 0];
  for (const leaf of weights.values()) {
    for (const { output } of leaf) {
      least = Math.min(least, output);
      most = Math.max(most, output);
    }
  }
  return Number.isFinite(least) ? { output: least, width: most - least + 1 } : { output: 0, width: 1 };
}

/** Builds one tree anew, node by node from its root. A chain of equality tests becomes one cut of categories. */
class TreeReader {
  private readonly feature: number[] = [];
  private readonly threshold: number[] = [];
  private readonly categories: (readonly number[] | null)[] = [];
  private readonly left: number[] = [];
  private readonly right: number[] = [];
  private readonly missingLeft: number[] = [];
  private readonly value: number[] = [];
  private readonly cover: number[] = [];
  private readonly seen = new Set<number>();

  constructor(
    private readonly columns: Columns,
    /** Position in the columns by node id. */
    private readonly positions: ReadonlyMap<number, number>,
    private readonly weights: ReadonlyMap<number, readonly LeafWeight[]>,
    private readonly featureCount: number,
  ) {}

  read(root: number): Tree {
    const { output, width } = measureOutputs(this.weights);
    this.add(root, 0, output, width);
    const { feature, threshold, categories, left, right, missingLeft, value, cover } = this;
    const gain = feature.map(() => 0);
    return { feature, threshold, categories, left, right, missingLeft, output, width, value, gain, cover };
  }

  /** @returns the index of the node in the new tree */
  private add(id: number, depth: number, output: number, width: number): number {
    const { columns } = this;
    const at = this.visit(id, depth);
    const mode = columns.modes[at]!;
    const node = this.feature.length;
    const isLeaf = mode === 'LEAF';
    const feature = isLeaf ? -1 : columns.features[at]!;
    if (feature >= this.featureCount) throw unreadable('A tree tests a column that the model does not have.');
    this.feature.push(feature);
    this.threshold.push(mode === 'BRANCH_LEQ' ? columns.values[at]! : 0);
    this.missingLeft.push(isLeaf ? 0 : Number(columns.missingTrue[at] === 1));
    this.cover.push(columns.covers[at] ?? 0);
    for (let k = 0; k < width; k++) this.value.push(0);
    this.left.push(0);
    this.right.push(0);
    this.categories.push(null);
    if (isLeaf) {
      for (const { output: k, weight } of this.weights.get(id) ?? []) this.value[node * width + k - output]! += weight;
      return node;
    }
    const { codes, last } = mode === 'BRANCH_EQ' ? this.followChain(at, depth) : { codes: null, last: at };
    if (codes === null && mode !== 'BRANCH_LEQ') throw unreadable(`A tree has a node of mode ${mode}.`);
    this.categories[node] = codes;
    this.left[node] = this.add(columns.whenTrue[at]!, depth + 1, output, width);
    this.right[node] = this.add(columns.whenFalse[last]!, depth + 1, output, width);
    return node;
  }

  /** Every node is reached once, so that no file leads in circles. */
  private visit(id: number, depth: number): number {
    const at = this.positions.get(id);
    if (at === undefined || this.seen.has(id) || depth > DEPTH_MAX)
      throw unreadable('The nodes of a tree do not make a tree.');
    this.seen.add(id);
    return at;
  }

  private followChain(first: number, depth: number): { readonly codes: readonly number[]; readonly last: number } {
    const { columns, positions } = this;
    const codes = [columns.values[first]!];
    let last = first;
    for (;;) {
      const id = columns.whenFalse[last]!;
      const next = positions.get(id);
      const isLink =
        next !== undefined &&
        columns.modes[next] === 'BRANCH_EQ' &&
        columns.features[next] === columns.features[first] &&
        columns.whenTrue[next] === columns.whenTrue[first] &&
        columns.missingTrue[next] === columns.missingTrue[first];
      // A test of nothing only parts chains from each other.
      if (!isLink) return { codes: codes.filter(Number.isFinite).sort((a, b) => a - b), last };
      last = this.visit(id, depth);
      codes.push(columns.values[last]!);
    }
  }
}

/**
 * The trees of a TreeEnsembleRegressor that was written by `createTreeNode`. Cuts of categories send to the left what their test
 * names; gains are not in the file and become 0, covers are 0 when the file has none.
 *
 * @throws LearningError `unreadable-model`
 */
export function readTrees(node: ReadNode, featureCount: number): Tree[] {
  const columns = readColumns(node);
  const weights = readWeights(node);
  const trees = new Map<number, Map<number, number>>();
  columns.trees.forEach((tree, at) => {
    const positions = trees.get(tree) ?? new Map<number, number>();
    trees.set(tree, positions);
    positions.set(columns.ids[at]!, at);
  });
  return [...trees].map(([tree, positions]) => {
    const [root] = positions.keys();
    return new TreeReader(columns, positions, weights.get(tree) ?? new Map(), featureCount).read(root!);
  });
}
