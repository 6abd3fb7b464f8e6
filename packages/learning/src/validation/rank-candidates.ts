import type { Task } from '../dataset/dataset.js';
import { LearningError } from '../learning-error.js';
import type { Spread } from './spread.js';

/** Whether more or less of a metric is better. */
export type Direction = 'higher' | 'lower';

const DIRECTIONS: Readonly<Record<string, Direction>> = {
  accuracy: 'higher',
  precision: 'higher',
  recall: 'higher',
  f1: 'higher',
  rocAuc: 'higher',
  averagePrecision: 'higher',
  macroPrecision: 'higher',
  macroRecall: 'higher',
  macroF1: 'higher',
  weightedF1: 'higher',
  r2: 'higher',
  logLoss: 'lower',
  brier: 'lower',
  rmse: 'lower',
  mae: 'lower',
  medianAbsoluteError: 'lower',
  mape: 'lower',
};

/** What a selection goes by when nothing else is asked for, and what breaks ties, in this order. */
export const SELECTION_METRICS: Readonly<Record<Task, readonly string[]>> = {
  'binary-classification': ['f1', 'brier', 'rocAuc'],
  'multiclass-classification': ['macroF1', 'logLoss', 'accuracy'],
  regression: ['rmse', 'mae', 'r2'],
  'anomaly-detection': ['rocAuc', 'averagePrecision', 'f1'],
};

/** A validation as far as ranking looks at it. */
interface RankedValidation {
  readonly task: Task;
  readonly candidateId: string;
  readonly summary: Readonly<Record<string, Spread | null>>;
}

/** How far values may lie apart and still be a tie: a rounding difference must not choose a model. */
const TIE = 1e-9;
const DIGITS = 9;

/** Rounded to the tie width first: comparing with a tolerance would not be a transitive order. Errors have the target's unit, so theirs is relative. */
function roundToTie(value: number, metric: string): number {
  return DIRECTIONS[metric] === 'higher' || metric === 'brier'
    ? Math.round(value / TIE)
    : Number(value.toPrecision(DIGITS));
}

/**
 * The metric that a selection goes by.
 *
 * @param metric one that the task's validations summarise; the task's own by default
 * @throws LearningError `invalid-argument`, naming what is possible
 */
export function selectionMetric(
  { task, summary }: Pick<RankedValidation, 'task' | 'summary'>,
  metric: string = SELECTION_METRICS[task][0]!,
): { readonly metric: string; readonly direction: Direction; readonly mean: number | null } {
  const direction =
    Object.hasOwn(summary, metric) && Object.hasOwn(DIRECTIONS, metric) ? DIRECTIONS[metric] : undefined;
  if (direction === undefined) {
    const known = Object.keys(summary).filter((name) => Object.hasOwn(DIRECTIONS, name));
    throw new LearningError('invalid-argument', `A ${task} is not selected by "${metric}" but by ${known.join(', ')}.`);
  }
  return { metric, direction, mean: summary[metric]?.mean ?? null };
}

/**
 * Orders candidates, best first. Binary: by mean F1 over folds; ties by lower mean Brier score, then by higher mean ROC-AUC. Other
 * tasks and metrics likewise, by {@link SELECTION_METRICS}. The last tie is broken by id.
 *
 * @param metric what to go by instead of the task's own first metric
 * @throws LearningError `invalid-argument` for candidates of different tasks, or when no candidate defines the metric
 */
export function rankCandidates<V extends RankedValidation>(candidates: readonly V[], metric?: string): V[] {
  const [first] = candidates;
  if (first === undefined) return [];
  if (candidates.some(({ task }) => task !== first.task)) {
    throw new LearningError('invalid-argument', 'Candidates of different tasks have no order.');
  }
  const chosen = selectionMetric(first, metric);
  const names = [chosen.metric, ...SELECTION_METRICS[first.task].filter((name) => name !== chosen.metric)];
  if (candidates.length > 1 && candidates.every(({ summary }) => summary[chosen.metric] == null)) {
    throw new LearningError('invalid-argument', `No candidate has a ${chosen.metric}: there are no labels to rank by.`);
  }
  const compare = (a: V, b: V, name: string): number => {
    const [one, other] = [a, b].map(({ summary }) => summary[name]?.mean);
    if (one === undefined || other === undefined) return Number(one === undefined) - Number(other === undefined);
    const difference = roundToTie(one, name) - roundToTie(other, name);
    return DIRECTIONS[name] === 'higher' ? -difference : difference;
  };
  return [...candidates].sort((a, b) => {
    for (const name of names) {
      const order = compare(a, b, name);
      if (order !== 0) return order;
    }
    return a.candidateId < b.candidateId ? -1 : Number(a.candidateId > b.candidateId);
  });
}
