// First: it puts the outer realm's constructors in place before the runtime loads.
import './run-onnx.js';

const { InferenceSession, Tensor } = await import('onnxruntime-node');

/** Loads an exported text model into ONNX Runtime and returns a function that asks it about texts. */
export async function loadTextOnnx(file: Uint8Array) {
  const session = await InferenceSession.create(file, { intraOpNumThreads: 1 });
  return async (texts: readonly string[]) => {
    const outputs = await session.run({ query: new Tensor('string', [...texts], [texts.length]) });
    return {
      labels: outputs['label']!.data as BigInt64Array, // the signature fixes both element types
      probabilities: outputs['probabilities']!.data as Float32Array,
      shapes: Object.fromEntries(Object.entries(outputs).map(([name, { dims }]) => [name, dims])),
    };
  };
}
