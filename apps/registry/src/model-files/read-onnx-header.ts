import { ProtobufError, type ProtobufField, readProtobufFields } from './read-protobuf.js';

/** Element types of `TensorProto.DataType` that matter here; others are known by their number. */
export const ONNX_FLOAT = 1;
export const ONNX_INT64 = 7;
export const ONNX_STRING = 8;
export const ONNX_DOUBLE = 11;

/** One input or output of a model. */
export interface OnnxValue {
  readonly name: string;
  /** `tensor`, or what else ONNX knows: a sequence or a map, as ZipMap returns. */
  readonly kind: 'tensor' | 'other';
  /** `TensorProto.DataType`; 0 when it is not a tensor. */
  readonly elementType: number;
  /** Sizes; null for a dimension that varies. Null when the shape is not stated. */
  readonly shape: readonly (number | null)[] | null;
}

/** What an ONNX file says of itself, read without running it. */
export interface OnnxHeader {
  readonly irVersion: number;
  readonly producer: string;
  /** Operator set version by domain; '' is ONNX's own. */
  readonly operatorSets: ReadonlyMap<string, number>;
  /** Names of the operators in use by domain, without those that the file defines itself as functions. */
  readonly operators: ReadonlyMap<string, ReadonlySet<string>>;
  /** Inputs that a caller must give: constants that older files also list as inputs are left out. */
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  /** True when tensors lie in other files, named by path. */
  readonly hasExternalData: boolean;
}

/** Graphs nest through the attributes of If, Loop and Scan. */
const NESTING_MAX = 16;

/**
 * Reads the header of an ONNX file. Field numbers: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto (IR version 3 and later).
 * @throws ProtobufError when the bytes are not a protobuf message, hold no graph, or nest too deep
 */
export function readOnnxHeader(file: Uint8Array): OnnxHeader {
  let irVersion = 0;
  let producer = '';
  let graph: Uint8Array | undefined;
  const functions: Uint8Array[] = [];
  const operatorSets = new Map<string, number>();
  for (const field of readProtobufFields(file)) {
    if (field.number === 1) irVersion = integerOf(field);
    else if (field.number === 2) producer = textOf(field).slice(0, 100);
    else if (field.number === 7) graph = bytesOf(field);
    else if (field.number === 8) {
      const set = readOperatorSet(bytesOf(field));
      operatorSets.set(set.domain, Math.max(set.version, operatorSets.get(set.domain) ?? 0));
    } else if (field.number === 25) functions.push(bytesOf(field));
  }
  if (!graph || irVersion < 1) throw new ProtobufError('There is no model in it.');
  const found: GraphContent = {
    operators: new Map(),
    inputs: [],
    outputs: [],
    constants: new Set(),
    hasExternalData: false,
  };
  readGraph(graph, found, 0);
  const own = functions.map((one) => readFunction(one, found));
  for (const { domain, name } of own) found.operators.get(domain)?.delete(name);
  const inputs = found.inputs.filter(({ name }) => !found.constants.has(name));
  const { operators, outputs, hasExternalData } = found;
  return { irVersion, producer, operatorSets, operators, inputs, outputs, hasExternalData };
}

interface GraphContent {
  readonly operators: Map<string, Set<string>>;
  readonly inputs: OnnxValue[];
  readonly outputs: OnnxValue[];
  readonly constants: Set<string>;
  hasExternalData: boolean;
}

function readGraph(graph: Uint8Array, found: GraphContent, depth: number): void {
  if (depth > NESTING_MAX) throw new ProtobufError('Graphs nest too deep.');
  for (const field of readProtobufFields(graph)) {
    if (field.number === 1) readNode(bytesOf(field), found, depth);
    else if (field.number === 5) readConstant(bytesOf(field), found);
    else if (field.number === 15) {
      for (const part of readProtobufFields(bytesOf(field))) if (part.number <= 2) readConstant(bytesOf(part), found);
    } else if (depth === 0 && field.number === 11) found.inputs.push(readValue(bytesOf(field)));
    else if (depth === 0 && field.number === 12) found.outputs.push(readValue(bytesOf(field)));
  }
}

