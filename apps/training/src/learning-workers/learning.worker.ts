import { parentPort } from 'node:worker_threads';
import {
  compareWithRuntime,
  type Dataset,
  exportOnnx,
  fitModel,
  LearningError,
  predictProbability,
  runFold,
  type TrainingHooks,
  toRowMajor,
} from '@gimbal/learning';
import type { LearningResult, LearningResults, LearningTask, TaskMessage, WorkerMessage } from './learning-task.js';

const PROGRESS_MS = 100;

/** Answers of an ONNX file to rows of a dataset. Loaded late: most tasks need no runtime. */
async function runOnnx(
  file: Uint8Array,
  dataset: Dataset,
  rows: Int32Array,
): Promise<{ probabilities: Float32Array; labels: BigInt64Array; runtime: string }> {
  const { InferenceSession, Tensor, env } = await import('onnxruntime-node');
  const session = await InferenceSession.create(file, { intraOpNumThreads: 1, interOpNumThreads: 1 });
  try {
    const features = new Tensor('float32', toRowMajor(dataset, rows), [rows.length, dataset.features.length]);
    const { probability, label } = await session.run({ features });
    // A Float32Array and a BigInt64Array by the signature of every exported file.
    return {
      probabilities: Float32Array.from(probability?.data as Float32Array),
      labels: label?.data as BigInt64Array,
      runtime: `onnxruntime-node ${env.versions.node ?? ''}`.trim(),
    };
  } finally {
    await session.release();
  }
}

async function exportAndCompare(task: Extract<LearningTask, { kind: 'export' }>): Promise<LearningResults['export']> {
  const { model, threshold, dataset, rows } = task;
  const file = exportOnnx(model, { threshold });
  const { probabilities, labels, runtime } = await runOnnx(file, dataset, rows);
  const kernelProbabilities = predictProbability(model, dataset, rows);
  const parity = compareWithRuntime({
    kernelProbabilities,
    runtimeProbabilities: probabilities,
    runtimeLabels: labels,
    threshold: Math.fround(threshold),
  });
  return { file, parity, probabilities, runtime };
}

async function perform(task: LearningTask, hooks: TrainingHooks): Promise<LearningResult> {
  switch (task.kind) {
    case 'fold':
      return runFold(task, hooks);
    case 'fit':
      return fitModel({ ...task, hooks });
    case 'export':
      return await exportAndCompare(task);
    case 'score':
      return (await runOnnx(task.file, task.dataset, task.rows)).probabilities;
  }
}

const port = parentPort;
if (!port) throw new Error('This file runs as a worker thread.');

port.on('message', async ({ task, stop }: TaskMessage) => {
  const say = (message: WorkerMessage): void => port.postMessage(message);
  let told = 0;
  try {
    const result = await perform(task, {
      shouldStop: () => Atomics.load(stop, 0) === 1,
      onProgress: (done) => {
        const now = performance.now();
        if (now - told < PROGRESS_MS) return;
        told = now;
        say({ type: 'progress', done });
      },
    });
    say({ type: 'done', result });
  } catch (error) {
    // A class does not survive the way between threads: code and text do.
    if (error instanceof LearningError) say({ type: 'failed', code: error.code, detail: error.detail });
    else say({ type: 'failed', code: 'internal-error', detail: error instanceof Error ? error.message : 'unknown' });
  }
});
