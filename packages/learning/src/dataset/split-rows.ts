import { LearningError } from '../learning-error.js';
import { deriveSeed } from '../random/random.js';
import type { Dataset } from './dataset.js';
import { spreadGroups } from './split-groups.js';
import { countHeldOut, dealStrata, type Stratum, shuffleStrata, stratify } from './split-strata.js';
import { checkParts, type Fold, type Holdout, type SplitOptions, sortedRows } from './split-strategy.js';
import { cutLatest, cutWindows, orderByTime } from './split-times.js';

function strataOf(dataset: Dataset, rows: Int32Array, options: SplitOptions, fewest: number): Stratum[] {
  if (options.strategy?.kind === 'shuffled') return [{ name: 'The dataset', rows, needed: true }];
  return stratify(dataset, rows, fewest);
}

function holdOutByChance(strata: readonly Stratum[], testShare: number, seed: number): Holdout {
  const shuffled = shuffleStrata(strata, seed);
  const held = strata.map((stratum) => countHeldOut(stratum, testShare));
  const join = (parts: readonly Int32Array[]): Int32Array => {
    const length = parts.reduce((sum, part) => sum + part.length, 0);
    const joined = new Int32Array(new SharedArrayBuffer(4 * length));
    let at = 0;
    for (const part of parts) {
      joined.set(part, at);
      at += part.length;
    }
    return joined.sort();
  };
  return {
    trainRows: join(shuffled.map((members, index) => members.subarray(held[index]!))),
    testRows: join(shuffled.map((members, index) => members.subarray(0, held[index]!))),
  };
}

function holdOut(dataset: Dataset, options: SplitOptions & { readonly testShare: number }): Holdout {
  const { testShare, strategy } = options;
  const rows = sortedRows(dataset, options);
  const seed = deriveSeed(options.seed, 'holdout');
  if (strategy?.kind === 'time-ordered') {
    const { earlier, latest } = cutLatest(orderByTime(rows, strategy.times), testShare);
    return { trainRows: earlier, testRows: latest };
  }
  const strata = strataOf(dataset, rows, options, 1 / Math.min(testShare, 1 - testShare));
  if (strategy?.kind !== 'grouped') return holdOutByChance(strata, testShare, seed);
  const shares = [1 - testShare, testShare];
  const [train, test] = spreadGroups({ groups: strategy.groups, strata, shares, seed });
  return { trainRows: Int32Array.from(train!).sort(), testRows: Int32Array.from(test!).sort() };
}

/**
 * Splits rows into a training part and a test part; stratified, each class has the same share of both up to one row.
 *
 * @param options.testShare share of rows held out, in (0, 1); by groups and times it is met as nearly as they allow
 * @throws LearningError `too-few-rows` when a class would be absent from either part, `invalid-argument`
 */
export function splitHoldout(dataset: Dataset, options: SplitOptions & { readonly testShare: number }): Holdout {
  const { testShare } = options;
  if (!(testShare > 0 && testShare < 1)) {
    throw new LearningError('invalid-argument', `testShare must be in (0, 1), got ${testShare}.`);
  }
  const holdout = holdOut(dataset, options);
  checkParts(dataset, holdout, 'the holdout');
  return holdout;
}

/** Rows in three parts: to learn from, to stop early or tune by, and to judge once at the end. */
export interface NestedHoldout extends Holdout {
  readonly validationRows: Int32Array;
}

/**
 * Holds out test rows first and validation rows from what is left, both by the same strategy. The test rows do not depend on
 * `validationShare`: they are those of {@link splitHoldout}.
 *
 * @param options.validationShare share of all rows, in (0, 1 - testShare)
 * @throws LearningError as {@link splitHoldout}
 */
