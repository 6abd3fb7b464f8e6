import { applyLink } from '../families/apply-link.js';
import { type Calibration, countOutputs, type Model } from '../families/model.js';
import { decideLabels } from '../families/predict-probability.js';
import { findMarginLimit } from './find-margin-limit.js';
import { type GraphPart, joinParts, scalar } from './graph-part.js';
import { ANSWER_OUTPUT, ONNX_SIGNATURE } from './signature.js';
import { createStepNode } from './tree-nodes.js';

/** `sum` [N, K] -> the margin that link and calibration take, and its name. */
function createMarginPart(model: Model): GraphPart & { readonly margin: string } {
  if (model.kind === 'linear' || model.scale === 1) return { nodes: [], constants: [], margin: 'sum' };
  return {
    nodes: [{ operator: 'Mul', inputs: ['sum', 'scale'], outputs: ['margin'] }],
    constants: [scalar('scale', model.scale)],
    margin: 'margin',
  };
}

const SOFTMAX = { operator: 'Softmax', attributes: [{ name: 'axis', integer: 1 }] } as const;

function createCalibration(calibration: Calibration, margin: string, output: string): GraphPart {
  switch (calibration.kind) {
    case 'platt':
      return {
        nodes: [
          { operator: 'Mul', inputs: [margin, 'slope'], outputs: ['sloped'] },
          { operator: 'Add', inputs: ['sloped', 'intercept'], outputs: ['calibrated'] },
          { operator: 'Sigmoid', inputs: ['calibrated'], outputs: [output] },
        ],
        constants: [scalar('slope', calibration.slope), scalar('intercept', calibration.intercept)],
      };
    case 'isotonic':
      return { nodes: [createStepNode(calibration, margin, output)], constants: [] };
    case 'temperature':
      return {
        nodes: [
          { operator: 'Div', inputs: [margin, 'temperature'], outputs: ['calibrated'] },
          { ...SOFTMAX, inputs: ['calibrated'], outputs: [output] },
        ],
        constants: [scalar('temperature', calibration.temperature)],
      };
  }
}

function createLink(link: Model['link'], margin: string, output: string): GraphPart {
  switch (link) {
    case 'sigmoid':
      return { nodes: [{ operator: 'Sigmoid', inputs: [margin], outputs: [output] }], constants: [] };
    case 'softmax':
      return { nodes: [{ ...SOFTMAX, inputs: [margin], outputs: [output] }], constants: [] };
    case 'identity':
      return { nodes: [{ operator: 'Identity', inputs: [margin], outputs: [output] }], constants: [] };
    case 'mean':
      return {
        nodes: [{ operator: 'Min', inputs: [margin, 'one'], outputs: [output] }], // the rounded scale may carry a full sum past 1
        constants: [scalar('one', 1)],
      };
    case 'isolation':
      return {
        nodes: [
          { operator: 'Neg', inputs: [margin], outputs: ['negated'] },
          { operator: 'Pow', inputs: ['two', 'negated'], outputs: [output] },
        ],
        constants: [scalar('two', 2)],
      };
  }
}

/** Labels by comparing one tensor [N] with a number. */
function createComparison(operator: 'GreaterOrEqual' | 'LessOrEqual', tensor: string, limit: number): GraphPart {
  return {
    nodes: [
      { operator, inputs: [tensor, 'limit'], outputs: ['is_positive'] },
      {
        operator: 'Cast',
        inputs: ['is_positive'],
        outputs: [ONNX_SIGNATURE.label],
        attributes: [{ name: 'to', integer: 7 }],
      },
    ],
    constants: [scalar('limit', limit)],
  };
}

/**
 * Labels of a model with one answer. Where the answer's last digit is the runtime's own, the margin decides: the label is then the
 * kernel's in every runtime, also for a row that lies on the threshold.
 */
function createThresholdPart(model: Model, threshold: number, margin: string, answer: string): GraphPart {
  const isPositive = (value: number): boolean =>
    decideLabels(applyLink(model, Float64Array.of(value), 1), threshold)[0] === 1;
  const isRounded = model.calibration === null ? model.link !== 'mean' : model.calibration.kind === 'platt';
  const rises = model.link !== 'isolation';
  const limit = isRounded ? findMarginLimit(rises ? isPositive : (value) => isPositive(-value)) : undefined;
  if (limit === undefined) return createComparison('GreaterOrEqual', answer, threshold);
  const squeeze = { operator: 'Squeeze', inputs: [margin, 'second_axis'], outputs: ['margin_of_row'] };
  return joinParts(
    { nodes: [squeeze], constants: [] },
    rises
      ? createComparison('GreaterOrEqual', 'margin_of_row', limit)
      : createComparison('LessOrEqual', 'margin_of_row', -limit),
  );
}

/** From `sum` [N, K] to the outputs: answers and labels. */
export function createOutputPart(model: Model, threshold: number | null): GraphPart {
  const answer = ANSWER_OUTPUT[model.task];
  const { margin, ...marginPart } = createMarginPart(model);
  const linked = countOutputs(model) > 1 ? answer : 'linked';
  const link =
    model.calibration === null
      ? createLink(model.link, margin, linked)
      : createCalibration(model.calibration, margin, linked);
  if (model.task === 'multiclass-classification') {
    // Margins are the same everywhere: no runtime sees a tie where another sees none.
    const attributes = [
      { name: 'axis', integer: 1 },
      { name: 'keepdims', integer: 0 },
    ];
    const label = { operator: 'ArgMax', inputs: ['sum'], outputs: [ONNX_SIGNATURE.label], attributes };
    return joinParts(marginPart, link, { nodes: [label], constants: [] });
  }
  const squeeze: GraphPart = {
    nodes: [{ operator: 'Squeeze', inputs: [linked, 'second_axis'], outputs: [answer] }],
    constants: [{ name: 'second_axis', element: 'int64', shape: [1], values: [1] }],
  };
  const label = threshold === null ? [] : [createThresholdPart(model, threshold, margin, answer)];
  return joinParts(marginPart, link, squeeze, ...label);
}
