import { ONNX_FLOAT } from '../model-files/read-onnx-header.js';
import { readProtobufFields } from '../model-files/read-protobuf.js';
import {
  ATTRIBUTE,
  fieldsOf,
  GRAPH,
  graphOf,
  MODEL_GRAPH,
  NODE,
  nameOf,
  rewrite,
  textOf,
  writeNode,
  writeValue,
} from './onnx-fields.js';

/** Attributes of ai.onnx.ml in which classifiers, and the ZipMap after them, name their classes. */
const LABELS = /^classlabels_(ints|int64s|strings)$/;

/** A ZipMap at the end of a graph: it makes a list of maps, which serving cannot run, out of a tensor that it can. */
interface FoundZipMap {
  readonly input: string;
  readonly output: string;
}

/** The classes of a classifier as its file names them, by their index; empty when it names none. @throws ProtobufError */
export function readClassLabels(file: Uint8Array): readonly string[] {
  let longest: readonly string[] = [];
  for (const { value: node } of fieldsOf(graphOf(file), GRAPH.node))
    for (const { value: attribute } of fieldsOf(node, NODE.attribute)) {
      const [name] = fieldsOf(attribute, ATTRIBUTE.name);
      const labels = name && LABELS.test(textOf(name.value)) ? readLabels(attribute) : [];
      if (labels.length > longest.length) longest = labels;
    }
  return longest;
}

function readLabels(attribute: Uint8Array): string[] {
  const labels: string[] = [];
  for (const field of readProtobufFields(attribute)) {
    if (field.number === ATTRIBUTE.integers && field.kind === 'varint') labels.push(showInteger(field.value));
    else if (field.number === ATTRIBUTE.integers && field.kind === 'bytes') labels.push(...readPacked(field.value));
    else if (field.number === ATTRIBUTE.strings && field.kind === 'bytes') labels.push(textOf(field.value));
  }
  return labels;
}

const showInteger = (value: bigint): string => String(BigInt.asIntN(64, value));

/** Numbers of a packed field: each ends with a byte below 128. */
function readPacked(packed: Uint8Array): string[] {
  const labels: string[] = [];
  let value = 0n;
  let shift = 0n;
  for (const byte of packed) {
    value |= BigInt(byte & 0x7f) << shift;
    shift += 7n;
    if (byte >= 0x80) continue;
    labels.push(showInteger(value));
    value = 0n;
    shift = 0n;
  }
  return labels;
}

/** Puts the tensor that a ZipMap made a list of, as float32 (it may be float64), in the place of the list. @throws ProtobufError */
export function replaceZipMap(file: Uint8Array, classes: number): Uint8Array {
  if (classes === 0) return file;
  const found = fieldsOf(graphOf(file), GRAPH.node)
    .map(({ value }) => readZipMap(value))
    .find((one) => one !== undefined);
  if (!found) return file;
  return rewrite(file, ({ number, value }) => {
    if (number !== MODEL_GRAPH) return undefined;
    return rewrite(value, (part) => {
      if (part.number === GRAPH.node && readZipMap(part.value)?.output === found.output)
        return writeNode('Cast', [found.input, found.output], { to: ONNX_FLOAT });
      if (part.number === GRAPH.output && nameOf(part.value) === found.output)
        return writeValue(found.output, ONNX_FLOAT, classes);
      return undefined;
    });
  });
}

function readZipMap(node: Uint8Array): FoundZipMap | undefined {
  const [operator] = fieldsOf(node, NODE.operator);
  const [input] = fieldsOf(node, NODE.input);
  const [output] = fieldsOf(node, NODE.output);
  if (!operator || !input || !output || textOf(operator.value) !== 'ZipMap') return undefined;
  return { input: textOf(input.value), output: textOf(output.value) };
}
