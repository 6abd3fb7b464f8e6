/**
 * What an ONNX file holds that has to be known before the runtime opens it. Reads the few fields of onnx.proto that lead to operators and
 * tensors, past everything else; a file that is no ONNX is left for the runtime to refuse.
 */
import { GraphRefusal } from '#inference/run-rows.js';

export interface FileFacts {
  /** Types of all operators, those of subgraphs and functions included. */
  readonly operators: ReadonlySet<string>;
}

type Visit = (field: number, value: Uint8Array | number) => void;

const DEPTH_MAX = 32;
const EXTERNAL = 1;

function readVarint(bytes: Uint8Array, at: number): readonly [value: number, next: number] {
  let value = 0;
  for (let factor = 1, next = at; next < bytes.length; factor *= 128) {
    const byte = bytes[next++] ?? 0;
    value += (byte & 127) * factor;
    if (byte < 128) return [value, next];
  }
  return [value, bytes.length];
}

/** Fixed-size fields are passed over; a broken message ends where it breaks. */
function visitFields(bytes: Uint8Array, visit: Visit): void {
  for (let at = 0; at < bytes.length; ) {
    const [tag, body] = readVarint(bytes, at);
    const field = Math.floor(tag / 8);
    const wireType = tag % 8;
    if (wireType === 1) at = body + 8;
    else if (wireType === 5) at = body + 4;
    else {
      const [value, next] = readVarint(bytes, body);
      if (wireType === 0) visit(field, value);
      else if (wireType === 2 && next + value <= bytes.length) visit(field, bytes.subarray(next, next + value));
      else return;
      at = wireType === 0 ? next : next + value;
    }
  }
}

/** Where the parts of each message lie: field number and what it holds. */
const MODEL = { graph: 7, function: 25 } as const;
const GRAPH = { node: 1, tensor: 5, sparseTensor: 15 } as const;
const FUNCTION = { node: 7 } as const;
const NODE = { operator: 4, attribute: 5 } as const;
const ATTRIBUTE = { tensor: 5, graph: 6, tensors: 10, graphs: 11, sparseTensor: 22, sparseTensors: 23 } as const;
const SPARSE_TENSOR = { values: 1, indices: 2 } as const;
const TENSOR = { externalData: 13, dataLocation: 14 } as const;

class Inspection {
  readonly operators = new Set<string>();

  model(bytes: Uint8Array): void {
    visitFields(bytes, (field, value) => {
      if (typeof value === 'number') return;
      if (field === MODEL.graph) this.graph(value, 0);
      if (field === MODEL.function)
        visitFields(value, (inner, node) => {
          if (inner === FUNCTION.node && typeof node !== 'number') this.node(node, 0);
        });
    });
  }

  private graph(bytes: Uint8Array, depth: number): void {
    if (depth > DEPTH_MAX) throw new GraphRefusal(`The file nests graphs more than ${DEPTH_MAX} deep.`);
    visitFields(bytes, (field, value) => {
      if (typeof value === 'number') return;
      if (field === GRAPH.node) this.node(value, depth);
      else if (field === GRAPH.tensor) this.tensor(value);
      else if (field === GRAPH.sparseTensor) this.sparseTensor(value);
    });
  }

  private node(bytes: Uint8Array, depth: number): void {
    visitFields(bytes, (field, value) => {
      if (typeof value === 'number') return;
      if (field === NODE.operator) this.operators.add(Buffer.from(value).toString('latin1'));
      else if (field === NODE.attribute) this.attribute(value, depth);
    });
  }

  private attribute(bytes: Uint8Array, depth: number): void {
    visitFields(bytes, (field, value) => {
      if (typeof value === 'number') return;
      if (field === ATTRIBUTE.tensor || field === ATTRIBUTE.tensors) this.tensor(value);
      else if (field === ATTRIBUTE.graph || field === ATTRIBUTE.graphs) this.graph(value, depth + 1);
      else if (field === ATTRIBUTE.sparseTensor || field === ATTRIBUTE.sparseTensors) this.sparseTensor(value);
    });
  }

  private sparseTensor(bytes: Uint8Array): void {
    visitFields(bytes, (field, value) => {
      const isTensor = field === SPARSE_TENSOR.values || field === SPARSE_TENSOR.indices;
      if (isTensor && typeof value !== 'number') this.tensor(value);
    });
  }

  private tensor(bytes: Uint8Array): void {
    visitFields(bytes, (field, value) => {
      if (field === TENSOR.externalData || (field === TENSOR.dataLocation && value === EXTERNAL))
        throw new GraphRefusal(
          'The file keeps numbers in another file, which is never opened: save it as one (onnx.save_model(model, path, save_as_external_data=False)).',
        );
    });
  }
}

/** @throws GraphRefusal when the file leads to another one, or nests too deep */
export function inspectFile(bytes: Uint8Array): FileFacts {
  const inspection = new Inspection();
  inspection.model(bytes);
  return { operators: inspection.operators };
}
