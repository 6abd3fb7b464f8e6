import type { components } from '../generated/openapi.js';

export type WireTensor = components['schemas']['OpenInferAnswer']['outputs'][number];
export type Datatype = WireTensor['datatype'];

/** What holds the elements of each datatype. FP16 has no array of its own here; as JSON it is a list of numbers. */
interface Elements {
  BOOL: boolean[];
  UINT8: Uint8Array;
  UINT16: Uint16Array;
  UINT32: Uint32Array;
  UINT64: BigUint64Array;
  INT8: Int8Array;
  INT16: Int16Array;
  INT32: Int32Array;
  INT64: BigInt64Array;
  FP16: number[];
  FP32: Float32Array;
  FP64: Float64Array;
  BYTES: string[];
}

/** A tensor by its datatype: `data` is flat, row by row. NaN is a missing number. */
export type Tensor<D extends Datatype = Datatype> = {
  [K in D]: {
    readonly name: string;
    readonly datatype: K;
    readonly shape: readonly number[];
    readonly data: Elements[K];
  };
}[D];

type NumericArray = Elements[Exclude<Datatype, 'BOOL' | 'FP16' | 'BYTES'>];

/** Typed arrays have the byte order of the machine, which is that of the protocol (little-endian) wherever Node runs today but s390x. */
const ARRAYS = {
  UINT8: Uint8Array,
  UINT16: Uint16Array,
  UINT32: Uint32Array,
  UINT64: BigUint64Array,
  INT8: Int8Array,
  INT16: Int16Array,
  INT32: Int32Array,
  INT64: BigInt64Array,
  FP32: Float32Array,
  FP64: Float64Array,
} as const;

const LENGTH_BYTES = 4;

/** The tensor as JSON. @throws RangeError when a number would not survive JSON */
export function toJson(tensor: Tensor): WireTensor {
  checkShape(tensor);
  const { name, datatype, shape, data } = tensor;
  return { name, datatype, shape: [...shape], data: Array.from<unknown, unknown>(data, elementToJson) };
}

function elementToJson(element: unknown): unknown {
  if (typeof element === 'number') return Number.isFinite(element) ? element : missing(element);
  if (typeof element !== 'bigint') return element;
  if (!Number.isSafeInteger(Number(element)))
    throw new RangeError(`${element} is too large for JSON: send it as binary.`);
  return Number(element);
}

function missing(element: number): null {
  if (Number.isNaN(element)) return null;
  throw new RangeError('Infinity can not be sent as JSON.');
}

/** The elements as the protocol's bytes. @throws RangeError for FP16 */
export function toBytes(tensor: Tensor): Uint8Array {
  checkShape(tensor);
  if (tensor.datatype === 'BYTES') return textsToBytes(tensor.data);
  if (tensor.datatype === 'BOOL') return Uint8Array.from(tensor.data, Number);
  if (tensor.datatype === 'FP16') throw new RangeError('FP16 is sent as JSON, or as FP32.');
  const { buffer, byteOffset, byteLength } = tensor.data;
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function textsToBytes(texts: readonly string[]): Uint8Array {
  const encoded = texts.map((text) => new TextEncoder().encode(text));
  const bytes = new Uint8Array(encoded.reduce((sum, { length }) => sum + LENGTH_BYTES + length, 0));
  const view = new DataView(bytes.buffer);
  let offset = 0;
  for (const text of encoded) {
    view.setUint32(offset, text.length, true);
    bytes.set(text, offset + LENGTH_BYTES);
    offset += LENGTH_BYTES + text.length;
  }
  return bytes;
}

/** Reads an answered tensor; `bytes` are its elements when they did not come as JSON. */
export function readTensor({ name, datatype, shape, data }: WireTensor, bytes: Uint8Array | undefined): Tensor {
  const elements = bytes
    ? fromBytes(datatype, bytes)
    : fromJson(datatype, (data ?? []).flat(Number.POSITIVE_INFINITY) as unknown[]);
  return { name, datatype, shape, data: elements } as Tensor; // the elements were made by the datatype
}

function fromBytes(datatype: Datatype, bytes: Uint8Array): Elements[Datatype] {
  if (datatype === 'BYTES') return bytesToTexts(bytes);
  if (datatype === 'BOOL') return Array.from(bytes, Boolean);
  if (datatype === 'FP16') throw new RangeError('FP16 can not be read from binary: ask for JSON.');
  return new ARRAYS[datatype](bytes.slice().buffer); // a copy of its own is aligned
}

function bytesToTexts(bytes: Uint8Array): string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const texts: string[] = [];
  for (let offset = 0; offset < bytes.length; ) {
    const end = offset + LENGTH_BYTES + view.getUint32(offset, true);
    texts.push(new TextDecoder().decode(bytes.subarray(offset + LENGTH_BYTES, end)));
    offset = end;
  }
  return texts;
}

function fromJson(datatype: Datatype, list: readonly unknown[]): Elements[Datatype] {
  if (datatype === 'BYTES') return list.map(String);
  if (datatype === 'BOOL') return list.map(Boolean);
  const numbers = list.map((element) => (element === null ? Number.NaN : Number(element)));
  if (datatype === 'FP16') return numbers;
  if (datatype === 'INT64') return BigInt64Array.from(numbers, BigInt);
  if (datatype === 'UINT64') return BigUint64Array.from(numbers, BigInt);
  return ARRAYS[datatype].from(numbers) as NumericArray;
}

function checkShape({ name, shape, data }: Tensor): void {
  const elements = shape.reduce((product, size) => product * size, 1);
  if (elements !== data.length)
    throw new RangeError(
      `The tensor ${name} has ${data.length} elements, and its shape [${shape.join(', ')}] says ${elements}.`,
    );
}
