import type { Feature } from '../dataset/dataset.js';
import type { GraphPart } from './graph-part.js';
import { ONNX_SIGNATURE } from './signature.js';
import type { OnnxModel } from './write-onnx.js';

/** The inputs of a graph, and how they become one tensor of columns. */
interface InputPart extends GraphPart {
  readonly inputs: OnnxModel['inputs'];
  /** Name of the float32 tensor [N, F] whose columns are the model's features in their order, NaN for missing. */
  readonly columns: string;
}

/** True for a column whose raw values are texts. */
function isText(feature: Feature): boolean {
  return feature.categories !== undefined;
}

/** How callers fill the inputs of an exported file: positions of the model's features, in the order of the inputs' columns. */
export interface InputColumns {
  /** Columns of the input `features`; the file has no such input when there are none. */
  readonly numbers: readonly number[];
  /** Columns of the input `texts`; the file has no such input when there are none. */
  readonly texts: readonly number[];
}

/** Says which features are columns of `features` and which of `texts`: those whose categories are texts. */
export function planInputs(features: readonly Feature[]): InputColumns {
  const positions = features.map((_, j) => j);
  return {
    numbers: positions.filter((j) => !isText(features[j]!)),
    texts: positions.filter((j) => isText(features[j]!)),
  };
}

/** Codes of one text column: `texts` [N, S] -> `codes_s` float32 [N, 1]. A text that is no category becomes NaN, as '' does. */
function createEncoder(categories: readonly string[], s: number): GraphPart {
  return {
    constants: [{ name: `text_column_${s}`, element: 'int64', shape: [1], values: [s] }],
    nodes: [
      {
        operator: 'Gather',
        inputs: [ONNX_SIGNATURE.texts, `text_column_${s}`],
        outputs: [`text_${s}`],
        attributes: [{ name: 'axis', integer: 1 }],
      },
      {
        operator: 'LabelEncoder',
        domain: 'ai.onnx.ml',
        inputs: [`text_${s}`],
        outputs: [`codes_${s}`],
        attributes: [
          { name: 'keys_strings', texts: categories },
          { name: 'values_floats', floats: categories.map((_, code) => code) },
          { name: 'default_float', float: Number.NaN },
        ],
      },
    ],
  };
}

/** Takes columns apart and puts them together in the model's order. */
export function createInputPart(features: readonly Feature[]): InputPart {
  const { numbers, texts } = planInputs(features);
  const { input, texts: textInput } = ONNX_SIGNATURE;
  if (texts.length === 0) {
    const inputs = [{ name: input, element: 'float', shape: ['N', features.length] }] as const;
    return { inputs, nodes: [], constants: [], columns: input };
  }
  const encoders = texts.map((j, s) => createEncoder(features[j]!.categories ?? [], s));
  const order = [...numbers, ...texts];
  const pieces = [...(numbers.length > 0 ? [input] : []), ...texts.map((_, s) => `codes_${s}`)];
  return {
    inputs: [
      ...(numbers.length > 0 ? [{ name: input, element: 'float', shape: ['N', numbers.length] } as const] : []),
      { name: textInput, element: 'string', shape: ['N', texts.length] },
    ],
    constants: [
      ...encoders.flatMap(({ constants }) => constants),
      {
        name: 'column_order',
        element: 'int64',
        shape: [order.length],
        values: features.map((_, j) => order.indexOf(j)),
      },
    ],
    nodes: [
      ...encoders.flatMap(({ nodes }) => nodes),
      { operator: 'Concat', inputs: pieces, outputs: ['unordered'], attributes: [{ name: 'axis', integer: 1 }] },
      {
        operator: 'Gather',
        inputs: ['unordered', 'column_order'],
        outputs: ['columns'],
        attributes: [{ name: 'axis', integer: 1 }],
      },
    ],
    columns: 'columns',
  };
}
