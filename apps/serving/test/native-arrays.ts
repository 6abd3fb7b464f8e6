/**
 * jest runs tests in a context with arrays of its own; a native addon makes those of the process. ONNX Runtime compares the two by
 * `instanceof`, so a test that runs it on its own thread imports this first. Outside of jest it changes nothing.
 */
const arrays: object = process
  .getBuiltinModule('node:vm')
  .runInThisContext('({ Float32Array, Float64Array, BigInt64Array, Int32Array, Uint8Array })');
Object.assign(globalThis, arrays);
