/** How the elements of a tensor lie in a binary body: little-endian, as on every machine that Node runs on, and row-major. */
interface NumericDatatype {
  readonly bytes: number;
  /** @param bytes whole elements, from an address that suits them */
  readonly read: (bytes: ArrayBuffer) => Float64Array | Float32Array;
  /** Between which a whole number must lie; null: any number. */
  readonly whole: readonly [lowest: number, highest: number] | null;
}

const signed = (bits: number): readonly [number, number] => [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1];
const unsigned = (bits: number): readonly [number, number] => [0, 2 ** bits - 1];

/** IEEE 754 binary16. */
function widenHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1_024) * 2 ** (exponent - 15);
}

/** Every datatype of Open Inference that holds numbers; BYTES is the other one. */
export const NUMERIC_DATATYPES: ReadonlyMap<string, NumericDatatype> = new Map<string, NumericDatatype>([
  ['BOOL', { bytes: 1, read: (bytes) => new Float64Array(new Uint8Array(bytes)), whole: [0, 1] }],
  ['UINT8', { bytes: 1, read: (bytes) => new Float64Array(new Uint8Array(bytes)), whole: unsigned(8) }],
  ['UINT16', { bytes: 2, read: (bytes) => new Float64Array(new Uint16Array(bytes)), whole: unsigned(16) }],
  ['UINT32', { bytes: 4, read: (bytes) => new Float64Array(new Uint32Array(bytes)), whole: unsigned(32) }],
  ['UINT64', { bytes: 8, read: (bytes) => Float64Array.from(new BigUint64Array(bytes), Number), whole: unsigned(64) }],
  ['INT8', { bytes: 1, read: (bytes) => new Float64Array(new Int8Array(bytes)), whole: signed(8) }],
  ['INT16', { bytes: 2, read: (bytes) => new Float64Array(new Int16Array(bytes)), whole: signed(16) }],
  ['INT32', { bytes: 4, read: (bytes) => new Float64Array(new Int32Array(bytes)), whole: signed(32) }],
  ['INT64', { bytes: 8, read: (bytes) => Float64Array.from(new BigInt64Array(bytes), Number), whole: signed(64) }],
  ['FP16', { bytes: 2, read: (bytes) => Float64Array.from(new Uint16Array(bytes), widenHalf), whole: null }],
  ['FP32', { bytes: 4, read: (bytes) => new Float32Array(bytes), whole: null }],
  ['FP64', { bytes: 8, read: (bytes) => new Float64Array(bytes), whole: null }],
]);

export const BYTES = 'BYTES';
