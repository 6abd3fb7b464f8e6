import {
  buildModelCard,
  buildTextCard,
  type Dataset,
  evaluateSlices,
  gainImportance,
  type Model,
  permutationImportance,
  renderModelCardHtml,
  shapImportance,
  type TrainingHooks,
  takeRows,
  takeTarget,
} from '@gimbal/learning';
import { describeTableSignature, profileTable } from '../tables/describe-table.js';
import { judgeTable } from '../tables/judge-table.js';
import { judgeTexts } from '../tables/judge-texts.js';
import { profileTexts } from '../tables/profile-texts.js';
import { takeEvenly } from '../tables/take-evenly.js';
import type { LearningResults, LearningTask } from './learning-task.js';

/** Rows on which a column's importance is measured by shuffling it; fewer of wide tables and large models: so many walks down a tree in all. */
const SHUFFLED_ROWS_MAX = 5_000;
const SHUFFLED_ROWS_MIN = 100;
const WALKS_MAX = 4_000_000;
/** Rows that are explained; fewer where contributions (rows x outputs x columns) or the visits of leaves (rows x leaves) become many. */
const EXPLAINED_ROWS_MAX = 1_000;
const EXPLAINED_ROWS_MIN = 20;
const CONTRIBUTIONS_MAX = 10_000_000;
const VISITS_MAX = 20_000_000;
/** Rows that are cut into slices, and columns by which they are: those that the model goes by most. */
const SLICED_ROWS_MAX = 20_000;
const SLICED_COLUMNS_MAX = 20;

type TableTask = Extract<LearningTask, { kind: 'report' }>;
type TextTask = Extract<LearningTask, { kind: 'report-text' }>;

const clamp = (value: number, low: number, high: number): number => Math.max(low, Math.min(high, Math.floor(value)));

/** A stretch of the whole work. */
function part({ onProgress, shouldStop }: TrainingHooks, from: number, until: number): TrainingHooks {
  return {
    ...(shouldStop && { shouldStop }),
    ...(onProgress && { onProgress: (done) => onProgress(from + done * (until - from)) }),
  };
}

/** Some rows as a dataset of their own in memory, all counting the same: shuffling a column then copies no more than it must. */
function takeSample(dataset: Dataset, rows: Int32Array): Dataset {
  return { ...dataset, ...takeRows(dataset, rows), target: takeTarget(dataset, rows), weights: null };
}

function measureShuffled({ model, dataset, rows, seed }: TableTask, hooks: TrainingHooks) {
  const walks = model.features.length * (model.kind === 'trees' ? model.trees.length : 1);
  const most = clamp(WALKS_MAX / walks, SHUFFLED_ROWS_MIN, SHUFFLED_ROWS_MAX);
  const sample = takeSample(dataset, takeEvenly(rows, most));
  return permutationImportance({ model, dataset: sample, seed, hooks });
}

function measureMoved({ model, dataset, rows, seed }: TableTask, hooks: TrainingHooks) {
  const outputs = model.task === 'multiclass-classification' ? model.classes.length : 1;
  const leaves = model.kind === 'trees' ? model.trees.reduce((sum, { feature }) => sum + feature.length / 2, 1) : 1;
  const affordable = Math.min(CONTRIBUTIONS_MAX / (outputs * model.features.length), VISITS_MAX / leaves);
  const rowsMax = clamp(affordable, EXPLAINED_ROWS_MIN, EXPLAINED_ROWS_MAX);
  return shapImportance({ model, table: dataset, rows, rowsMax, seed, hooks });
}

/** The names of the columns that slices are cut by. */
function chooseColumns(model: Model): string[] {
  return gainImportance(model)
    .toSorted((a, b) => b.importance - a.importance)
    .slice(0, SLICED_COLUMNS_MAX)
    .map(({ feature }) => feature);
}

function judgeSlices({ model, dataset, rows, answers, threshold, seed }: TableTask, hooks: TrainingHooks) {
  const { task, classes } = dataset;
  const width = answers.length / rows.length;
  const positions = takeEvenly(
    Int32Array.from({ length: rows.length }, (_, i) => i),
    SLICED_ROWS_MAX,
  );
  const sample = Int32Array.from(positions, (at) => rows[at] ?? 0);
  const outputs = new Float32Array(positions.length * width);
  positions.forEach((at, i) => {
    outputs.set(answers.subarray(at * width, (at + 1) * width), i * width);
  });
  return evaluateSlices({
    ...{ task, classes, target: takeTarget(dataset, sample), outputs, table: dataset, rows: sample, seed, hooks },
    features: chooseColumns(model),
    ...(threshold !== null && { threshold }),
  });
}

/**
 * Everything about a model that learned from columns that a person may want to see, measured on rows that it did not learn from. All rows are
 * judged; importance and slices are measured on samples, so that a wide or long table takes seconds, too.
 * @throws LearningError as the kernel's functions
 */
export function reportTable(task: TableTask, hooks: TrainingHooks): LearningResults['report'] {
  const { model, dataset, rows, answers, threshold, about, ranked, calibration, seed } = task;
  const evaluation = judgeTable(task, part(hooks, 0, 0.3));
  const card = buildModelCard({
    ...{ ...about, model, ranked, seed },
    ...(calibration && { calibration }),
    judged: {
      task: dataset.task,
      classes: dataset.classes,
      target: takeTarget(dataset, rows),
      outputs: answers,
      ...(threshold !== null && { threshold }),
    },
    permutation: measureShuffled(task, part(hooks, 0.3, 0.6)),
    shap: measureMoved(task, part(hooks, 0.6, 0.75)),
    slices: judgeSlices(task, part(hooks, 0.75, 0.85)),
    hooks: part(hooks, 0.85, 1),
  });
  return {
    ...{ evaluation, card, page: renderModelCardHtml(card) },
    profile: profileTable(task),
    signature: describeTableSignature(task),
  };
}

/** As {@link reportTable}, of a model that learned from texts. */
export function reportTexts(task: TextTask, hooks: TrainingHooks): LearningResults['report-text'] {
  const { about, column, model, ranked, labels, holdoutRows, answers, seed } = task;
  const { evaluation, details } = judgeTexts(task, part(hooks, 0, 0.5));
  const card = buildTextCard({
    ...{ ...about, model, column, ranked, seed, hooks: part(hooks, 0.5, 1) },
    judged: {
      target: takeTarget(labels, holdoutRows),
      probabilities: answers,
      classes: labels.classes,
      threshold: model.abstention.threshold,
    },
  });
  return { evaluation, details, profile: profileTexts(task), card, page: renderModelCardHtml(card) };
}
