import { LearningError } from '../learning-error.js';
import { createRandom, deriveSeed, shuffle } from '../random/random.js';
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

function shuffledByClass(dataset: Dataset, rows: Int32Array, seed: number): [Int32Array, Int32Array] {
  const pick = (label: 0 | 1): Int32Array => {
    const members = Int32Array.from(rows.filter((row) => dataset.target[row] === label)).sort();
    return shuffle(members, createRandom(deriveSeed(seed, 'class', label)));
  };
  return [pick(0), pick(1)];
}

/**
 * Splits rows into a training part and a test part with the same share of positives, up to one row per class.
 *
 * @param testShare share of rows held out, in (0, 1)
 * @param rows rows to split; all by default
 * @throws LearningError `too-few-rows` when a class would be absent from either part
 */
export function splitHoldout(
  dataset: Dataset,
  options: { readonly testShare: number; readonly seed: number; readonly rows?: Int32Array },
): Holdout {
  const { testShare, seed, rows = allRows(dataset) } = options;
  if (!(testShare > 0 && testShare < 1)) {
    throw new LearningError('invalid-argument', `testShare must be in (0, 1), got ${testShare}.`);
  }
  const train: number[] = [];
  const test: number[] = [];
  for (const members of shuffledByClass(dataset, rows, deriveSeed(seed, 'holdout'))) {
    const held = Math.round(members.length * testShare);
    if (held === 0 || held === members.length) {
      throw new LearningError(
        'too-few-rows',
        `A class with ${members.length} rows can't be split with a test share of ${testShare}.`,
      );
    }
    members.forEach((row, i) => void (i < held ? test : train).push(row));
  }
  return { trainRows: Int32Array.from(train).sort(), testRows: Int32Array.from(test).sort() };
}

/**
 * Deals rows into folds. Fold sizes differ by at most one row, and so do the counts of each class.
 * The result depends on the set of rows and the seed, not on the order in which rows are given.
 *
 * @param foldCount integer in [2, rows of the rarer class]
 * @param rows rows to deal; all by default
 * @throws LearningError `too-few-rows` when the rarer class has fewer rows than there are folds
 */
export function planFolds(
  dataset: Dataset,
  options: { readonly foldCount: number; readonly seed: number; readonly rows?: Int32Array },
): Fold[] {
  const { foldCount, seed, rows = allRows(dataset) } = options;
  if (!Number.isInteger(foldCount) || foldCount < 2) {
    throw new LearningError('invalid-argument', `foldCount must be an integer of at least 2, got ${foldCount}.`);
  }
  const classes = shuffledByClass(dataset, rows, deriveSeed(seed, 'folds'));
  const tests: number[][] = Array.from({ length: foldCount }, () => []);
  let dealt = 0; // runs on from class to class, which keeps fold sizes within one row
  for (const members of classes) {
    if (members.length < foldCount) {
      throw new LearningError('too-few-rows', `A class has ${members.length} rows, fewer than the ${foldCount} folds.`);
    }
    for (const row of members) tests[dealt++ % foldCount]!.push(row);
  }
  const sorted = Int32Array.from(rows).sort();
  const foldOfRow = new Int32Array(dataset.rowCount);
  tests.forEach((test, index) => {
    for (const row of test) foldOfRow[row] = index;
  });
  return tests.map((test, index) => ({
    index,
    trainRows: sorted.filter((row) => foldOfRow[row] !== index),
    testRows: Int32Array.from(test).sort(),
  }));
}