export function splitNestedHoldout(
  dataset: Dataset,
  options: SplitOptions & { readonly testShare: number; readonly validationShare: number },
): NestedHoldout {
  const { testShare, validationShare, seed } = options;
  if (!(validationShare > 0 && validationShare < 1 - testShare)) {
    throw new LearningError(
      'invalid-argument',
      `validationShare must be in (0, ${1 - testShare}), got ${validationShare}.`,
    );
  }
  const { trainRows, testRows } = splitHoldout(dataset, options);
  const inner = splitHoldout(dataset, {
    ...options,
    rows: trainRows,
    testShare: validationShare / (1 - testShare),
    seed: deriveSeed(seed, 'nested'),
  });
  return { trainRows: inner.trainRows, validationRows: inner.testRows, testRows };
}

/** The rows of all folds but one, written at once: `filter` would take ten times as much memory. */
function takeOthers(rows: Int32Array, foldOfRow: Int32Array, index: number): Int32Array {
  let count = 0;
  for (let i = 0; i < rows.length; i++) if (foldOfRow[rows[i]!] !== index) count++;
  const others = new Int32Array(count);
  for (let i = 0, at = 0; i < rows.length; i++) if (foldOfRow[rows[i]!] !== index) others[at++] = rows[i]!;
  return others;
}

function dealRows(dataset: Dataset, options: SplitOptions & { readonly foldCount: number }): Holdout[] {
  const { foldCount, strategy } = options;
  const sorted = sortedRows(dataset, options);
  if (strategy?.kind === 'time-ordered') {
    return cutWindows(orderByTime(sorted, strategy.times), foldCount).map(({ earlier, window }) => ({
      trainRows: earlier,
      testRows: window,
    }));
  }
  const seed = deriveSeed(options.seed, 'folds');
  const strata = strataOf(dataset, sorted, options, foldCount);
  const shares = Array.from({ length: foldCount }, () => 1 / foldCount);
  const tests: readonly (readonly number[] | Int32Array)[] =
    strategy?.kind === 'grouped'
      ? spreadGroups({ groups: strategy.groups, strata, shares, seed })
      : dealStrata(strata, foldCount, seed);
  const foldOfRow = new Int32Array(dataset.rowCount);
  tests.forEach((test, index) => {
    for (const row of test) foldOfRow[row] = index;
  });
  return tests.map((test, index) => ({
    trainRows: takeOthers(sorted, foldOfRow, index),
    testRows: Int32Array.from(test).sort(),
  }));
}

/**
 * Deals rows into folds. Stratified, fold sizes differ by at most one row, and so do the counts of each class.
 * The result depends on the set of rows and the seed, not on the order in which rows are given.
 *
 * @param options.foldCount integer >= 2; stratified, at most the rows of the rarest class
 * @throws LearningError `too-few-rows` when a class, the groups or the times don't go round, naming what; `invalid-argument`
 */
export function planFolds(dataset: Dataset, options: SplitOptions & { readonly foldCount: number }): Fold[] {
  const { foldCount } = options;
  if (!Number.isInteger(foldCount) || foldCount < 2) {
    throw new LearningError('invalid-argument', `foldCount must be an integer of at least 2, got ${foldCount}.`);
  }
  return dealRows(dataset, options).map((part, index) => {
    checkParts(dataset, part, `fold ${index}`);
    return { index, ...part };
  });
}

/** A fold that judges a whole selection: what is chosen on `inner` was chosen without `outer.testRows`. */
export interface NestedFold {
  readonly outer: Fold;
  /** Folds of `outer.trainRows`. */
  readonly inner: readonly Fold[];
}

/**
 * Nested cross-validation (Varma and Simon, 2006): the inner folds choose and tune, the outer one judges the choice.
 *
 * @throws LearningError as {@link planFolds}
 */
export function planNestedFolds(
  dataset: Dataset,
  options: SplitOptions & { readonly outerFolds: number; readonly innerFolds: number },
): NestedFold[] {
  const { outerFolds, innerFolds, seed } = options;
  return planFolds(dataset, { ...options, foldCount: outerFolds }).map((outer) => ({
    outer,
    inner: planFolds(dataset, {
      ...options,
      foldCount: innerFolds,
      rows: outer.trainRows,
      seed: deriveSeed(seed, 'nested', outer.index),
    }),
  }));
}
