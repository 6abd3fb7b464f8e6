import { isObject, refuse } from '../refuse.js';
import { BYTES, NUMERIC_DATATYPES } from './datatypes.js';
import { NumberList } from './number-list.js';

/** The only input of a graph that has one. */
export interface OwnInput {
  readonly name: string;
  readonly columns: number;
  readonly isText: boolean;
}

/** What a tensor says of itself, before its elements. */
export interface TensorHead {
  readonly name: string;
  readonly datatype: string;
  /** At least one dimension, none negative; their product is `size`. */
  readonly shape: readonly number[];
  readonly size: number;
}

/** An input as it was sent: FP32 in float32, other numbers in float64. Numbers are NaN and texts null where a value is missing. */
export type Tensor = TensorHead &
  (
    | { readonly numbers: Float64Array | Float32Array; readonly texts: null }
    | { readonly numbers: null; readonly texts: (string | null)[] }
  );

const DIMENSIONS_MAX = 8;
const NAME_LENGTH_MAX = 200;
/** More can't be in any body that is read. */
const SIZE_MAX = 2 ** 31 - 1;
const strict = new TextDecoder('utf-8', { fatal: true });

function readShape(shape: unknown, path: string): { readonly shape: readonly number[]; readonly size: number } {
  if (!Array.isArray(shape) || shape.length === 0 || shape.length > DIMENSIONS_MAX)
    return refuse(path, `must be a list of 1 to ${DIMENSIONS_MAX} sizes`);
  let size = 1;
  for (const dimension of shape) {
    if (!Number.isSafeInteger(dimension) || dimension < 0) return refuse(path, 'must hold whole sizes of 0 or more');
    size *= dimension;
  }
  if (size > SIZE_MAX) return refuse(path, 'is of more elements than a request can hold');
  return { shape, size };
}

/** @param path of the tensor, for faults: `inputs[0]` */
export function readHead(input: unknown, path: string): TensorHead {
  if (!isObject(input)) return refuse(path, 'must be an object');
  const { name, datatype, shape } = input;
  if (typeof name !== 'string' || name === '' || name.length > NAME_LENGTH_MAX)
    return refuse(`${path}.name`, `must be a text of 1 to ${NAME_LENGTH_MAX} characters`);
  if (typeof datatype !== 'string' || !(datatype === BYTES || NUMERIC_DATATYPES.has(datatype)))
    return refuse(`${path}.datatype`, `must be one of ${[...NUMERIC_DATATYPES.keys(), BYTES].join(', ')}`);
  return { name, datatype, ...readShape(shape, `${path}.shape`) };
}

function refuseShape(path: string, shape: readonly number[]): never {
  refuse(path, `does not have the shape [${shape.join(', ')}]`);
}

/** Checks a nested list against the shape while it is laid out flat. */
function flatten(data: readonly unknown[], shape: readonly number[], path: string): readonly unknown[] {
  const flat: unknown[] = [];
  const walk = (list: unknown, depth: number): void => {
    if (!Array.isArray(list) || list.length !== shape[depth]) refuseShape(path, shape);
    if (depth === shape.length - 1) for (const value of list) flat.push(value);
    else for (const inner of list) walk(inner, depth + 1);
  };
  walk(data, 0);
  return flat;
}

function readNumber(value: unknown, datatype: string, path: string): number {
  if (value === null) return Number.NaN;
  const given = datatype === 'BOOL' && typeof value === 'boolean' ? Number(value) : value;
  if (typeof given !== 'number') return refuse(path, `holds something else than ${datatype} values and null`);
  const whole = NUMERIC_DATATYPES.get(datatype)?.whole;
  if (whole && !(Number.isInteger(given) && given >= whole[0] && given <= whole[1]))
    return refuse(path, `holds a number that is no ${datatype}`);
  return given;
}

/** Nearly all elements of nearly all requests: a function of its own, so that it is compiled for lists of numbers. */
function readFloats(elements: ArrayLike<unknown>, size: number, path: string): Float32Array {
  const numbers = new Float32Array(size);
  for (let index = 0; index < size; index++) {
    const value = elements[index];
    if (typeof value === 'number') numbers[index] = value;
    else numbers[index] = readNumber(value, 'FP32', path);
  }
  return numbers;
}

