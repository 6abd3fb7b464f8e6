import { LearningError } from '../learning-error.js';
import { createRandom, deriveSeed, shuffle } from '../random/random.js';
import type { Dataset } from './dataset.js';

/** Rows that are to be spread evenly over the parts of a split. */
export interface Stratum {
  /** For people. */
  readonly name: string;
  /** Ascending. */
  readonly rows: Int32Array;
  /** Whether a part without any of these rows is useless. */
  readonly needed: boolean;
}

/** A stratum of regression is a tenth of the target, unless that would leave fewer rows than a part needs. */
const TARGET_BINS = 10;

function byTargetRank({ target }: Dataset, rows: Int32Array, fewest: number): Stratum[] {
  const order = Int32Array.from(rows).sort((a, b) => target[a]! - target[b]! || a - b);
  const count = Math.max(1, Math.min(TARGET_BINS, Math.floor(rows.length / fewest)));
  return Array.from({ length: count }, (_, bin) => ({
    name: `Part ${bin + 1} of ${count} of the target`,
    rows: order.slice(Math.floor((bin * rows.length) / count), Math.floor(((bin + 1) * rows.length) / count)).sort(),
    needed: false,
  }));
}

/**
 * Tells rows apart by class or, in regression, by quantile bins of the target.
 *
 * @param rows ascending
 * @param fewest rows that a bin of the target must hold, so that each part gets one; > 0
 */
export function stratify(dataset: Dataset, rows: Int32Array, fewest: number): Stratum[] {
  if (dataset.task === 'regression') return byTargetRank(dataset, rows, fewest);
  const counts = new Int32Array(dataset.classes.length);
  for (const row of rows) counts[dataset.target[row]!]!++;
  const members = Array.from(counts, (count) => new Int32Array(count));
  const filled = new Int32Array(counts.length);
  for (const row of rows) {
    const label = dataset.target[row]!;
    members[label]![filled[label]!++] = row;
  }
  // Anomalies may be few or unknown: they are spread as far as they go.
  const needed = dataset.task !== 'anomaly-detection';
  return members.map((list, label) => ({ name: `Class "${dataset.classes[label]}"`, rows: list, needed }));
}

/** The rows of each stratum in an order of chance; each stratum has a seed of its own. */
export function shuffleStrata(strata: readonly Stratum[], seed: number): Int32Array[] {
  return strata.map(({ rows }, index) =>
    shuffle(Int32Array.from(rows), createRandom(deriveSeed(seed, 'class', index))),
  );
}

/**
 * How many of each stratum are held out: the share, rounded.
 *
 * @throws LearningError `too-few-rows` when a needed stratum would be absent from a part
 */
export function countHeldOut({ name, rows, needed }: Stratum, testShare: number): number {
  const held = Math.round(rows.length * testShare);
  if (needed && (held === 0 || held === rows.length)) {
    throw new LearningError(
      'too-few-rows',
      `${name} with ${rows.length} rows can't be split with a test share of ${testShare}.`,
    );
  }
  return held;
}

/**
 * Deals rows to folds in turn, running on from stratum to stratum, which keeps the sizes of folds within one row.
 *
 * @returns the rows of each fold, unordered
 * @throws LearningError `too-few-rows` when a needed stratum has fewer rows than there are folds
 */
export function dealStrata(strata: readonly Stratum[], foldCount: number, seed: number): Int32Array[] {
  const total = strata.reduce((sum, { rows }) => sum + rows.length, 0);
  const hands = Array.from({ length: foldCount }, (_, k) => new Int32Array(Math.ceil((total - k) / foldCount)));
  let dealt = 0;
  shuffleStrata(strata, seed).forEach((rows, index) => {
    const { name, needed } = strata[index]!;
    if (needed && rows.length < foldCount) {
      throw new LearningError('too-few-rows', `${name} has ${rows.length} rows, fewer than the ${foldCount} folds.`);
    }
    for (const row of rows) {
      hands[dealt % foldCount]![Math.floor(dealt / foldCount)] = row;
      dealt++;
    }
  });
  return hands;
}
