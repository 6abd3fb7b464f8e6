import { readFile } from 'node:fs/promises';
import { type Dataset, evaluate } from '@gimbal/learning';
import { type BenchTable, readFolds } from './tables/bench-table.js';

/** How good answers out of fold are. Each is judged fold by fold; the value is the mean, the error its standard error over the folds. */
export interface Judgement {
  /** F1 at 0.5 (two classes), macro F1 (many), R2 (values): higher is better. */
  readonly score: Estimate;
  /** Log loss in nats, or the root of the mean squared error: lower is better. */
  readonly loss: Estimate;
  /** Area under the ROC curve; null for values. */
  readonly auc: Estimate | null;
}

/** A mean and its standard error. */
export interface Estimate {
  readonly value: number;
  readonly error: number;
}

/** The mean of values and its standard error. */
export function estimate(values: readonly number[]): Estimate {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { value: mean, error: Math.sqrt(squares / (values.length - 1) / values.length) };
}

const THRESHOLD = 0.5;

function judgeRows({ task, classes }: Dataset, target: Float64Array, outputs: Float64Array) {
  const judged = evaluate({ task, classes, target, outputs, threshold: THRESHOLD });
  switch (judged.task) {
    case 'binary-classification':
      return { score: judged.metrics.f1, loss: judged.metrics.logLoss, auc: judged.metrics.rocAuc };
    case 'multiclass-classification':
      return { score: judged.metrics.macroF1, loss: judged.metrics.logLoss, auc: judged.metrics.rocAuc };
    case 'regression':
      return { score: judged.metrics.r2 ?? Number.NaN, loss: judged.metrics.rmse, auc: null };
    case 'anomaly-detection':
      throw new Error('An anomaly detection is not judged by folds.');
  }
}

/** Reads the answers that a side has left. */
export async function readAnswers(path: string): Promise<Float64Array> {
  const bytes = await readFile(path);
  return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

/** Judges answers out of fold by the kernel's own metrics: both sides by the same ones. */
export function judgeAnswers(table: BenchTable, answers: Float64Array): Judgement {
  const { dataset } = table;
  const width = answers.length / dataset.rowCount;
  const folds = readFolds(table).map(({ testRows }) => {
    const outputs = new Float64Array(testRows.length * width);
    testRows.forEach((row, i) => void outputs.set(answers.subarray(row * width, (row + 1) * width), i * width));
    return judgeRows(
      dataset,
      Float64Array.from(testRows, (row) => dataset.target[row]!),
      outputs,
    );
  });
  const aucs = folds.flatMap(({ auc }) => (auc === null ? [] : [auc]));
  return {
    score: estimate(folds.map(({ score }) => score)),
    loss: estimate(folds.map(({ loss }) => loss)),
    auc: aucs.length === 0 ? null : estimate(aucs),
  };
}

function joinEstimates(estimates: readonly Estimate[]): Estimate {
  const mean = (of: (one: Estimate) => number): number =>
    estimates.reduce((sum, one) => sum + of(one), 0) / estimates.length;
  return { value: mean(({ value }) => value), error: mean(({ error }) => error) };
}

/** The mean over several deals of the same rows into folds. Its error is that of one deal: the rows do not become more. */
export function joinJudgements(judgements: readonly Judgement[]): Judgement {
  const aucs = judgements.flatMap(({ auc }) => (auc === null ? [] : [auc]));
  return {
    score: joinEstimates(judgements.map(({ score }) => score)),
    loss: joinEstimates(judgements.map(({ loss }) => loss)),
    auc: aucs.length === 0 ? null : joinEstimates(aucs),
  };
}
