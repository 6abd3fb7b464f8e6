import {
  ANSWER_OUTPUT,
  arrangeInputs,
  checkpoint,
  cleanText,
  type Dataset,
  rowBlocks,
  type TrainingHooks,
} from '@gimbal/learning';
import type { InferenceSession, TypedTensor } from 'onnxruntime-node';

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

type Outputs = InferenceSession.OnnxValueMapType;

/** Some rows as a file takes them. */
interface Batch {
  readonly rows: number;
  readonly feed: (tensor: typeof import('onnxruntime-node').Tensor) => Outputs;
}

interface Asked {
  readonly file: Uint8Array;
  readonly count: number;
  readonly width: number;
  readonly output: string;
  readonly hasLabels: boolean;
  /** Of `count` rows in all, in their order. */
  readonly batches: Iterable<Batch>;
  readonly hooks: TrainingHooks;
}

/** The runtime is loaded late: most tasks need none. */
async function ask({ file, count, width, output, hasLabels, batches, hooks }: Asked): Promise<RuntimeAnswers> {
  const { InferenceSession: Session, Tensor, env } = await import('onnxruntime-node');
  const session = await Session.create(file, { intraOpNumThreads: 1, interOpNumThreads: 1 });
  const answers = new Float32Array(count * width);
  const labels = new BigInt64Array(hasLabels ? count : 0);
  try {
    let at = 0;
    for (const { rows, feed } of batches) {
      checkpoint(hooks, at / count);
      const outputs = await session.run(feed(Tensor));
      // Of these element types by the signature of every exported file.
      answers.set((outputs[output] as TypedTensor<'float32'>).data, at * width);
      if (hasLabels) labels.set((outputs['label'] as TypedTensor<'int64'>).data, at);
      at += rows;
    }
    return { answers, labels, runtime: `onnxruntime-node ${env.versions.node ?? ''}`.trim() };
  } finally {
    await session.release();
  }
}

function* batchRows(dataset: Dataset, rows: Int32Array): Generator<Batch> {
  for (const block of rowBlocks(dataset, rows)) {
    for (let from = 0; from < block.rows.length; from += RUN_ROWS) {
      const part = block.rows.subarray(from, from + RUN_ROWS);
      const { features, texts } = arrangeInputs(block.table, part);
      yield {
        rows: part.length,
        feed: (Tensor) => ({
          ...(features && { features: new Tensor('float32', features.values, features.shape) }),
          ...(texts && { texts: new Tensor('string', [...texts.values], texts.shape) }),
        }),
      };
    }
  }
}

/** Answers of an ONNX file to rows of a dataset. @throws LearningError `training-cancelled` */
export function runOnnx(
  { file, dataset, rows }: { readonly file: Uint8Array; readonly dataset: Dataset; readonly rows: Int32Array },
  hooks: TrainingHooks,
): Promise<RuntimeAnswers> {
  const { task, classes } = dataset;
  return ask({
    ...{ file, count: rows.length, output: ANSWER_OUTPUT[task], hasLabels: task !== 'regression' },
    width: task === 'multiclass-classification' ? classes.length : 1,
    ...{ batches: batchRows(dataset, rows), hooks },
  });
}

function* batchTexts(texts: readonly string[]): Generator<Batch> {
  for (let from = 0; from < texts.length; from += RUN_ROWS) {
    const part = texts.slice(from, from + RUN_ROWS).map(cleanText);
    yield { rows: part.length, feed: (Tensor) => ({ query: new Tensor('string', part, [part.length]) }) };
  }
}

/** Answers of the ONNX file of a text model: texts x classes. @throws LearningError `training-cancelled` */
export function runTextOnnx(
  {
    file,
    texts,
    classCount,
  }: { readonly file: Uint8Array; readonly texts: readonly string[]; readonly classCount: number },
  hooks: TrainingHooks,
): Promise<RuntimeAnswers> {
  return ask({
    ...{ file, count: texts.length, width: classCount, output: 'probabilities', hasLabels: true },
    ...{ batches: batchTexts(texts), hooks },
  });
}
