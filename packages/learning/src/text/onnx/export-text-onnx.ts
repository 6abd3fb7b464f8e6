import { type GraphPart, joinParts } from '../../onnx/graph-part.js';
import { ONNX_SIGNATURE } from '../../onnx/signature.js';
import { writeOnnx } from '../../onnx/write-onnx.js';
import { ABSTAINED, LENGTH_UNIT, quantiseSquares, type TextModel } from '../text-model.js';
import { createGramPart, TEXT_AXIS } from './gram-nodes.js';

/** Numbers of element types in onnx.proto. */
const FLOAT = 1;
const DOUBLE = 11;

/** What a caller does to a text before the graph sees it; all else is in the graph. See `cleanText`. */
const PREPROCESSING = 'replace U+0000 by a blank and unpaired surrogates by U+FFFD';

function cast(input: string, output: string, to: number) {
  return { operator: 'Cast', inputs: [input], outputs: [output], attributes: [{ name: 'to', integer: to }] };
}

/** A row of zeros, for the id of no feature, before the others. */
function afterZeros(values: Float32Array, width: number): Float32Array {
  const longer = new Float32Array(width + values.length);
  longer.set(values, width);
  return longer;
}

/** `ids` to `margins` (float32 [N, K]), and to `has_features`. */
function createMarginPart(model: TextModel): GraphPart {
  const classCount = model.classes.length;
  const squares = [0, ...quantiseSquares(model.idf)];
  const keep = [{ name: 'keepdims', integer: 1 }];
  const drop = [{ name: 'keepdims', integer: 0 }];
  return {
    nodes: [
      { operator: 'Gather', inputs: ['weights', 'ids'], outputs: ['rows'] },
      { operator: 'ReduceSum', inputs: ['rows', TEXT_AXIS.name], outputs: ['sums'], attributes: drop },
      { operator: 'Gather', inputs: ['squares', 'ids'], outputs: ['row_squares'] },
      { operator: 'ReduceSum', inputs: ['row_squares', TEXT_AXIS.name], outputs: ['square_sums'], attributes: keep },
      { operator: 'Max', inputs: ['square_sums', 'one'], outputs: ['positive_sums'] },
      cast('positive_sums', 'exact_sums', DOUBLE),
      { operator: 'Sqrt', inputs: ['exact_sums'], outputs: ['roots'] },
      { operator: 'Mul', inputs: ['roots', 'length_unit'], outputs: ['exact_lengths'] },
      cast('exact_lengths', 'lengths', FLOAT),
      { operator: 'Div', inputs: ['sums', 'lengths'], outputs: ['scaled'] },
      { operator: 'Add', inputs: ['scaled', 'bias'], outputs: ['raw_margins'] },
      { operator: 'Div', inputs: ['raw_margins', 'temperature'], outputs: ['margins'] },
      { operator: 'Squeeze', inputs: ['square_sums', TEXT_AXIS.name], outputs: ['flat_sums'] },
      { operator: 'Greater', inputs: ['flat_sums', 'no_id'], outputs: ['has_features'] },
    ],
    constants: [
      {
        name: 'weights',
        element: 'float',
        shape: [model.idf.length + 1, classCount],
        values: afterZeros(model.weights, classCount),
      },
      { name: 'squares', element: 'int64', shape: [squares.length], values: squares },
      { name: 'one', element: 'int64', shape: [], values: [1] },
      { name: 'length_unit', element: 'double', shape: [], values: [LENGTH_UNIT] },
      { name: 'bias', element: 'float', shape: [classCount], values: model.bias },
      { name: 'temperature', element: 'float', shape: [], values: [model.calibration.temperature] },
    ],
  };
}

/** `margins` to the outputs. The softmax is in double precision, so that a confidence near the threshold falls alike everywhere. */
function createAnswerPart(model: TextModel): GraphPart {
  const { label, probabilities } = ONNX_SIGNATURE;
  return {
    nodes: [
      cast('margins', 'exact_margins', DOUBLE),
      {
        operator: 'Softmax',
        inputs: ['exact_margins'],
        outputs: ['exact_probabilities'],
        attributes: [{ name: 'axis', integer: 1 }],
      },
      cast('exact_probabilities', probabilities, FLOAT),
      {
        operator: 'ReduceMax',
        inputs: [probabilities],
        outputs: ['confidence'],
        attributes: [
          { name: 'axes', integers: [1] },
          { name: 'keepdims', integer: 0 },
        ],
      },
      { operator: 'GreaterOrEqual', inputs: ['confidence', 'threshold'], outputs: ['is_confident'] },
      { operator: 'And', inputs: ['is_confident', 'has_features'], outputs: ['is_answered'] },
      {
        operator: 'ArgMax',
        inputs: ['margins'],
        outputs: ['best'],
        attributes: [
          { name: 'axis', integer: 1 },
          { name: 'keepdims', integer: 0 },
        ],
      },
      { operator: 'Where', inputs: ['is_answered', 'best', 'abstained'], outputs: [label] },
    ],
    constants: [
      { name: 'threshold', element: 'float', shape: [], values: [model.abstention.threshold] },
      { name: 'abstained', element: 'int64', shape: [], values: [ABSTAINED] },
    ],
  };
}

function describeTextModel(model: TextModel): [string, string][] {
  const parameters = Object.entries(model.hyperparameters).sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    ['task', model.task],
    ['algorithm', model.algorithm],
    ['feature_names', '["query"]'],
    ['feature_kinds', '["text"]'],
    ['preprocessing', PREPROCESSING],
    ['classes', JSON.stringify(model.classes)],
    ['threshold', String(model.abstention.threshold)],
    ['abstention', JSON.stringify(model.abstention)],
    ['calibration', JSON.stringify(model.calibration)],
    ['hyperparameters', JSON.stringify(Object.fromEntries(parameters))],
    ['seed', String(model.seed)],
    ['train_rows', String(model.trainRows)],
    ['kernel_version', model.kernelVersion],
    ['fit', JSON.stringify(model.fit)],
  ];
}

/**
 * Writes a text model as a self-contained ONNX file: texts go in, from the characters on everything is in the graph. It uses
 * Tokenizer, an operator of ONNX Runtime's own (domain com.microsoft) that its default builds for servers, Python and
 * browsers hold. The same model gives the same bytes.
 *
 * Input `query`: string [N]. Outputs: `label`, int64 [N], the index of the class or -1 when the model abstains;
 * `probabilities`, float32 [N, K].
 */
export function exportTextOnnx(model: TextModel): Uint8Array {
  const { label, probabilities } = ONNX_SIGNATURE;
  const graph = joinParts(createGramPart(model.vocabulary), createMarginPart(model), createAnswerPart(model));
  return writeOnnx({
    graphName: model.algorithm,
    producerVersion: model.kernelVersion,
    inputs: [{ name: 'query', element: 'string', shape: ['N'] }],
    outputs: [
      { name: label, element: 'int64', shape: ['N'] },
      { name: probabilities, element: 'float', shape: ['N', model.classes.length] },
    ],
    ...graph,
    metadata: describeTextModel(model),
  });
}
