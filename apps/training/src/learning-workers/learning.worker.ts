import { parentPort } from 'node:worker_threads';
import { DomainError } from '@gimbal/domain';
import {
  assembleTaskValidation,
  checkDataset,
  checkSplit,
  chooseCalibration,
  compareTextWithRuntime,
  compareWithRuntime,
  crossValidateTask,
  dropRows,
  exportOnnx,
  exportTextOnnx,
  fitModel,
  LearningError,
  type Model,
  type ParityCertificate,
  predict,
  predictText,
  runFold,
  selectionMetric,
  splitHoldout,
  type TrainingHooks,
} from '@gimbal/learning';
import { loadTable } from '../data/load-table.js';
import { readParts } from '../data/read-parts.js';
import { judgeCandidate } from '../pipeline/judge-candidate.js';
import { buildTrainingSet } from '../pipeline/training-set.js';
import { planShare } from '../search/plan-share.js';
import { readTexts } from '../tables/text-set.js';
import { fitTexts, tryTexts } from './fit-texts.js';
import type { LearningResult, LearningResults, LearningTask, TaskMessage, WorkerMessage } from './learning-task.js';
import { openTask } from './open-task.js';
import { reportTable, reportTexts } from './report-model.js';
import { type RuntimeAnswers, runOnnx, runTextOnnx } from './run-onnx.js';
import { shareArrays } from './share-arrays.js';
import { startTeam } from './start-team.js';

const PROGRESS_MS = 100;

type FitTask = Extract<LearningTask, { kind: 'fit' }>;
type ExportTask = Extract<LearningTask, { kind: 'export' }>;

/** Standard deviation of a target, the unit in which a value's difference is measured; 1 of a constant one. */
function deviationOf(target: Float64Array): number {
  const mean = target.reduce((sum, value) => sum + value, 0) / target.length;
  const squares = target.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / target.length) || 1;
}

function certify({ model, dataset, rows, threshold }: ExportTask, said: RuntimeAnswers): ParityCertificate {
  const both = { kernelProbabilities: predict(model, dataset, rows), runtimeProbabilities: said.answers };
  const { task, classes, target } = dataset;
  if (task === 'regression') return compareWithRuntime({ ...both, task, targetDeviation: deviationOf(target) });
  const labelled = { ...both, runtimeLabels: said.labels };
  if (task === 'multiclass-classification')
    return compareWithRuntime({ ...labelled, task, classCount: classes.length });
  return compareWithRuntime({ ...labelled, task, threshold: Math.fround(threshold ?? Number.NaN) });
}

async function exportAndCompare(task: ExportTask, hooks: TrainingHooks): Promise<LearningResults['export']> {
  const { model, threshold, dataset, rows } = task;
  const file = exportOnnx(model, threshold === null ? {} : { threshold });
  const said = await runOnnx({ file, dataset, rows }, hooks);
  return { file, parity: certify(task, said), answers: said.answers, runtime: said.runtime };
}

async function exportText(
  { model, ...chosen }: Extract<LearningTask, { kind: 'export-text' }>,
  hooks: TrainingHooks,
): Promise<LearningResults['export-text']> {
  const texts = readTexts(chosen);
  const file = exportTextOnnx(model);
  const said = await runTextOnnx({ file, texts, classCount: model.classes.length }, hooks);
  const parity = compareTextWithRuntime(predictText(model, texts), {
    labels: said.labels,
    probabilities: said.answers,
  });
  return { file, parity, answers: said.answers, runtime: said.runtime };
}

async function fit({ helpers = 0, ...request }: FitTask, hooks: TrainingHooks): Promise<Model> {
  const team = startTeam(helpers);
  try {
    return fitModel({ ...request, hooks, team });
  } finally {
    await team.end();
  }
}

/** Validates a candidate as it will be shipped: calibrated where that helps, with the threshold tuned for that. */
function calibrate(task: Extract<LearningTask, { kind: 'calibrate' }>): LearningResults['calibrate'] {
  const { dataset, folds, candidate } = task;
  const { calibration, trials, results, threshold } = chooseCalibration(dataset, folds, candidate, task.results);
  const selected = dropRows(assembleTaskValidation(dataset, folds, candidate, results));
  const isTuned = selected.task === 'binary-classification' && threshold !== null;
  return { selected: isTuned ? { ...selected, threshold } : selected, results, calibration: { calibration, trials } };
}

async function perform(task: LearningTask, hooks: TrainingHooks): Promise<LearningResult> {
  switch (task.kind) {
    case 'load':
      return await loadTable(task, hooks);
    case 'fold':
      return runFold(task, hooks);
    case 'trial':
      return selectionMetric(crossValidateTask(task, hooks)).mean;
    case 'check':
      return checkDataset({ ...task, hooks });
    case 'split':
      return splitHoldout(task.dataset, task);
    case 'check-split':
      return checkSplit(task.dataset, task.holdout);
    case 'plan-folds':
      return planShare(task, task.share);
    case 'validate':
      return dropRows(assembleTaskValidation(task.dataset, task.folds, task.candidate, task.results));
    case 'calibrate':
      return calibrate(task);
    case 'fit':
      return await fit(task, hooks);
    case 'export':
      return await exportAndCompare(task, hooks);
    case 'score':
      return (await runOnnx(task, hooks)).answers;
    case 'fit-text':
      return fitTexts(task, hooks);
    case 'trial-text':
      return tryTexts(task, hooks);
    case 'export-text':
      return await exportText(task, hooks);
    case 'score-text':
      return (await runTextOnnx({ ...task, texts: readTexts(task) }, hooks)).answers;
    case 'report':
      return reportTable(task, hooks);
    case 'report-text':
      return reportTexts(task, hooks);
    case 'read-parts':
      return await readParts(task, hooks);
    case 'build-set':
      return buildTrainingSet(task.data, task.choice, task);
    case 'judge':
      return judgeCandidate(task, hooks);
  }
}

const port = parentPort;
if (!port) throw new Error('This file runs as a worker thread.');

port.on('message', async ({ task, stop }: TaskMessage) => {
  const say = (message: WorkerMessage): void => port.postMessage(message);
  let told = 0;
  let opened: ReturnType<typeof openTask> | undefined;
  try {
    opened = openTask(task);
    const result = await perform(opened.task, {
      shouldStop: () => Atomics.load(stop, 0) === 1,
      onProgress: (done) => {
        const now = performance.now();
        if (now - told < PROGRESS_MS) return;
        told = now;
        say({ type: 'progress', done });
      },
    });
    say({ type: 'done', result: shareArrays(result) });
  } catch (error) {
    // A class does not survive the way between threads: code and text do.
    if (error instanceof DomainError) say({ type: 'refused', code: error.code, detail: error.detail });
    else if (error instanceof LearningError) say({ type: 'failed', code: error.code, detail: error.detail });
    else say({ type: 'failed', code: 'internal-error', detail: error instanceof Error ? error.message : 'unknown' });
  } finally {
    opened?.close();
  }
});
