import { ProtobufError, type ProtobufField, readProtobufFields } from '../model-files/read-protobuf.js';

/** Field numbers of onnx.proto, by the message that they stand in. */
export const MODEL_GRAPH = 7;
export const GRAPH = { node: 1, initializer: 5, input: 11, output: 12, valueInfo: 13 } as const;
export const NODE = { input: 1, output: 2, operator: 4, attribute: 5 } as const;
export const ATTRIBUTE = { name: 1, integer: 3, graph: 6, integers: 8, strings: 9, graphs: 11, type: 20 } as const;
export const VALUE_NAME = 1;
export const TENSOR_NAME = 8;
/** `AttributeProto.AttributeType` of one integer. */
const INTEGER = 2;

const decoder = new TextDecoder();
export const textOf = (bytes: Uint8Array): string => decoder.decode(bytes);

/** A field that holds a text, bytes or a message. */
export type BytesField = Extract<ProtobufField, { kind: 'bytes' }>;
/** What a field becomes: other bytes, nothing, or (undefined) what it was. */
export type Rewritten = Uint8Array | null | undefined;

/** Writes a message again with some of its length-delimited fields changed; all others keep their bytes and their order. */
export function rewrite(message: Uint8Array, change: (field: BytesField) => Rewritten): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const field of readProtobufFields(message)) {
    const changed = field.kind === 'bytes' ? change(field) : undefined;
    if (changed === null) continue;
    parts.push(changed === undefined ? message.subarray(field.start, field.end) : writeBytes(field.number, changed));
  }
  return Buffer.concat(parts);
}

export function fieldsOf(message: Uint8Array, number: number): BytesField[] {
  return [...readProtobufFields(message)].filter(
    (field): field is BytesField => field.kind === 'bytes' && field.number === number,
  );
}

/** The graph of a model. @throws ProtobufError when there is none */
export function graphOf(file: Uint8Array): Uint8Array {
  const [graph] = fieldsOf(file, MODEL_GRAPH);
  if (!graph) throw new ProtobufError('There is no model in it.');
  return graph.value;
}

export function nameOf(value: Uint8Array): string | undefined {
  const [name] = fieldsOf(value, VALUE_NAME);
  return name && textOf(name.value);
}

function varint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7n) {
    bytes.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0));
    if (rest <= 0x7fn) return Uint8Array.from(bytes);
  }
}

export function writeBytes(number: number, value: Uint8Array | string): Uint8Array {
  const bytes = Buffer.from(value);
  return Buffer.concat([varint((BigInt(number) << 3n) | 2n), varint(BigInt(bytes.length)), bytes]);
}

const writeNumber = (number: number, value: number): Uint8Array =>
  Buffer.concat([varint(BigInt(number) << 3n), varint(BigInt(value))]);

/** A tensor [rows, columns], or [rows], as `ValueInfoProto`. */
export function writeValue(name: string, elementType: number, columns: number | null): Uint8Array {
  const rows = writeBytes(1, Buffer.alloc(0));
  const shape = columns === null ? rows : Buffer.concat([rows, writeBytes(1, writeNumber(1, columns))]);
  const tensor = Buffer.concat([writeNumber(1, elementType), writeBytes(2, shape)]);
  return Buffer.concat([writeBytes(1, name), writeBytes(2, writeBytes(1, tensor))]);
}

/** A node of one input and one output, with attributes that are integers. */
export function writeNode(
  operator: string,
  [input, output]: readonly [input: string, output: string],
  attributes: Readonly<Record<string, number>>,
): Uint8Array {
  const written = Object.entries(attributes).map(([name, value]) =>
    writeBytes(
      NODE.attribute,
      Buffer.concat([
        writeBytes(ATTRIBUTE.name, name),
        writeNumber(ATTRIBUTE.integer, value),
        writeNumber(ATTRIBUTE.type, INTEGER),
      ]),
    ),
  );
  const parts = [writeBytes(NODE.input, input), writeBytes(NODE.output, output), writeBytes(NODE.operator, operator)];
  return Buffer.concat([...parts, ...written]);
}
