import type { TreeEnsembleModel } from '../families/model.js';
import type { Node } from './write-onnx.js';

interface NodeColumns {
  readonly trees: number[];
  readonly ids: number[];
  readonly features: number[];
  readonly modes: string[];
  readonly values: number[];
  readonly left: number[];
  readonly right: number[];
  readonly missingLeft: number[];
  readonly leafTrees: number[];
  readonly leafIds: number[];
  readonly leafWeights: number[];
}

function listNodes(model: TreeEnsembleModel): NodeColumns {
  const columns: NodeColumns = {
    trees: [],
    ids: [],
    features: [],
    modes: [],
    values: [],
    left: [],
    right: [],
    missingLeft: [],
    leafTrees: [],
    leafIds: [],
    leafWeights: [],
  };
  model.trees.forEach((tree, t) => {
    tree.feature.forEach((feature, id) => {
      const isLeaf = feature < 0;
      columns.trees.push(t);
      columns.ids.push(id);
      columns.features.push(isLeaf ? 0 : feature);
      columns.modes.push(isLeaf ? 'LEAF' : 'BRANCH_LEQ');
      columns.values.push(tree.threshold[id]!);
      columns.left.push(tree.left[id]!);
      columns.right.push(tree.right[id]!);
      columns.missingLeft.push(tree.missingLeft[id]!);
      if (!isLeaf) return;
      columns.leafTrees.push(t);
      columns.leafIds.push(id);
      columns.leafWeights.push(tree.value[id]!);
    });
  });
  return columns;
}

/**
 * The node that sums an ensemble: `features` [N, F] -> `sum` [N, 1]. A regressor even for classes: ONNX Runtime's
 * TreeEnsembleClassifier derives labels of its own that are wrong when all leaves are positive.
 */
export function createTreeNode(model: TreeEnsembleModel): Node {
  const columns = listNodes(model);
  return {
    operator: 'TreeEnsembleRegressor',
    domain: 'ai.onnx.ml',
    inputs: ['features'],
    outputs: ['sum'],
    attributes: [
      { name: 'nodes_treeids', integers: columns.trees },
      { name: 'nodes_nodeids', integers: columns.ids },
      { name: 'nodes_featureids', integers: columns.features },
      { name: 'nodes_modes', texts: columns.modes },
      { name: 'nodes_values', floats: columns.values },
      { name: 'nodes_truenodeids', integers: columns.left },
      { name: 'nodes_falsenodeids', integers: columns.right },
      { name: 'nodes_missing_value_tracks_true', integers: columns.missingLeft },
      { name: 'target_treeids', integers: columns.leafTrees },
      { name: 'target_nodeids', integers: columns.leafIds },
      { name: 'target_ids', integers: columns.leafIds.map(() => 0) },
      { name: 'target_weights', floats: columns.leafWeights },
      { name: 'n_targets', integer: 1 },
      { name: 'base_values', floats: [...model.base] },
      { name: 'aggregate_function', text: 'SUM' },
    ],
  };
}
