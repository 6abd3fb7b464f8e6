import { ProtobufError, type ProtobufField, readProtobufFields } from '../model-files/read-protobuf.js';

/** New names of tensors by their old ones. */
export type Renaming = ReadonlyMap<string, string>;

/** Field numbers of onnx.proto, by the message that they stand in. */
const MODEL_GRAPH = 7;
const GRAPH = { node: 1, initializer: 5, input: 11, output: 12, valueInfo: 13 } as const;
const NODE = { input: 1, output: 2, operator: 4, attribute: 5 } as const;
const ATTRIBUTE = { graph: 6, graphs: 11 } as const;
const VALUE_NAME = 1;
const TENSOR_NAME = 8;

const decoder = new TextDecoder();
const textOf = (bytes: Uint8Array): string => decoder.decode(bytes);

type Part = Uint8Array;
/** What a field becomes: other bytes, nothing, or (undefined) what it was. */
type Rewritten = Part | null | undefined;
type BytesField = Extract<ProtobufField, { kind: 'bytes' }>;

/** Writes a message again with some of its length-delimited fields changed; all others keep their bytes and their order. */
function rewrite(message: Uint8Array, change: (field: BytesField) => Rewritten): Uint8Array {
  const parts: Part[] = [];
  for (const field of readProtobufFields(message)) {
    const changed = field.kind === 'bytes' ? change(field) : undefined;
    if (changed === null) continue;
    if (changed === undefined) parts.push(message.subarray(field.start, field.end));
    else parts.push(varint((BigInt(field.number) << 3n) | 2n), varint(BigInt(changed.length)), changed);
  }
  return Buffer.concat(parts);
}

function varint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7n) {
    bytes.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0));
    if (rest <= 0x7fn) return Uint8Array.from(bytes);
  }
}

function renamed(name: Uint8Array, names: Renaming): Rewritten {
  const next = names.get(textOf(name));
  return next === undefined ? undefined : Buffer.from(next);
}

const renameField = (message: Uint8Array, number: number, names: Renaming): Uint8Array =>
  rewrite(message, (field) => (field.number === number ? renamed(field.value, names) : undefined));

/** Graphs inside of nodes (If, Loop, Scan) see the names around them. */
function renameNode(node: Uint8Array, names: Renaming): Uint8Array {
  return rewrite(node, ({ number, value }) => {
    if (number === NODE.input || number === NODE.output) return renamed(value, names);
    if (number !== NODE.attribute) return undefined;
    return rewrite(value, (part) =>
      part.number === ATTRIBUTE.graph || part.number === ATTRIBUTE.graphs ? renameGraph(part.value, names) : undefined,
    );
  });
}

function renameGraph(graph: Uint8Array, names: Renaming): Uint8Array {
  return rewrite(graph, ({ number, value }) => {
    if (number === GRAPH.node) return renameNode(value, names);
    if (number === GRAPH.initializer) return renameField(value, TENSOR_NAME, names);
    if (number === GRAPH.input || number === GRAPH.output || number === GRAPH.valueInfo)
      return renameField(value, VALUE_NAME, names);
    return undefined;
  });
}

/** Other names for the tensors of a model, everywhere in its graph. */
export function renameTensors(file: Uint8Array, names: Renaming): Uint8Array {
  return rewrite(file, ({ number, value }) => (number === MODEL_GRAPH ? renameGraph(value, names) : undefined));
}

/** A ZipMap at the end of a graph: it makes a list of maps, which serving cannot run, out of a tensor that it can. */
export interface FoundZipMap {
  readonly input: string;
  readonly output: string;
  /** How many classes its maps have. */
  readonly classes: number;
}

/** Everything in a graph that has a name, and its ZipMap if it has one. @throws ProtobufError */
export function readTensorNames(file: Uint8Array): {
  readonly names: ReadonlySet<string>;
  readonly zipMap?: FoundZipMap;
} {
  const names = new Set<string>();
  let zipMap: FoundZipMap | undefined;
  for (const { value } of fieldsOf(graphOf(file), GRAPH.node)) {
    for (const output of fieldsOf(value, NODE.output)) names.add(textOf(output.value));
    zipMap ??= readZipMap(value);
  }
  for (const { value } of fieldsOf(graphOf(file), GRAPH.initializer))
    for (const name of fieldsOf(value, TENSOR_NAME)) names.add(textOf(name.value));
  return zipMap ? { names, zipMap } : { names };
}

/** Takes a ZipMap out: what it made a list of becomes the output in its place. `shape` describes it as `ValueInfoProto`. */
export function removeZipMap(file: Uint8Array, { input, output, classes }: FoundZipMap): Uint8Array {
  return rewrite(file, ({ number, value }) => {
    if (number !== MODEL_GRAPH) return undefined;
    return rewrite(value, (part) => {
      if (part.number === GRAPH.node && readZipMap(part.value)?.output === output) return null;
      if (part.number === GRAPH.output && nameOf(part.value) === output) return describeMatrix(input, classes);
      return undefined;
    });
  });
}

function graphOf(file: Uint8Array): Uint8Array {
  const [graph] = fieldsOf(file, MODEL_GRAPH);
  if (!graph) throw new ProtobufError('There is no model in it.');
  return graph.value;
}

function fieldsOf(message: Uint8Array, number: number): BytesField[] {
  return [...readProtobufFields(message)].filter(
    (field): field is BytesField => field.kind === 'bytes' && field.number === number,
  );
}

const nameOf = (value: Uint8Array): string | undefined => {
  const [name] = fieldsOf(value, VALUE_NAME);
  return name && textOf(name.value);
};

function readZipMap(node: Uint8Array): FoundZipMap | undefined {
  const [operator] = fieldsOf(node, NODE.operator);
  const [input] = fieldsOf(node, NODE.input);
  const [output] = fieldsOf(node, NODE.output);
  if (!operator || !input || !output || textOf(operator.value) !== 'ZipMap') return undefined;
  return { input: textOf(input.value), output: textOf(output.value), classes: countClasses(node) };
}

/** `classlabels_int64s` or `classlabels_strings`: as many as there are columns. */
function countClasses(node: Uint8Array): number {
  let count = 0;
  for (const { value } of fieldsOf(node, NODE.attribute))
    for (const field of readProtobufFields(value))
      if (field.number === 9 || (field.number === 8 && field.kind === 'varint')) count++;
      else if (field.number === 8 && field.kind === 'bytes') count += countVarints(field.value);
  return count;
}

/** Numbers of a packed field: each ends with a byte below 128. */
const countVarints = (packed: Uint8Array): number => packed.reduce((count, byte) => count + (byte < 0x80 ? 1 : 0), 0);

/** A float32 tensor [rows, columns] as `ValueInfoProto`. */
function describeMatrix(name: string, columns: number): Uint8Array {
  const field = (number: number, value: Uint8Array): Uint8Array =>
    Buffer.concat([varint(BigInt(number * 8 + 2)), varint(BigInt(value.length)), value]);
  const number = (at: number, value: number): Uint8Array =>
    Buffer.concat([varint(BigInt(at * 8)), varint(BigInt(value))]);
  const shape = Buffer.concat([field(1, Buffer.alloc(0)), field(1, number(1, columns))]);
  const tensor = Buffer.concat([number(1, 1), field(2, shape)]);
  return Buffer.concat([field(1, Buffer.from(name)), field(2, field(1, tensor))]);
}
