import { LearningError } from '../learning-error.js';
import { type ProtobufField, readFields, readPackedFloats, readPackedIntegers } from './protobuf-reader.js';

/** An operator as it stands in a file; lists of attributes that are absent are empty. */
export interface ReadNode {
  readonly operator: string;
  readonly outputs: readonly string[];
  floats(attribute: string): readonly number[];
  integers(attribute: string): readonly number[];
  texts(attribute: string): readonly string[];
}

/** What reading a model back needs of a file. */
export interface ReadGraph {
  readonly nodes: readonly ReadNode[];
  /** The numbers of each constant, by name. */
  readonly constants: ReadonlyMap<string, readonly number[]>;
  readonly metadata: ReadonlyMap<string, string>;
}

const decoder = new TextDecoder('utf-8');

function bytesOf({ number, value }: ProtobufField): Uint8Array {
  if (typeof value !== 'number') return value;
  throw new LearningError('unreadable-model', `Field ${number} of the file does not have the type that ONNX gives it.`);
}

const textOf = (field: ProtobufField): string => decoder.decode(bytesOf(field));

interface Attribute {
  floats: readonly number[];
  integers: readonly number[];
  readonly texts: string[];
}

// Field numbers are those of onnx.proto (github.com/onnx/onnx/blob/main/onnx/onnx.proto).

function readAttribute(bytes: Uint8Array): readonly [string, Attribute] {
  let name = '';
  const found: Attribute = { floats: [], integers: [], texts: [] };
  for (const field of readFields(bytes)) {
    const { number, value } = field;
    if (number === 1) name = textOf(field);
    else if (number === 7) found.floats = listOf(value, readPackedFloats);
    else if (number === 8) found.integers = listOf(value, readPackedIntegers);
    else if (number === 9) found.texts.push(textOf(field));
  }
  return [name, found];
}

/** Our own files pack their lists. */
const listOf = (value: number | Uint8Array, read: (packed: Uint8Array) => number[]): number[] =>
  typeof value === 'number' ? [value] : read(value);

function readNode(bytes: Uint8Array): ReadNode {
  let operator = '';
  const outputs: string[] = [];
  const attributes = new Map<string, Attribute>();
  for (const field of readFields(bytes)) {
    if (field.number === 2) outputs.push(textOf(field));
    else if (field.number === 4) operator = textOf(field);
    else if (field.number === 5) attributes.set(...readAttribute(bytesOf(field)));
  }
  return {
    operator,
    outputs,
    floats: (name) => attributes.get(name)?.floats ?? [],
    integers: (name) => attributes.get(name)?.integers ?? [],
    texts: (name) => attributes.get(name)?.texts ?? [],
  };
}

/** Numbers of a constant that lie in `raw_data`, as our own files have them; others are left empty. */
function readConstant(bytes: Uint8Array): readonly [string, readonly number[]] {
  let [name, element] = ['', 0];
  let raw = new Uint8Array(0);
  for (const field of readFields(bytes)) {
    if (field.number === 2) element = Number(field.value);
    else if (field.number === 8) name = textOf(field);
    else if (field.number === 9) raw = Uint8Array.from(bytesOf(field));
  }
  const view = new DataView(raw.buffer);
  const take = (size: number, at: (offset: number) => number): number[] =>
    Array.from({ length: Math.floor(raw.length / size) }, (_, i) => at(i * size));
  if (element === 1) return [name, take(4, (offset) => view.getFloat32(offset, true))];
  if (element === 7) return [name, take(8, (offset) => Number(view.getBigInt64(offset, true)))];
  if (element === 11) return [name, take(8, (offset) => view.getFloat64(offset, true))];
  return [name, []];
}

/** @throws LearningError `unreadable-model` when the bytes are no ONNX file */
export function readGraph(file: Uint8Array): ReadGraph {
  const nodes: ReadNode[] = [];
  const constants = new Map<string, readonly number[]>();
  const metadata = new Map<string, string>();
  for (const field of readFields(file)) {
    if (field.number === 14) {
      const entry = [...readFields(bytesOf(field))];
      const [key, value] = [1, 2].map((number) => entry.find((part) => part.number === number));
      if (key && value) metadata.set(textOf(key), textOf(value));
    }
    if (field.number !== 7) continue;
    for (const part of readFields(bytesOf(field))) {
      if (part.number === 1) nodes.push(readNode(bytesOf(part)));
      else if (part.number === 5) constants.set(...readConstant(bytesOf(part)));
    }
  }
  return { nodes, constants, metadata };
}
