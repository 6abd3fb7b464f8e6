import type { FeatureTable } from '../src/index.js';
import { toRowMajor } from '../src/index.js';

// Jest runs tests in a realm of its own. ONNX Runtime's native part makes arrays of the outer realm, which its JavaScript part
// would then refuse as foreign. structuredClone belongs to the outer realm, and so do the constructors of what it makes.
globalThis.Float32Array = structuredClone(new Float32Array(0)).constructor as Float32ArrayConstructor; // the outer twin
globalThis.BigInt64Array = structuredClone(new BigInt64Array(0)).constructor as BigInt64ArrayConstructor; // the outer twin

// Imported late: the runtime remembers the constructors it finds when it loads.
const { InferenceSession, Tensor } = await import('onnxruntime-node');

/** What an exported model answers. */
export interface Answers {
  readonly probabilities: Float32Array;
  readonly labels: BigInt64Array;
  /** Shapes of the two outputs. */
  readonly shapes: { readonly probability: readonly number[]; readonly label: readonly number[] };
}

/** Loads an exported model into ONNX Runtime and returns a function that asks it about rows of a table. */
export async function loadOnnx(
  file: Uint8Array,
): Promise<(table: FeatureTable, rows?: Int32Array) => Promise<Answers>> {
  const session = await InferenceSession.create(file);
  return async (table, rows) => {
    const values = Float32Array.from(toRowMajor(table, rows));
    const width = table.features.length;
    const { probability, label } = await session.run({
      features: new Tensor('float32', values, [values.length / width, width]),
    });
    return {
      probabilities: probability!.data as Float32Array, // the signature fixes both element types
      labels: label!.data as BigInt64Array,
      shapes: { probability: probability!.dims, label: label!.dims },
    };
  };
}
