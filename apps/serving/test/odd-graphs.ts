import { createHash } from 'node:crypto';
import type { ModelSignature } from '@gimbal/contracts';
import { type Graph, type Operation, TYPE, writeGraph } from './write-graph.js';

/** A value of two numbers within [-1, 1], as far as training saw. */
export const PAIR_SIGNATURE: ModelSignature = {
  task: 'regression',
  target: 'y',
  inputs: ['a', 'b'].map((name) => ({
    name,
    type: 'number',
    description: '',
    allowed: null,
    range: null,
    missing: 'refused',
    trainingRange: [-1, 1],
  })),
  codings: {},
};

/** Operations that make `value` of `own`, the larger of a row's two numbers. */
export const pairGraph = (...operations: readonly Operation[]): Graph => ({
  inputs: [{ name: 'features', type: TYPE.float, shape: ['N', 2] }],
  outputs: [{ name: 'value', type: TYPE.float, shape: ['N', 1] }],
  operations: [
    { operator: 'ReduceMax', inputs: ['features'], outputs: ['own'], attributes: { axes: [1], keepdims: 1 } },
    ...operations,
  ],
});

export const answerOwn: Operation = { operator: 'Identity', inputs: ['own'], outputs: ['value'] };

const constant = (output: string, values: readonly number[]): Operation => ({
  operator: 'Constant',
  inputs: [],
  outputs: [output],
  attributes: { value_ints: values },
});

/** A probability by numbers within [0, 1], as far as training saw. */
export const signatureOfNumbers = (...names: readonly string[]): ModelSignature => ({
  task: 'binary-classification',
  target: 'y',
  inputs: names.map((name) => ({
    ...{ name, type: 'number', description: '', allowed: null, range: null },
    ...{ missing: 'refused', trainingRange: [0, 1] },
  })),
  codings: {},
});
export const UNIT_SIGNATURE = signatureOfNumbers('x');

const unitGraph = (operation: Operation): Graph => ({
  inputs: [{ name: 'features', type: TYPE.float, shape: ['N', 1] }],
  outputs: [
    { name: 'label', type: TYPE.int64, shape: ['N', 1] },
    { name: 'probability', type: TYPE.float, shape: ['N', 1] },
  ],
  operations: [
    operation,
    { operator: 'Cast', inputs: ['probability'], outputs: ['label'], attributes: { to: TYPE.int64 } },
  ],
});

/** Answers with its input, which is no probability beyond 1. */
export const brittleGraph = unitGraph({
  operator: 'ReduceMax',
  inputs: ['features'],
  outputs: ['probability'],
  attributes: { axes: [1], keepdims: 1 },
});

/** Takes any number. */
export const sturdyGraph = unitGraph({ operator: 'Sigmoid', inputs: ['features'], outputs: ['probability'] });

/** Multiplies two matrices of `size` squared numbers for each row: a slow model of any slowness. */
export const slowGraph = (size: number): Graph =>
  pairGraph(
    constant('cube', [-1, 1, 1]),
    constant('large', [1, size, size]),
    constant('column', [-1, 1]),
    { operator: 'Reshape', inputs: ['own', 'cube'], outputs: ['seed'] },
    { operator: 'Expand', inputs: ['seed', 'large'], outputs: ['matrix'] },
    { operator: 'MatMul', inputs: ['matrix', 'matrix'], outputs: ['product'] },
    { operator: 'ReduceMean', inputs: ['product'], outputs: ['mean'], attributes: { axes: [1, 2], keepdims: 1 } },
    { operator: 'Reshape', inputs: ['mean', 'column'], outputs: ['value'] },
  );

/** Goes round for ever when some row has a number of at least `from`; else answers with the larger one. */
export const loopingGraph = (from: number): Graph =>
  pairGraph(
    { operator: 'Constant', inputs: [], outputs: ['from'], attributes: { value_int: from - 1 } },
    { operator: 'ReduceMax', inputs: ['own'], outputs: ['most'], attributes: { axes: [0, 1], keepdims: 0 } },
    { operator: 'Cast', inputs: ['most'], outputs: ['whole'], attributes: { to: TYPE.int64 } },
    { operator: 'Greater', inputs: ['whole', 'from'], outputs: ['goesOn'] },
    {
      operator: 'Loop',
      inputs: ['', 'goesOn', 'own'],
      outputs: ['value'],
      attributes: {
        body: {
          inputs: [
            { name: 'turn', type: TYPE.int64, shape: [] },
            { name: 'again', type: TYPE.bool, shape: [] },
            { name: 'carried', type: TYPE.float, shape: ['N', 1] },
          ],
          outputs: [
            { name: 'stillAgain', type: TYPE.bool, shape: [] },
            { name: 'passedOn', type: TYPE.float, shape: ['N', 1] },
          ],
          operations: [
            { operator: 'Identity', inputs: ['again'], outputs: ['stillAgain'] },
            { operator: 'Identity', inputs: ['carried'], outputs: ['passedOn'] },
          ],
        },
      },
    },
  );

/** A graph as the registry keeps it. */
export function artifactOf(graph: Graph): { readonly digest: string; readonly onnx: Uint8Array } {
  const onnx = writeGraph(graph);
  return { digest: createHash('sha256').update(onnx).digest('hex'), onnx };
}