/** ONNX's own domain has two names. */
const domainOf = (field: ProtobufField): string => textOf(field).replace(/^ai\.onnx$/, '');

function readNode(node: Uint8Array, found: GraphContent, depth: number): void {
  let name = '';
  let domain = '';
  for (const field of readProtobufFields(node)) {
    if (field.number === 4) name = textOf(field);
    else if (field.number === 5) readAttribute(bytesOf(field), found, depth);
    else if (field.number === 7) domain = domainOf(field);
  }
  const known = found.operators.get(domain);
  if (known) known.add(name);
  else found.operators.set(domain, new Set([name]));
}

/** An operator that the file defines itself, by other operators. */
function readFunction(body: Uint8Array, found: GraphContent): { readonly domain: string; readonly name: string } {
  let name = '';
  let domain = '';
  for (const field of readProtobufFields(body)) {
    if (field.number === 1) name = textOf(field);
    else if (field.number === 7) readNode(bytesOf(field), found, 0);
    else if (field.number === 10) domain = domainOf(field);
  }
  return { domain, name };
}

function readAttribute(attribute: Uint8Array, found: GraphContent, depth: number): void {
  for (const field of readProtobufFields(attribute)) {
    if (field.kind !== 'bytes') continue;
    if (field.number === 5 || field.number === 10) readConstant(field.value, found);
    else if (field.number === 6 || field.number === 11) readGraph(field.value, found, depth + 1);
  }
}

function readConstant(tensor: Uint8Array, found: GraphContent): void {
  for (const field of readProtobufFields(tensor)) {
    if (field.number === 8 && field.kind === 'bytes') found.constants.add(textOf(field));
    else if (field.number === 13) found.hasExternalData = true;
    else if (field.number === 14 && field.kind === 'varint' && field.value !== 0n) found.hasExternalData = true;
  }
}

function readValue(value: Uint8Array): OnnxValue {
  let name = '';
  let type: Uint8Array | undefined;
  for (const field of readProtobufFields(value)) {
    if (field.number === 1) name = textOf(field);
    else if (field.number === 2) type = bytesOf(field);
  }
  for (const field of readProtobufFields(type ?? new Uint8Array())) {
    if (field.number === 1) return { name, kind: 'tensor', ...readTensorType(bytesOf(field)) };
  }
  return { name, kind: 'other', elementType: 0, shape: null };
}

function readTensorType(type: Uint8Array): Pick<OnnxValue, 'elementType' | 'shape'> {
  let elementType = 0;
  let shape: (number | null)[] | null = null;
  for (const field of readProtobufFields(type)) {
    if (field.number === 1) elementType = integerOf(field);
    else if (field.number === 2) {
      shape = [];
      for (const dimension of readProtobufFields(bytesOf(field)))
        if (dimension.number === 1) shape.push(readSize(bytesOf(dimension)));
    }
  }
  return { elementType, shape };
}

function readSize(dimension: Uint8Array): number | null {
  for (const field of readProtobufFields(dimension)) if (field.number === 1) return integerOf(field);
  return null;
}

function readOperatorSet(set: Uint8Array): { readonly domain: string; readonly version: number } {
  let domain = '';
  let version = 0;
  for (const field of readProtobufFields(set)) {
    if (field.number === 1) domain = domainOf(field);
    else if (field.number === 2) version = integerOf(field);
  }
  return { domain, version };
}

function bytesOf(field: ProtobufField): Uint8Array {
  if (field.kind !== 'bytes')
    throw new ProtobufError(`Field ${field.number} does not have the type that ONNX gives it.`);
  return field.value;
}

function integerOf(field: ProtobufField): number {
  if (field.kind !== 'varint')
    throw new ProtobufError(`Field ${field.number} does not have the type that ONNX gives it.`);
  return Number(BigInt.asIntN(64, field.value));
}

const decoder = new TextDecoder('utf-8');
const textOf = (field: ProtobufField): string => decoder.decode(bytesOf(field));
