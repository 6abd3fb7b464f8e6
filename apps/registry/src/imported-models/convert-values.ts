import { ONNX_DOUBLE, ONNX_FLOAT, ONNX_INT64, type OnnxValue } from '../model-files/read-onnx-header.js';
import { GRAPH, MODEL_GRAPH, nameOf, rewrite, writeBytes, writeNode, writeValue } from './onnx-fields.js';
import { renameTensors } from './rename-tensors.js';

/** Types of inputs that float32 can be made into, and of answers that can be made into float32. */
export const CONVERTIBLE_INPUTS: readonly number[] = [ONNX_DOUBLE, ONNX_INT64];
export const CONVERTIBLE_ANSWERS: readonly number[] = [ONNX_DOUBLE];

/** What is added to a graph: nodes before or behind all others, and other descriptions of its inputs and outputs. */
interface GraphChange {
  readonly before?: Uint8Array;
  readonly behind?: Uint8Array;
  /** By the name of the value that is described in another way. */
  readonly values: ReadonlyMap<string, Uint8Array>;
}

function changeGraph(file: Uint8Array, { before, behind, values }: GraphChange): Uint8Array {
  return rewrite(file, ({ number, value: graph }) => {
    if (number !== MODEL_GRAPH) return undefined;
    const changed = rewrite(graph, (part) =>
      part.number === GRAPH.input || part.number === GRAPH.output ? values.get(nameOf(part.value) ?? '') : undefined,
    );
    return Buffer.concat([
      ...(before ? [writeBytes(GRAPH.node, before)] : []),
      changed,
      ...(behind ? [writeBytes(GRAPH.node, behind)] : []),
    ]);
  });
}

const columnsOf = ({ shape }: OnnxValue): number | null => (shape?.length === 2 ? (shape[1] ?? null) : null);

/** Takes float32 in place of another type: the graph makes what it wants of it. */
export function takeFloat32(file: Uint8Array, input: OnnxValue): Uint8Array {
  const { name, elementType } = input;
  const typed = `${name}_typed`;
  return changeGraph(renameTensors(file, new Map([[name, typed]])), {
    before: writeNode('Cast', [name, typed], { to: elementType }),
    values: new Map([[typed, writeValue(name, ONNX_FLOAT, columnsOf(input))]]),
  });
}

/** Answers float32 in place of another type. */
export function answerFloat32(file: Uint8Array, output: OnnxValue): Uint8Array {
  const { name } = output;
  const typed = `${name}_typed`;
  return changeGraph(renameTensors(file, new Map([[name, typed]])), {
    behind: writeNode('Cast', [typed, name], { to: ONNX_FLOAT }),
    values: new Map([[typed, writeValue(name, ONNX_FLOAT, columnsOf(output))]]),
  });
}

/** Answers the index of the most probable class in place of the class as the file calls it. */
export function answerIndex(file: Uint8Array, label: OnnxValue, probabilities: OnnxValue): Uint8Array {
  const { name } = label;
  const called = `${name}_called`;
  return changeGraph(renameTensors(file, new Map([[name, called]])), {
    behind: writeNode('ArgMax', [probabilities.name, name], { axis: 1, keepdims: 0 }),
    values: new Map([[called, writeValue(name, ONNX_INT64, null)]]),
  });
}
