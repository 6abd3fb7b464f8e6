import type { ScoreVersusLive, TaskScores } from '@gimbal/contracts';
import {
  type CandidateValidation,
  type Dataset,
  type Evaluation,
  evaluate,
  SELECTION_METRICS,
  type TrainingHooks,
  takeTarget,
} from '@gimbal/learning';
import { primaryOf, snakeCase } from '../pipeline/primary-score.js';
import { meanOfDraws, resampleRows } from '../pipeline/resample-rows.js';

/** Rows with the truth and with what a model answered. */
export interface AnsweredTable {
  readonly dataset: Dataset;
  readonly rows: Int32Array;
  /** Row-major, rows x outputs. */
  readonly answers: ArrayLike<number>;
  /** Of an anomaly detector or a binary classifier. */
  readonly threshold: number | null;
}

/** The live version's answers to the same rows, in the same form. */
export interface LiveAnswers {
  readonly version: number;
  readonly threshold: number;
  readonly answers: ArrayLike<number>;
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
  { trainRows, selected }: { readonly trainRows: Int32Array; readonly selected: CandidateValidation | null },
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
  return Float64Array.from({ length: rows.length }, (_, i) => {
    const truth = dataset.target[rows[i] ?? -1] ?? Number.NaN;
    if (dataset.task === 'regression') return ((answers[i] ?? Number.NaN) - truth) ** 2;
    return -Math.log(Math.max(answers[i * width + truth] ?? Number.NaN, PROBABILITY_MIN));
  });
}

/**
 * Candidate against live on the same rows, by mean loss.
 * @throws LearningError `training-cancelled`
 */
export function compareLosses(
  candidate: AnsweredTable & { readonly dataset: { readonly task: LossTask } },
  live: LiveAnswers,
  { seed, hooks }: { readonly seed: number; readonly hooks: TrainingHooks },
): ScoreVersusLive {
  const ours = lossesOf(candidate, candidate.answers);
  const theirs = lossesOf(candidate, live.answers);
  const gains = theirs.map((loss, i) => loss - (ours[i] ?? Number.NaN));
  const measure = (draws?: ArrayLike<number>): [number] => [meanOfDraws(gains, draws)];
  const [gain] = resampleRows(ours.length, measure, { seed, hooks });
  return {
    ...{ liveVersion: live.version, slice: 'holdout', rows: ours.length },
    loss: LOSS_NAMES[candidate.dataset.task],
    candidate: meanOfDraws(ours),
    live: meanOfDraws(theirs),
    gain,
  };
}
