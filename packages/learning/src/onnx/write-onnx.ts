import { ProtobufWriter } from './protobuf-writer.js';

/** Element types of tensors, by their number in onnx.proto (TensorProto.DataType). */
const ELEMENT = { float: 1, int64: 7, string: 8, double: 11 } as const;

/** A value of a node's attribute. */
type Attribute =
  | { readonly name: string; readonly float: number }
  | { readonly name: string; readonly integer: number }
  | { readonly name: string; readonly text: string }
  | { readonly name: string; readonly floats: ArrayLike<number> }
  | { readonly name: string; readonly integers: ArrayLike<number | bigint> }
  | { readonly name: string; readonly texts: readonly string[] };

/** One operator of the graph. */
export interface Node {
  readonly operator: string;
  /** Absent for the default domain. */
  readonly domain?: 'ai.onnx.ml' | 'com.microsoft';
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: readonly Attribute[];
}

/** A constant of the graph. */
export interface Constant {
  readonly name: string;
  readonly element: 'float' | 'int64' | 'double';
  /** Empty for a scalar. */
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
}

/** An input or output. A text in the shape is a free dimension. */
interface TensorInfo {
  readonly name: string;
  readonly element: keyof typeof ELEMENT;
  readonly shape: readonly (number | string)[];
}

/** A whole model. */
export interface OnnxModel {
  readonly graphName: string;
  readonly producerVersion: string;
  readonly nodes: readonly Node[];
  readonly constants: readonly Constant[];
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  /** Written in this order. */
  readonly metadata: readonly (readonly [key: string, value: string])[];
}

/** onnx.proto IR version 8 with operator set 17 is ONNX 1.12 (2022); ai.onnx.ml 3 is the newest set every runtime has. */
const IR_VERSION = 8;
const OPSET = 17;
const ML_OPSET = 3;
/** Operators of ONNX Runtime's own, which all its default builds hold; imported only by a graph that uses one. */
const CONTRIB_OPSET = 1;

// Field numbers below are those of onnx.proto (github.com/onnx/onnx/blob/main/onnx/onnx.proto).

function writeAttribute(attribute: Attribute): (writer: ProtobufWriter) => void {
  return (writer) => {
    writer.text(1, attribute.name);
    if ('float' in attribute) writer.float(2, attribute.float).integer(20, 1);
    else if ('integer' in attribute) writer.integer(3, attribute.integer).integer(20, 2);
    else if ('text' in attribute) writer.text(4, attribute.text).integer(20, 3);
    else if ('floats' in attribute) writer.packedFloats(7, attribute.floats).integer(20, 6);
    else if ('integers' in attribute) writer.packedIntegers(8, attribute.integers).integer(20, 7);
    else {
      for (const text of attribute.texts) writer.text(9, text);
      writer.integer(20, 8);
    }
  };
}

function writeNode(node: Node): (writer: ProtobufWriter) => void {
  return (writer) => {
    for (const input of node.inputs) writer.text(1, input);
    for (const output of node.outputs) writer.text(2, output);
    writer.text(3, `${node.operator}_${node.outputs[0]}`).text(4, node.operator);
    for (const attribute of node.attributes ?? []) writer.message(5, writeAttribute(attribute));
    if (node.domain !== undefined) writer.text(7, node.domain);
  };
}

function writeConstant({ name, element, shape, values }: Constant): (writer: ProtobufWriter) => void {
  return (writer) => {
    for (const size of shape) writer.integer(1, size);
    writer.integer(2, ELEMENT[element]).text(8, name);
    const raw = new Uint8Array(values.length * (element === 'float' ? 4 : 8));
    const view = new DataView(raw.buffer);
    for (let i = 0; i < values.length; i++) {
      if (element === 'float') view.setFloat32(4 * i, values[i]!, true);
      else if (element === 'double') view.setFloat64(8 * i, values[i]!, true);
      else view.setBigInt64(8 * i, BigInt(values[i]!), true);
    }
    writer.bytes(9, raw);
  };
}

function writeTensorInfo({ name, element, shape }: TensorInfo): (writer: ProtobufWriter) => void {
  const writeSize = (size: number | string) => (writer: ProtobufWriter) => {
    if (typeof size === 'string') writer.text(2, size);
    else writer.integer(1, size);
  };
  return (writer) =>
    writer.text(1, name).message(2, (type) =>
      type.message(1, (tensor) =>
        tensor.integer(1, ELEMENT[element]).message(2, (dimensions) => {
          for (const size of shape) dimensions.message(1, writeSize(size));
        }),
      ),
    );
}

/** Encodes a model as an ONNX file. The same model gives the same bytes. */
export function writeOnnx(model: OnnxModel): Uint8Array {
  const writer = new ProtobufWriter();
  writer.integer(1, IR_VERSION).text(2, 'gimbal').text(3, model.producerVersion);
  writer.message(7, (graph) => {
    for (const node of model.nodes) graph.message(1, writeNode(node));
    graph.text(2, model.graphName);
    for (const constant of model.constants) graph.message(5, writeConstant(constant));
    for (const input of model.inputs) graph.message(11, writeTensorInfo(input));
    for (const output of model.outputs) graph.message(12, writeTensorInfo(output));
  });
  writer.message(8, (opset) => opset.text(1, '').integer(2, OPSET));
  writer.message(8, (opset) => opset.text(1, 'ai.onnx.ml').integer(2, ML_OPSET));
  if (model.nodes.some(({ domain }) => domain === 'com.microsoft')) {
    writer.message(8, (opset) => opset.text(1, 'com.microsoft').integer(2, CONTRIB_OPSET));
  }
  for (const [key, value] of model.metadata) writer.message(14, (entry) => entry.text(1, key).text(2, value));
  return writer.finish();
}
