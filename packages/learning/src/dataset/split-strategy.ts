import { LearningError } from '../learning-error.js';
import { allRows, type Dataset } from './dataset.js';

/** Rows held out and rows kept, both ascending and without overlap. */
export interface Holdout {
  readonly trainRows: Int32Array;
  readonly testRows: Int32Array;
}

/** One fold of a cross-validation: learn on `trainRows`, judge on `testRows`. Both ascending. */
export interface Fold extends Holdout {
  /** 0-based position among the folds. */
  readonly index: number;
}

/**
 * By what rows are told apart.
 * - `stratified` (default): each part gets the same share of each class; in regression of each tenth of the target by rank.
 * - `shuffled`: by chance alone.
 * - `grouped`: rows with the same entry of `groups` (a patient, a machine) stay together; stratified as far as that allows.
 * - `time-ordered`: what is judged is later than what is learned from. Without `times` the order of the rows is the time.
 *   Rows of one time stay together. A holdout is the latest rows; folds expand (each learns from all that is earlier).
 */
export type SplitStrategy =
  | { readonly kind: 'stratified' }
  | { readonly kind: 'shuffled' }
  | { readonly kind: 'grouped' /** One per row of the dataset. */; readonly groups: ArrayLike<number | string> }
  | {
      readonly kind: 'time-ordered';
      /** One finite number per row of the dataset, any unit; later is larger. */ readonly times?: ArrayLike<number>;
    };

/** What every split is told. */
export interface SplitOptions {
  /** Integer; time-ordered splits do without chance. */
  readonly seed: number;
  /** Rows to split; all by default. Their order has no influence. */
  readonly rows?: Int32Array;
  readonly strategy?: SplitStrategy;
}

/** The rows that an option names, ascending. */
export function sortedRows(dataset: Dataset, { rows }: SplitOptions): Int32Array {
  return rows === undefined ? allRows(dataset) : Int32Array.from(rows).sort();
}

const isClassification = ({ task }: Dataset): boolean =>
  task === 'binary-classification' || task === 'multiclass-classification';

/**
 * Checks that something can be learned from the one part and judged by the other: every class among the rows to learn from, and in
 * a binary task both among the rows to judge, without which there is no ROC curve.
 *
 * @param where for people: "the holdout", "fold 2"
 * @throws LearningError `too-few-rows`, naming the class and the part
 */
export function checkParts(dataset: Dataset, { trainRows, testRows }: Holdout, where: string): void {
  const check = (rows: Int32Array, part: string, classes: readonly string[]): void => {
    if (rows.length === 0) throw new LearningError('too-few-rows', `There are no rows to ${part} in ${where}.`);
    const present = new Uint8Array(classes.length);
    for (const row of rows) present[dataset.target[row]!] = 1;
    const absent = present.indexOf(0);
    if (absent >= 0) {
      throw new LearningError('too-few-rows', `Class "${classes[absent]}" has no rows to ${part} in ${where}.`);
    }
  };
  check(trainRows, 'learn from', isClassification(dataset) ? dataset.classes : []);
  check(testRows, 'judge', dataset.task === 'binary-classification' ? dataset.classes : []);
}
