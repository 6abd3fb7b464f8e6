import { countOutputs, type Model } from '../families/model.js';
import { LearningError } from '../learning-error.js';
import { describeModel } from './describe-model.js';
import type { GraphPart } from './graph-part.js';
import { createInputPart } from './input-nodes.js';
import { createLinearPart } from './linear-nodes.js';
import { createOutputPart } from './link-nodes.js';
import { ANSWER_OUTPUT, hasLabel, hasThreshold, ONNX_SIGNATURE } from './signature.js';
import { createTreeNode } from './tree-nodes.js';
import { writeOnnx } from './write-onnx.js';

/** How to export. */
export interface ExportOptions {
  /**
   * Binary and anomaly models, and only they, need one: positive when the answer >= threshold; in (0, 1), rounded to float32.
   * Lives in the graph.
   */
  readonly threshold?: number;
}

function checkThreshold({ task }: Model, given: number | undefined): number | null {
  if (!hasThreshold(task)) {
    if (given === undefined) return null;
    throw new LearningError('invalid-argument', `A model for ${task} takes no threshold.`);
  }
  const threshold = Math.fround(given ?? Number.NaN);
  if (threshold > 0 && threshold < 1) return threshold;
  throw new LearningError('invalid-argument', `threshold must be in (0, 1), got ${given}.`);
}

/** A model that is not what its own words say would become a file that answers wrongly. */
function checkShape(model: Model): void {
  const outputs = countOutputs(model);
  const { calibration } = model;
  const found = model.kind === 'trees' ? model.base.length : model.bias.length;
  if (found !== outputs) {
    throw new LearningError('invalid-argument', `A ${model.task} has ${outputs} outputs, the model ${found}.`);
  }
  const fits =
    calibration === null ||
    (calibration.kind === 'temperature'
      ? model.task === 'multiclass-classification'
      : model.task === 'binary-classification' && (calibration.kind === 'platt' || model.kind === 'trees'));
  if (!fits) throw new LearningError('invalid-argument', `${calibration.kind} can't calibrate this model.`);
}

/**
 * Writes a model as a self-contained ONNX file (operator set 17, ai.onnx.ml 3) with the tensors of {@link ONNX_SIGNATURE}.
 * Missing values, codes, texts, calibration and threshold are handled inside the graph. The same model and threshold give the same
 * bytes.
 *
 * @throws LearningError `invalid-argument` for a threshold outside (0, 1), none where one is needed or one where none is, or a
 *   model whose parts contradict each other
 */
export function exportOnnx(model: Model, options: ExportOptions = {}): Uint8Array {
  const threshold = checkThreshold(model, options.threshold);
  checkShape(model);
  const input = createInputPart(model.features);
  const body: GraphPart =
    model.kind === 'linear'
      ? createLinearPart(model, input.columns)
      : { nodes: [createTreeNode(model, input.columns)], constants: [] };
  const output = createOutputPart(model, threshold);
  const outputCount = countOutputs(model);
  return writeOnnx({
    graphName: model.algorithm,
    producerVersion: model.kernelVersion,
    inputs: input.inputs,
    outputs: [
      ...(hasLabel(model.task) ? [{ name: ONNX_SIGNATURE.label, element: 'int64', shape: ['N'] } as const] : []),
      { name: ANSWER_OUTPUT[model.task], element: 'float', shape: outputCount > 1 ? ['N', outputCount] : ['N'] },
    ],
    constants: [...input.constants, ...body.constants, ...output.constants],
    nodes: [...input.nodes, ...body.nodes, ...output.nodes],
    metadata: describeModel(model, threshold),
  });
}
