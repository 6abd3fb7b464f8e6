import type { Feature } from '../dataset/dataset.js';
import type { TreeEnsembleModel } from '../families/model.js';
import type { Tree } from '../trees/tree.js';
import type { Node } from './write-onnx.js';

type Mode = 'LEAF' | 'BRANCH_LEQ' | 'BRANCH_EQ';

interface NodeRow {
  readonly mode: Mode;
  readonly feature: number;
  readonly value: number;
  /** Node ids within the tree. */
  readonly whenTrue: number;
  readonly whenFalse: number;
  readonly missingTrue: number;
  readonly cover: number;
}

/** The attributes of a TreeEnsembleRegressor while they are collected. */
class EnsembleColumns {
  readonly trees: number[] = [];
  readonly ids: number[] = [];
  readonly features: number[] = [];
  readonly modes: Mode[] = [];
  readonly values: number[] = [];
  readonly whenTrue: number[] = [];
  readonly whenFalse: number[] = [];
  readonly missingTrue: number[] = [];
  readonly covers: number[] = [];
  readonly leafTrees: number[] = [];
  readonly leafIds: number[] = [];
  readonly leafOutputs: number[] = [];
  readonly leafWeights: number[] = [];

  addNode(tree: number, id: number, row: NodeRow): void {
    this.trees.push(tree);
    this.ids.push(id);
    this.features.push(row.feature);
    this.modes.push(row.mode);
    this.values.push(row.value);
    this.whenTrue.push(row.whenTrue);
    this.whenFalse.push(row.whenFalse);
    this.missingTrue.push(row.missingTrue);
    this.covers.push(row.cover);
  }

  addWeight(tree: number, id: number, output: number, weight: number): void {
    this.leafTrees.push(tree);
    this.leafIds.push(id);
    this.leafOutputs.push(output);
    this.leafWeights.push(weight);
  }

  toNode(tensors: Pick<Node, 'inputs' | 'outputs'>, base: readonly number[]): Node {
    return {
      operator: 'TreeEnsembleRegressor',
      domain: 'ai.onnx.ml',
      ...tensors,
      attributes: [
        { name: 'nodes_treeids', integers: this.trees },
        { name: 'nodes_nodeids', integers: this.ids },
        { name: 'nodes_featureids', integers: this.features },
        { name: 'nodes_modes', texts: this.modes },
        { name: 'nodes_values', floats: this.values },
        { name: 'nodes_truenodeids', integers: this.whenTrue },
        { name: 'nodes_falsenodeids', integers: this.whenFalse },
        { name: 'nodes_missing_value_tracks_true', integers: this.missingTrue },
        { name: 'nodes_hitrates', floats: this.covers },
        { name: 'target_treeids', integers: this.leafTrees },
        { name: 'target_nodeids', integers: this.leafIds },
        { name: 'target_ids', integers: this.leafOutputs },
        { name: 'target_weights', floats: this.leafWeights },
        { name: 'n_targets', integer: base.length },
        { name: 'base_values', floats: [...base] },
        { name: 'aggregate_function', text: 'SUM' },
      ],
    };
  }
}

/** Zeros of a wide leaf are left out, but for the first value: ONNX Runtime takes no leaf without a weight. */
function addLeaf(columns: EnsembleColumns, t: number, tree: Tree, id: number): void {
  const { value, width, output } = tree;
  const row = { mode: 'LEAF', feature: 0, value: 0, whenTrue: 0, whenFalse: 0, missingTrue: 0 } as const;
  columns.addNode(t, id, { ...row, cover: tree.cover[id]! });
  for (let k = 0; k < width; k++) {
    const weight = value[id * width + k]!;
    if (k === 0 || weight !== 0) columns.addWeight(t, id, output + k, weight);
  }
}

/** The test of a category cut: the codes that lead to one side, all other values and those that are missing or not as said. */
interface CodeTest {
  readonly codes: readonly number[];
  readonly whenTrue: number;
  readonly whenFalse: number;
  readonly missingTrue: number;
}

/** The smaller of the two sides of a category cut. Codes that the data hold are open-ended: only the left side is a list. */
function planCodeTest(tree: Tree, id: number, leftCodes: readonly number[], { categories }: Feature): CodeTest {
  const left = tree.left[id]!;
  const right = tree.right[id]!;
  const missingLeft = tree.missingLeft[id]!;
  if (categories !== undefined && leftCodes.length * 2 > categories.length) {
    const goesLeft = new Set(leftCodes);
    const codes = categories.map((_, code) => code).filter((code) => !goesLeft.has(code));
    if (codes.length > 0) return { codes, whenTrue: right, whenFalse: left, missingTrue: 1 - missingLeft };
  }
  return { codes: leftCodes, whenTrue: left, whenFalse: right, missingTrue: missingLeft };
}

