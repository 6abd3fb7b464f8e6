import type { FeatureTable, Task } from '../src/dataset/dataset.js';
import { arrangeInputs } from '../src/onnx/arrange-inputs.js';
import { ANSWER_OUTPUT } from '../src/onnx/signature.js';

// Jest runs tests in a realm of its own. ONNX Runtime's native part makes arrays of the outer realm, which its JavaScript part
// would then refuse as foreign. structuredClone belongs to the outer realm, and so do the constructors of what it makes.
globalThis.Float32Array = structuredClone(new Float32Array(0)).constructor as Float32ArrayConstructor; // the outer twin
globalThis.BigInt64Array = structuredClone(new BigInt64Array(0)).constructor as BigInt64ArrayConstructor; // the outer twin

// Imported late: the runtime remembers the constructors it finds when it loads.
const { InferenceSession, Tensor } = await import('onnxruntime-node');

/** What an exported model answers. */
export interface Answers {
  /** Row-major: probabilities, values or scores. */
  readonly probabilities: Float32Array;
  /** Empty in regression. */
  readonly labels: BigInt64Array;
  /** Shape of each output by its name. */
  readonly shapes: Readonly<Record<string, readonly number[]>>;
}

/** Loads an exported model into ONNX Runtime and returns a function that asks it about rows of a table. */
export async function loadOnnx(
  file: Uint8Array,
  task: Task = 'binary-classification',
): Promise<(table: FeatureTable, rows?: Int32Array) => Promise<Answers>> {
  const session = await InferenceSession.create(file, { intraOpNumThreads: 1 });
  return async (table, rows) => {
    const { features, texts } = arrangeInputs(table, rows);
    const outputs = await session.run({
      ...(features && { features: new Tensor('float32', Float32Array.from(features.values), [...features.shape]) }),
      ...(texts && { texts: new Tensor('string', [...texts.values], [...texts.shape]) }),
    });
    return {
      probabilities: outputs[ANSWER_OUTPUT[task]]!.data as Float32Array, // the signature fixes both element types
      labels: (outputs['label']?.data as BigInt64Array | undefined) ?? new BigInt64Array(0),
      shapes: Object.fromEntries(Object.entries(outputs).map(([name, { dims }]) => [name, dims])),
    };
  };
}
