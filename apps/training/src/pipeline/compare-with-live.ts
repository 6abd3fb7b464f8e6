import type { VersusLive } from '@gimbal/contracts';
import { measureRocAuc, rankRows, rowLosses } from '@gimbal/domain';
import type { TrainingHooks } from '@gimbal/learning';
import { type JudgedRows, measureRows, toScoredRows } from './measure-rows.js';
import { meanOfDraws, resampleRows } from './resample-rows.js';

/** Candidate and live version on the same rows, which neither has learned from. */
export interface ComparedRows {
  readonly liveVersion: number;
  /** `holdout`: held out of the dataset. `recent`: labelled predictions. */
  readonly slice: 'holdout' | 'recent';
  readonly labels: ArrayLike<number>;
  readonly candidate: Pick<JudgedRows, 'probabilities' | 'threshold'>;
  readonly live: Pick<JudgedRows, 'probabilities' | 'threshold'>;
  readonly seed: number;
}

/**
 * Compares two versions row by row, with paired intervals. Differences are candidate minus live.
 * @throws LearningError `training-cancelled`; DomainError `not-enough-data` without rows
 */
export function compareWithLive(
  { liveVersion, slice, labels, candidate, live, seed }: ComparedRows,
  hooks: TrainingHooks = {},
): VersusLive {
  const measured = { candidate: measureRows({ labels, ...candidate }), live: measureRows({ labels, ...live }) };
  const ours = toScoredRows({ labels, ...candidate });
  const theirs = toScoredRows({ labels, ...live });
  const ourOrder = rankRows(ours.probabilities);
  const theirOrder = rankRows(theirs.probabilities);
  const theirLosses = rowLosses(theirs).brier;
  const gaps = rowLosses(ours).brier.map((loss, row) => loss - (theirLosses[row] ?? 0));
  const differences = (draws?: ArrayLike<number>): [number, number | null] => {
    const ourAuc = measureRocAuc(ours, ourOrder, draws);
    const theirAuc = measureRocAuc(theirs, theirOrder, draws);
    return [meanOfDraws(gaps, draws), ourAuc === null || theirAuc === null ? null : ourAuc - theirAuc];
  };
  const [brierDifference, rocAucDifference] = resampleRows(labels.length, differences, { seed, hooks });
  return { liveVersion, slice, rows: labels.length, ...measured, rocAucDifference, brierDifference };
}