/** A copy of the numbers, as the values of the datatype that they were sent for. */
function elementsOf({ numbers }: NumberList, datatype: string): ArrayLike<unknown> {
  if (datatype === 'FP64') return numbers.slice();
  if (datatype === 'FP32') return new Float32Array(numbers);
  return Array.from(numbers, (value) => (Number.isNaN(value) ? null : value));
}

/** A tensor whose elements stand in the JSON, nested by its shape or flat. */
export function readJsonTensor(head: TensorHead, data: unknown, path: string): Tensor {
  if (data instanceof NumberList) {
    const { shape } = data;
    const isNested = shape.length > 1;
    if (isNested && shape.join() !== head.shape.join()) return refuseShape(path, head.shape);
    return readListedTensor(head, elementsOf(data, head.datatype), path);
  }
  if (!Array.isArray(data)) return refuse(path, 'must be a list of the elements');
  return readListedTensor(head, Array.isArray(data[0]) ? flatten(data, head.shape, path) : data, path);
}

/** A tensor of which each element is a value, row by row. */
export function readListedTensor(head: TensorHead, elements: ArrayLike<unknown>, path: string): Tensor {
  const { size, datatype, shape } = head;
  if (elements.length !== size)
    return refuse(path, `has ${elements.length} elements; the shape [${shape.join(', ')}] has ${size}`);
  if (datatype !== BYTES) {
    if (elements instanceof Float32Array || elements instanceof Float64Array)
      return { ...head, numbers: elements, texts: null };
    if (datatype === 'FP32') return { ...head, numbers: readFloats(elements, size, path), texts: null };
    const numbers = Float64Array.from(elements, (value) => readNumber(value, datatype, path));
    return { ...head, numbers, texts: null };
  }
  const texts = Array.from(elements, (value) => {
    if (value !== null && typeof value !== 'string') return refuse(path, 'holds something else than texts and null');
    return value;
  });
  return { ...head, numbers: null, texts };
}

/** `u32 bytes` and the bytes of each text. */
function readTexts(bytes: Uint8Array, size: number, path: string): string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const texts: string[] = [];
  let at = 0;
  while (at < bytes.byteLength) {
    const end = at + 4 > bytes.byteLength ? Number.POSITIVE_INFINITY : at + 4 + view.getUint32(at, true);
    if (end > bytes.byteLength) return refuse(path, 'is cut off within an element');
    texts.push(decodeText(bytes.subarray(at + 4, end), path));
    at = end;
  }
  if (texts.length !== size) return refuse(path, `has ${texts.length} elements; its shape has ${size}`);
  return texts;
}

/** @throws InvalidInputError when the bytes are not UTF-8 */
export function decodeText(bytes: Uint8Array, path: string): string {
  try {
    return strict.decode(bytes);
  } catch {
    return refuse(path, 'holds a text that is not UTF-8');
  }
}

/** A tensor whose elements stand behind the JSON. @param bytes exactly its own */
export function readBinaryTensor(head: TensorHead, bytes: Uint8Array, path: string): Tensor {
  const { datatype, size } = head;
  const numeric = NUMERIC_DATATYPES.get(datatype);
  if (!numeric) return { ...head, numbers: null, texts: readTexts(bytes, size, path) };
  if (bytes.byteLength !== size * numeric.bytes)
    return refuse(path, `has ${bytes.byteLength} bytes; ${size} ${datatype} elements have ${size * numeric.bytes}`);
  const numbers = numeric.read(new Uint8Array(bytes).buffer); // a copy: the bytes are a part of a frame
  if (datatype === 'BOOL' && !numbers.every((value) => value <= 1))
    return refuse(path, 'holds a byte that is neither 0 nor 1');
  return { ...head, numbers, texts: null };
}

/**
 * A body that is nothing but the only input of a model: as many rows of `columns` numbers as it holds, or one text, which has no length
 * before it.
 */
export function readRawTensor({ name, columns, isText }: OwnInput, bytes: Uint8Array): Tensor {
  if (isText) return { name, datatype: BYTES, shape: [1, 1], size: 1, numbers: null, texts: [decodeText(bytes, '')] };
  const rowBytes = columns * 4;
  if (bytes.byteLength === 0 || bytes.byteLength % rowBytes !== 0)
    return refuse('', `The body has ${bytes.byteLength} bytes; a row of ${columns} FP32 numbers has ${rowBytes}.`);
  const rows = bytes.byteLength / rowBytes;
  return readBinaryTensor({ name, datatype: 'FP32', shape: [rows, columns], size: rows * columns }, bytes, name);
}
