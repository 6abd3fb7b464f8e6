import { ANSWER_OUTPUT, arrangeInputs, type Dataset } from '@gimbal/learning';

/** What an exported file answers to rows. */
export interface RuntimeAnswers {
  /** Row-major: probabilities, values or scores. */
  readonly answers: Float32Array;
  /** Empty in regression. */
  readonly labels: BigInt64Array;
  readonly runtime: string;
}

/** Rows of one run: enough to be fast, few enough to keep inputs and answers small. */
const RUN_ROWS = 8_192;

/** Answers of an ONNX file to rows of a dataset. The runtime is loaded late: most tasks need none. */
export async function runOnnx(file: Uint8Array, dataset: Dataset, rows: Int32Array): Promise<RuntimeAnswers> {
  const { InferenceSession, Tensor, env } = await import('onnxruntime-node');
  const session = await InferenceSession.create(file, { intraOpNumThreads: 1, interOpNumThreads: 1 });
  const width = dataset.task === 'multiclass-classification' ? dataset.classes.length : 1;
  const answers = new Float32Array(rows.length * width);
  const labels = new BigInt64Array(dataset.task === 'regression' ? 0 : rows.length);
  try {
    for (let from = 0; from < rows.length; from += RUN_ROWS) {
      const { features, texts } = arrangeInputs(dataset, rows.subarray(from, from + RUN_ROWS));
      const outputs = await session.run({
        ...(features && { features: new Tensor('float32', features.values, features.shape) }),
        ...(texts && { texts: new Tensor('string', [...texts.values], texts.shape) }),
      });
      // A Float32Array and a BigInt64Array by the signature of every exported file.
      answers.set(outputs[ANSWER_OUTPUT[dataset.task]]?.data as Float32Array, from * width);
      if (labels.length > 0) labels.set(outputs['label']?.data as BigInt64Array, from);
    }
    return { answers, labels, runtime: `onnxruntime-node ${env.versions.node ?? ''}`.trim() };
  } finally {
    await session.release();
  }
}
