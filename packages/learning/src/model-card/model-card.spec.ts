import { expect, it } from '@jest/globals';
import { makeTask } from '../../test/make-task.js';
import { makeTexts } from '../../test/make-texts.js';
import { chooseCalibration } from '../calibration/choose-calibration.js';
import { checkDataset } from '../checks/check-dataset.js';
import { type Task, takeTarget, takeWeights } from '../dataset/dataset.js';
import { planFolds, splitHoldout } from '../dataset/split-rows.js';
import { evaluateSlices } from '../evaluation/evaluate-slices.js';
import { shapImportance } from '../explanation/shap-importance.js';
import { fitModel } from '../families/fit-model.js';
import { predict } from '../families/predict.js';
import { permutationImportance } from '../importance/permutation-importance.js';
import { fitTextModel } from '../text/fit-text-model.js';
import { predictText } from '../text/predict-text.js';
import { validateTexts } from '../text/validate-texts.js';
import { runFold } from '../validation/run-fold.js';
import { assembleTaskValidation } from '../validation/task-validation.js';
import { buildModelCard, type ModelCardRecord } from './build-model-card.js';
import { buildTextCard } from './build-text-card.js';
import { renderModelCardHtml } from './render-model-card.js';

const data = {
  title: 'Test rows',
  origin: 'Made from a seed.',
  licence: 'CC0-1.0',
  citation: 'none',
  digest: 'sha256:0',
  split: 'stratified, 30 %, seed 1',
  isSynthetic: true,
};

/** A whole small training, as the service runs it. */
function train(task: Task): ModelCardRecord {
  const dataset = makeTask({ task, rows: 300, seed: 5, weighted: true });
  const { trainRows, testRows } = splitHoldout(dataset, { testShare: 0.3, seed: 1 });
  const folds = planFolds(dataset, { foldCount: 3, seed: 1, rows: trainRows });
  const algorithm = task === 'anomaly-detection' ? 'isolation_forest' : 'random_forest';
  const candidate = { id: algorithm, algorithm, hyperparameters: { n_estimators: 20 } };
  const results = folds.map((fold) => runFold({ dataset, fold, candidate, seed: 1 }));
  const model = fitModel({ dataset, rows: trainRows, ...candidate, seed: 1 });
  const judged = {
    task,
    classes: dataset.classes,
    target: takeTarget(dataset, testRows),
    outputs: predict(model, dataset, testRows),
    weights: takeWeights(dataset, testRows),
    threshold: 0.5,
  };
  return {
    name: 'test-model',
    purpose: 'Answers what was asked.',
    limits: ['Not for use.'],
    data,
    model,
    judged,
    ranked: [assembleTaskValidation(dataset, folds, candidate, results)],
    calibration: chooseCalibration(dataset, folds, candidate, results),
    permutation: permutationImportance({ model, dataset, rows: testRows, seed: 1, repeats: 2 }),
    shap: shapImportance({ model, table: dataset, rows: testRows, seed: 1, rowsMax: 20 }),
    slices: evaluateSlices({ ...judged, table: dataset, rows: testRows, seed: 1, rowsMin: 10 }),
    checks: checkDataset({ dataset, rows: trainRows }),
    seed: 1,
  };
}

const TASKS: readonly Task[] = [
  'binary-classification',
  'multiclass-classification',
  'regression',
  'anomaly-detection',
];

it.each(TASKS)('%s: JSON keeps a card whole, and the page tells its figures and fetches nothing', (task) => {
  const record = train(task);
  const card = buildModelCard(record);
  expect(JSON.parse(JSON.stringify(card))).toEqual(card);
  expect(buildModelCard(record)).toEqual(card);
  for (const { points } of card.curves) expect(points.length).toBeLessThanOrEqual(200);
  const page = renderModelCardHtml(card);
  expect(page).not.toMatch(/undefined|NaN|\[object|<script|(src|href)=|url\(|@import/);
  expect(page).toContain('synthetic');
  expect(page).toContain('Where it does worse');
  expect(page).toContain('Interval');
  expect(page.match(/<svg/g) ?? []).toHaveLength({ regression: 1, 'anomaly-detection': 2 }[task as string] ?? 3);
  expect(page).toContain('mean |SHAP| over 20 rows');
  checkTags(page);
});

/** Every tag that is opened is closed, in order. */
function checkTags(page: string): void {
  const open: string[] = [];
  for (const [, close, tag, empty] of page.matchAll(/<(\/?)([a-z][a-z0-9]*)[^>]*?(\/?)>/g)) {
    if (empty === '/' || tag === 'meta') continue;
    if (close === '') open.push(tag!);
    else expect(open.pop()).toBe(tag);
  }
  expect(open).toEqual([]);
}

it('of a text model tells the classes, the intervals and how often it abstains', () => {
  const { texts, target, classes } = makeTexts({ rows: 300, seed: 5 });
  const { model, outOfFold } = fitTextModel({ texts, target, classes, seed: 1 });
  const held = makeTexts({ rows: 200, seed: 6 });
  const { probabilities } = predictText(model, held.texts);
  const judged = { target: held.target, probabilities, classes, threshold: model.abstention.threshold };
  const card = buildTextCard({
    name: 'intents',
    purpose: 'Names intents.',
    data,
    model,
    column: 'query',
    ranked: [validateTexts('tuned', { model, outOfFold }, { target, classes })],
    judged,
    seed: 1,
  });
  expect(card.candidates).toMatchObject([{ candidateId: 'tuned', metrics: [{ metric: 'macroF1' }, {}, {}] }]);
  expect(JSON.parse(JSON.stringify(card))).toEqual(card);
  expect(card.intervals.every(({ interval }) => interval !== null)).toBe(true);
  const page = renderModelCardHtml(card);
  expect(page).not.toMatch(/undefined|NaN|\[object|<script|(src|href)=|url\(|@import/);
  expect(page).toContain('abstains from the others');
  for (const name of classes) expect(page).toContain(`<td>${name}</td>`);
  checkTags(page);
});

it('is given up when it is no longer wanted', () => {
  const hooks = { shouldStop: () => true };
  expect(() => buildModelCard({ ...train('regression'), hooks })).toThrow('training-cancelled');
});

// Names of columns and classes come from uploaded files.
it('escapes every text that a stranger may have written', () => {
  const record = train('multiclass-classification');
  const evil = '<script>alert("1")</script>\'&';
  const soil = <T>(value: T): T =>
    JSON.parse(JSON.stringify(value), (key, text: unknown) =>
      typeof text === 'string' && !['task', 'kind', 'severity', 'metric'].includes(key) ? `${evil}${text}` : text,
    ) as T; // of the same shape
  const page = renderModelCardHtml({
    ...soil(buildModelCard(record)),
    checks: [{ code: 'leak', column: evil, message: evil, severity: 'warning' }],
  });
  expect(page).not.toContain('<script');
  expect(page).not.toContain('alert("');
  expect(page).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39;&amp;class 1');
});
