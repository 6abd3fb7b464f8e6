import { expect, it } from '@jest/globals';
import { makeTask } from '../../test/make-task.js';
import type { Task } from '../dataset/dataset.js';
import { planFolds } from '../dataset/split-rows.js';
import { crossValidate } from './cross-validate.js';
import { rankCandidates, SELECTION_METRICS, selectionMetric } from './rank-candidates.js';
import { type Candidate, runFold } from './run-fold.js';
import { assembleTaskValidation, crossValidateTask } from './task-validation.js';

const forestOf = (task: Task, trees: number): Candidate => ({
  id: `forest ${trees}`,
  algorithm: task === 'anomaly-detection' ? 'isolation_forest' : 'random_forest',
  hyperparameters: { n_estimators: trees },
});

const TASKS: readonly Task[] = [
  'binary-classification',
  'multiclass-classification',
  'regression',
  'anomaly-detection',
];

it.each(TASKS)('%s: judges every row by a model that had not seen it, in any order of the folds', (task) => {
  const dataset = makeTask({ task, rows: 240, seed: 5, weighted: true });
  const folds = planFolds(dataset, { foldCount: 4, seed: 2 });
  const candidate = forestOf(task, 10);
  const validation = crossValidateTask({ dataset, folds, candidate, seed: 3 });
  const results = [...folds].reverse().map((fold) => structuredClone(runFold({ dataset, fold, candidate, seed: 3 })));
  expect(assembleTaskValidation(dataset, folds, candidate, results)).toEqual(validation);
  expect(validation.task).toBe(task);
  expect(validation.pooled.task).toBe(task);
  expect(Array.from(validation.rows)).toEqual(Array.from({ length: 240 }, (_, i) => i));
  const outputs = task === 'multiclass-classification' ? 3 : 1;
  expect(validation.outOfFoldMargins).toHaveLength(240 * outputs);
  expect(validation.folds.map(({ foldIndex }) => foldIndex)).toEqual([0, 1, 2, 3]);
  const { metric, mean } = selectionMetric(validation);
  const values = validation.folds.map(({ metrics }) => new Map(Object.entries(metrics)).get(metric) ?? 0);
  expect(mean).toBeCloseTo(values.reduce((sum, value) => sum + value, 0) / 4, 12);
});

it.each(TASKS)('%s: what learned more is ranked before what learned nothing', (task) => {
  const dataset = makeTask({ task, rows: 300, seed: 6 });
  const folds = planFolds(dataset, { foldCount: 3, seed: 2 });
  const blind = { ...dataset, columns: dataset.columns.map((column) => column.map((_, i) => (i * 31) % 17)) };
  const good = crossValidateTask({ dataset, folds, candidate: forestOf(task, 30), seed: 3 });
  const poor = crossValidateTask({ dataset: blind, folds, candidate: forestOf(task, 29), seed: 3 });
  expect(rankCandidates([poor, good]).map(({ candidateId }) => candidateId)).toEqual(['forest 30', 'forest 29']);
  for (const metric of SELECTION_METRICS[task]) {
    expect(rankCandidates([poor, good], metric)[0]!.candidateId).toBe('forest 30');
  }
});

it('validates two classes as the binary function does', () => {
  const dataset = makeTask({ task: 'binary-classification', rows: 200, seed: 5 });
  const folds = planFolds(dataset, { foldCount: 4, seed: 2 });
  const request = { dataset, folds, candidate: forestOf('binary-classification', 10), seed: 3 };
  expect(crossValidateTask(request)).toEqual(crossValidate(request));
  const other = makeTask({ task: 'regression', rows: 200, seed: 5 });
  expect(() => crossValidate({ ...request, dataset: other })).toThrow('A regression is not a binary-classification.');
});

it('detects anomalies without labels, but does not rank what can not be judged', () => {
  const known = makeTask({ task: 'anomaly-detection', rows: 200, seed: 5 });
  const dataset = { ...known, target: known.target.map(() => 0) };
  const folds = planFolds(dataset, { foldCount: 4, seed: 2 });
  const candidate = { ...forestOf('anomaly-detection', 20), hyperparameters: { n_estimators: 20, contamination: 0.1 } };
  const validation = crossValidateTask({ dataset, folds, candidate, seed: 3 });
  expect(validation).toMatchObject({ summary: { rocAuc: null, flaggedShare: { mean: expect.closeTo(0.1, 1) } } });
  expect(rankCandidates([validation])).toHaveLength(1);
  const twin = { ...validation, candidateId: 'twin' };
  expect(() => rankCandidates([validation, twin])).toThrow('No candidate has a rocAuc: there are no labels');
});

it('judges windows of time that do not cover all rows', () => {
  const dataset = makeTask({ task: 'regression', rows: 100, seed: 5 });
  const folds = planFolds(dataset, { foldCount: 4, seed: 2, strategy: { kind: 'time-ordered' } });
  const { rows } = crossValidateTask({ dataset, folds, candidate: forestOf('regression', 10), seed: 3 });
  expect([rows.length, rows[0]]).toEqual([80, 20]);
});

it('refuses to rank by what a task does not measure, or across tasks', () => {
  const validate = (task: Task) => {
    const dataset = makeTask({ task, rows: 100, seed: 5 });
    const folds = planFolds(dataset, { foldCount: 2, seed: 2 });
    return crossValidateTask({ dataset, folds, candidate: forestOf(task, 5), seed: 3 });
  };
  const [regression, classes] = [validate('regression'), validate('multiclass-classification')];
  expect(() => rankCandidates([regression], 'f1')).toThrow(
    'A regression is not selected by "f1" but by rmse, mae, medianAbsoluteError, r2, mape.',
  );
  expect(() => rankCandidates([regression, classes])).toThrow('Candidates of different tasks have no order.');
});
