import type { ScoreVersusLive, TaskScores } from '@gimbal/contracts';
import { bootstrapIntervals, createSeededRng } from '@gimbal/domain';
import {
  type Dataset,
  type Evaluation,
  evaluate,
  SELECTION_METRICS,
  type TaskValidation,
  takeTarget,
} from '@gimbal/learning';
import { primaryOf, snakeCase } from '../pipeline/select-candidate.js';

/** Rows with the truth and with what a model answered. */
export interface AnsweredTable {
  readonly dataset: Dataset;
  readonly rows: Int32Array;
  /** Row-major, rows x outputs. */
  readonly answers: ArrayLike<number>;
  /** Of an anomaly detector or a binary classifier. */
  readonly threshold: number | null;
}

/** Judges answers as the task asks for. */
function judgeAnswers({ dataset, rows, answers, threshold }: AnsweredTable): Evaluation {
  const { task, classes } = dataset;
  const target = takeTarget(dataset, rows);
  return evaluate({ task, classes, target, outputs: answers, ...(threshold !== null && { threshold }) });
}

const HIGHER = new Set(['macro_f1', 'roc_auc']);

function mostFrequent(target: Float64Array, classCount: number): { readonly label: number; readonly share: number } {
  const counts = new Float64Array(classCount);
  for (const label of target) counts[label] = (counts[label] ?? 0) + 1;
  const label = counts.indexOf(Math.max(...counts));
  return { label, share: (counts[label] ?? 0) / target.length };
}

/**
 * What the best constant answer scores by the task's primary score: always the class that training saw most (macro-averaged F1), always
 * training's mean (root mean squared error), every row alike (ROC-AUC .5, where anomalies are labelled).
 */
function scoreConstant({ dataset, rows }: AnsweredTable, trainRows: Int32Array): number | null {
  const target = takeTarget(dataset, rows);
  const learned = takeTarget(dataset, trainRows);
  if (dataset.task === 'regression') {
    const mean = learned.reduce((sum, value) => sum + value, 0) / learned.length;
    return Math.sqrt(target.reduce((sum, value) => sum + (value - mean) ** 2, 0) / target.length);
  }
  if (dataset.task === 'anomaly-detection') return target.some((label) => label !== target[0]) ? 0.5 : null;
  const { label } = mostFrequent(learned, dataset.classes.length);
  const hits = target.reduce((sum, truth) => sum + Number(truth === label), 0);
  // The class that is always answered has recall 1 and its share as precision; every other one has F1 0.
  return (2 * hits) / (target.length + hits) / dataset.classes.length;
}

function numbersOf({ metrics }: Evaluation): Record<string, number | null> {
  const entries: [string, unknown][] = Object.entries(metrics);
  return Object.fromEntries(
    entries.flatMap(([name, value]): [string, number | null][] =>
      value === null || typeof value === 'number'
        ? [[snakeCase(name), typeof value === 'number' && Number.isFinite(value) ? value : null]]
        : [],
    ),
  );
}

/** The scores of a model that is no binary classifier, on its holdout and over its folds. */
export function scoreTable(
  answered: AnsweredTable,
  { trainRows, selected }: { readonly trainRows: Int32Array; readonly selected: TaskValidation | null },
): TaskScores {
  const { task } = answered.dataset;
  const primary = snakeCase(SELECTION_METRICS[task][0] ?? '');
  const validated = selected && primaryOf(selected);
  return {
    rows: answered.rows.length,
    primary,
    better: HIGHER.has(primary) ? 'higher' : 'lower',
    constant: scoreConstant(answered, trainRows),
    values: numbersOf(judgeAnswers(answered)),
    crossValidation:
      selected && validated
        ? { folds: selected.folds.length, mean: validated.mean, deviation: validated.deviation }
        : null,
  };
}

/** Below this a probability is taken as it: one answer that was sure and wrong must not decide alone. */
const PROBABILITY_MIN = 1e-15;

const LOSS_NAMES = { 'multiclass-classification': 'log_loss', regression: 'squared_error' } as const;
type LossTask = keyof typeof LOSS_NAMES;

export const hasLoss = (task: string): task is LossTask => Object.hasOwn(LOSS_NAMES, task);

function lossesOf({ dataset, rows }: AnsweredTable, answers: ArrayLike<number>): Float64Array {
  const width = dataset.task === 'regression' ? 1 : dataset.classes.length;
  return Float64Array.from(rows, (row, i) => {
    const truth = dataset.target[row] ?? Number.NaN;
    if (dataset.task === 'regression') return ((answers[i] ?? Number.NaN) - truth) ** 2;
    return -Math.log(Math.max(answers[i * width + truth] ?? Number.NaN, PROBABILITY_MIN));
  });
}

const REPLICATES = 1_000;
/** Rows beyond these would only make the resampling slower. */
const RESAMPLED_VALUES_MAX = 20_000_000;

/**
 * Candidate against live on the same rows, by mean loss, with a 95 % interval by paired bootstrap (Efron and Tibshirani 1993, chapter 13).
 * @param liveAnswers of the live version to the same rows, in the same form
 */
export function compareLosses(
  candidate: AnsweredTable & { readonly dataset: { readonly task: LossTask } },
  liveAnswers: ArrayLike<number>,
  { liveVersion, seed }: { readonly liveVersion: number; readonly seed: number },
): ScoreVersusLive {
  const ours = lossesOf(candidate, candidate.answers);
  const theirs = lossesOf(candidate, liveAnswers);
  const count = ours.length;
  const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / count;
  const gains = theirs.map((loss, i) => loss - (ours[i] ?? Number.NaN));
  const estimate = mean(gains);
  const replicates = Math.max(200, Math.min(REPLICATES, Math.floor(RESAMPLED_VALUES_MAX / count)));
  const [interval] = bootstrapIntervals(
    count,
    (draws) => {
      let sum = 0;
      for (let i = 0; i < count; i++) sum += (draws[i] ?? 0) * (gains[i] ?? Number.NaN);
      return [sum / count];
    },
    { replicates, level: 0.95, rng: createSeededRng(seed) },
  );
  const gain = { estimate, low: interval?.lower ?? estimate, high: interval?.upper ?? estimate, level: 0.95 };
  const loss = LOSS_NAMES[candidate.dataset.task];
  return { liveVersion, slice: 'holdout', rows: count, loss, candidate: mean(ours), live: mean(theirs), gain };
}
