/** How the elements of a tensor lie in a binary body: little-endian, row-major. */
interface NumericDatatype {
  readonly bytes: number;
  /** @param view of the tensor's own bytes */
  readonly read: (view: DataView, at: number) => number;
  /** Between which a whole number must lie; null: any number, null in JSON meaning NaN. */
  readonly whole: readonly [lowest: number, highest: number] | null;
}

const signed = (bits: number): readonly [number, number] => [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1];
const unsigned = (bits: number): readonly [number, number] => [0, 2 ** bits - 1];

/** IEEE 754 binary16. */
function readHalf(view: DataView, at: number): number {
  const bits = view.getUint16(at, true);
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1_024) * 2 ** (exponent - 15);
}

/** Every datatype of Open Inference that holds numbers; BYTES is the other one. */
export const NUMERIC_DATATYPES: ReadonlyMap<string, NumericDatatype> = new Map<string, NumericDatatype>([
  ['BOOL', { bytes: 1, read: (view, at) => view.getUint8(at), whole: [0, 1] }],
  ['UINT8', { bytes: 1, read: (view, at) => view.getUint8(at), whole: unsigned(8) }],
  ['UINT16', { bytes: 2, read: (view, at) => view.getUint16(at, true), whole: unsigned(16) }],
  ['UINT32', { bytes: 4, read: (view, at) => view.getUint32(at, true), whole: unsigned(32) }],
  ['UINT64', { bytes: 8, read: (view, at) => Number(view.getBigUint64(at, true)), whole: unsigned(64) }],
  ['INT8', { bytes: 1, read: (view, at) => view.getInt8(at), whole: signed(8) }],
  ['INT16', { bytes: 2, read: (view, at) => view.getInt16(at, true), whole: signed(16) }],
  ['INT32', { bytes: 4, read: (view, at) => view.getInt32(at, true), whole: signed(32) }],
  ['INT64', { bytes: 8, read: (view, at) => Number(view.getBigInt64(at, true)), whole: signed(64) }],
  ['FP16', { bytes: 2, read: readHalf, whole: null }],
  ['FP32', { bytes: 4, read: (view, at) => view.getFloat32(at, true), whole: null }],
  ['FP64', { bytes: 8, read: (view, at) => view.getFloat64(at, true), whole: null }],
]);

export const BYTES = 'BYTES';
