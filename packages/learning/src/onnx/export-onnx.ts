import type { Model } from '../families/model.js';
import { LearningError } from '../learning-error.js';
import { createLinearPart, type GraphPart } from './linear-nodes.js';
import { createTreeNode } from './tree-nodes.js';
import { writeOnnx } from './write-onnx.js';

/** Names and shapes of every exported model, for those who run it. N is the number of rows, F of features. */
export const ONNX_SIGNATURE = {
  /** float32 [N, F], columns in the order of the model's features, NaN for missing. */
  input: 'features',
  /** int64 [N]: 1 when probability >= threshold. */
  label: 'label',
  /** float32 [N]: probability of the positive class. */
  probability: 'probability',
} as const;

/** How to export. */
export interface ExportOptions {
  /** Positive when probability >= threshold; in (0, 1), rounded to float32. Lives in the graph. */
  readonly threshold: number;
}

/** Keys of the file's metadata. Values are text; lists and maps are JSON. */
function describeModel(model: Model, threshold: number): [string, string][] {
  const parameters = Object.entries(model.hyperparameters).sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    ['task', model.task],
    ['algorithm', model.algorithm],
    ['feature_names', JSON.stringify(model.features.map(({ name }) => name))],
    ['feature_kinds', JSON.stringify(model.features.map(({ kind }) => kind))],
    ['threshold', String(threshold)],
    ['hyperparameters', JSON.stringify(Object.fromEntries(parameters))],
    ['seed', String(model.seed)],
    ['train_rows', String(model.trainRows)],
    ['kernel_version', model.kernelVersion],
  ];
}

function createLink(model: Model): GraphPart {
  if (model.kind === 'linear' || model.link === 'sigmoid') {
    return { nodes: [{ operator: 'Sigmoid', inputs: ['sum'], outputs: ['linked'] }], constants: [] };
  }
  return {
    nodes: [
      { operator: 'Mul', inputs: ['sum', 'scale'], outputs: ['mean'] },
      { operator: 'Min', inputs: ['mean', 'one'], outputs: ['linked'] }, // the rounded scale may carry a full sum past 1
    ],
    constants: [
      { name: 'scale', element: 'float', shape: [], values: [model.scale] },
      { name: 'one', element: 'float', shape: [], values: [1] },
    ],
  };
}

/**
 * Writes a model as a self-contained ONNX file (operator set 17, ai.onnx.ml 3) with the tensors of {@link ONNX_SIGNATURE}.
 * Missing values, codes and the threshold are handled inside the graph. The same model and threshold give the same bytes.
 *
 * @throws LearningError `invalid-argument` for a threshold outside (0, 1)
 */
export function exportOnnx(model: Model, options: ExportOptions): Uint8Array {
  const threshold = Math.fround(options.threshold);
  if (!(threshold > 0 && threshold < 1)) {
    throw new LearningError('invalid-argument', `threshold must be in (0, 1), got ${options.threshold}.`);
  }
  const body: GraphPart =
    model.kind === 'linear' ? createLinearPart(model) : { nodes: [createTreeNode(model)], constants: [] };
  const link = createLink(model);
  const { input, label, probability } = ONNX_SIGNATURE;
  return writeOnnx({
    graphName: model.algorithm,
    producerVersion: model.kernelVersion,
    inputs: [{ name: input, element: 'float', shape: ['N', model.features.length] }],
    outputs: [
      { name: label, element: 'int64', shape: ['N'] },
      { name: probability, element: 'float', shape: ['N'] },
    ],
    constants: [
      ...body.constants,
      ...link.constants,
      { name: 'second_axis', element: 'int64', shape: [1], values: [1] },
      { name: 'threshold', element: 'float', shape: [], values: [threshold] },
    ],
    nodes: [
      ...body.nodes,
      ...link.nodes,
      { operator: 'Squeeze', inputs: ['linked', 'second_axis'], outputs: [probability] },
      { operator: 'GreaterOrEqual', inputs: [probability, 'threshold'], outputs: ['is_positive'] },
      { operator: 'Cast', inputs: ['is_positive'], outputs: [label], attributes: [{ name: 'to', integer: 7 }] },
    ],
    metadata: describeModel(model, threshold),
  });
}
