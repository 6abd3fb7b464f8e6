type NumberArray = Float32Array | Float64Array | Int32Array;

const isNumberArray = (value: unknown): value is NumberArray =>
  value instanceof Float64Array || value instanceof Float32Array || value instanceof Int32Array;

function shareArray<A extends NumberArray>(values: A): A {
  if (values.buffer instanceof SharedArrayBuffer) return values;
  const Kind = values.constructor as new (memory: ArrayBufferLike) => A; // the same kind of array
  const shared = new Kind(new SharedArrayBuffer(values.byteLength));
  shared.set(values);
  return shared;
}

/**
 * Plain data with its lists of numbers in memory that threads share: whoever passes them from one worker thread to the next copies nothing.
 * Bytes stay what they are: files go elsewhere, where shared memory is not taken.
 */
export function shareArrays<T>(value: T): T {
  if (isNumberArray(value)) return shareArray(value);
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  if (value instanceof Map) return new Map(Array.from(value, ([key, part]) => [key, shareArrays(part)])) as T; // the same keys
  if (Array.isArray(value)) return value.map(shareArrays) as T; // of the same length and the same elements
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, shareArrays(part)])) as T; // the same keys
}