/** A value that no cell has. */
const NOTHING = Number.NEGATIVE_INFINITY;

/**
 * The values that a category cut is tested against, one node each. A test of nothing stands for a cut that sends no code to the
 * left, and parts the test from another one of the same column that follows it: ONNX Runtime (seen in 1.30 and 1.31) packs tests of codes 1 to 32
 * into one, and where both lead to leaves compares only the first values of these, so that it would take the second test for a part of
 * the first.
 */
function listTests({ codes, whenFalse }: CodeTest, tree: Tree, feature: number): readonly number[] {
  const followsOther = tree.feature[whenFalse] === feature && tree.categories[whenFalse] !== null;
  return codes.length === 0 || followsOther ? [...codes, NOTHING] : codes;
}

/**
 * Adds the nodes of a tree, in the order of their ids. A cut of categories becomes a chain of equality tests whose true branches are
 * one and the same child: ONNX Runtime takes such a chain, as converters from LightGBM write it.
 */
function addTree(columns: EnsembleColumns, t: number, tree: Tree, features: readonly Feature[]): void {
  const added: NodeRow[] = [];
  const addChain = (id: number, test: CodeTest, row: Pick<NodeRow, 'feature' | 'cover'>): void => {
    const values = listTests(test, tree, row.feature);
    values.forEach((value, position) => {
      const freeId = tree.feature.length + added.length;
      const isFirst = position === 0;
      const isLast = position === values.length - 1;
      const { whenTrue, missingTrue } = test;
      const next = isFirst ? freeId : freeId + 1;
      const whenFalse = isLast ? test.whenFalse : next;
      const node: NodeRow = { ...row, mode: 'BRANCH_EQ', value, whenTrue, whenFalse, missingTrue };
      if (isFirst) columns.addNode(t, id, node);
      else added.push(node);
    });
  };
  tree.feature.forEach((feature, id) => {
    const codes = tree.categories[id] ?? null;
    const row = { feature, cover: tree.cover[id]! };
    if (feature < 0) addLeaf(columns, t, tree, id);
    else if (codes !== null) addChain(id, planCodeTest(tree, id, codes, features[feature]!), row);
    else {
      columns.addNode(t, id, {
        ...row,
        mode: 'BRANCH_LEQ',
        value: tree.threshold[id]!,
        whenTrue: tree.left[id]!,
        whenFalse: tree.right[id]!,
        missingTrue: tree.missingLeft[id]!,
      });
    }
  });
  added.forEach((node, position) => {
    columns.addNode(t, tree.feature.length + position, node);
  });
}

/**
 * The node that sums an ensemble: `columns` [N, F] -> `sum` [N, K]. A regressor even for classes: ONNX Runtime's
 * TreeEnsembleClassifier derives labels of its own that are wrong when all leaves are positive. `nodes_hitrates` holds the rows that
 * reached a node, which explanations need.
 */
export function createTreeNode(model: TreeEnsembleModel, columnsName: string): Node {
  const columns = new EnsembleColumns();
  model.trees.forEach((tree, t) => {
    addTree(columns, t, tree, model.features);
  });
  return columns.toNode({ inputs: [columnsName], outputs: ['sum'] }, model.base);
}

/** A step function of one number as a tree: `input` [N, 1] -> `output` [N, 1], `values[i]` where `edges[i-1] < x <= edges[i]`. */
export function createStepNode(
  { edges, values }: { readonly edges: readonly number[]; readonly values: readonly number[] },
  input: string,
  output: string,
): Node {
  const columns = new EnsembleColumns();
  let nextId = 0;
  const addSteps = (first: number, last: number): number => {
    const id = nextId++;
    if (first === last) {
      columns.addNode(0, id, {
        mode: 'LEAF',
        feature: 0,
        value: 0,
        whenTrue: 0,
        whenFalse: 0,
        missingTrue: 0,
        cover: 0,
      });
      columns.addWeight(0, id, 0, values[first]!);
      return id;
    }
    const middle = (first + last) >> 1;
    const position = columns.ids.length;
    const row = { mode: 'BRANCH_LEQ', feature: 0, value: edges[middle]!, missingTrue: 0, cover: 0 } as const;
    columns.addNode(0, id, { ...row, whenTrue: 0, whenFalse: 0 });
    columns.whenTrue[position] = addSteps(first, middle);
    columns.whenFalse[position] = addSteps(middle + 1, last);
    return id;
  };
  addSteps(0, edges.length);
  return columns.toNode({ inputs: [input], outputs: [output] }, [0]);
}
