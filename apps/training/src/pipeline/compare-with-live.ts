import type { Interval, VersusLive } from '@gimbal/contracts';
import { bootstrapIntervals, createSeededRng, measureRocAuc, rankRows, rowLosses } from '@gimbal/domain';
import { type JudgedRows, measureRows, toScoredRows } from './measure-rows.js';

const REPLICATES = 2_000;
const LEVEL = 0.95;

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
 * Compares two versions row by row. Intervals come from the paired percentile bootstrap: each resample takes the same rows for both, so
 * that what is hard for both cancels out. Differences are candidate minus live. Pure; the seed fixes the draw.
 */
export function compareWithLive({ liveVersion, slice, labels, candidate, live, seed }: ComparedRows): VersusLive {
  const ours = toScoredRows({ labels, ...candidate });
  const theirs = toScoredRows({ labels, ...live });
  const ourOrder = rankRows(ours.probabilities);
  const theirOrder = rankRows(theirs.probabilities);
  const ourLosses = rowLosses(ours).brier;
  const theirLosses = rowLosses(theirs).brier;
  const differences = (draws?: ArrayLike<number>): [number, number | null] => {
    let sum = 0;
    for (let row = 0; row < labels.length; row++)
      sum += (draws?.[row] ?? 1) * ((ourLosses[row] ?? 0) - (theirLosses[row] ?? 0));
    const ourAuc = measureRocAuc(ours, ourOrder, draws);
    const theirAuc = measureRocAuc(theirs, theirOrder, draws);
    return [sum / labels.length, ourAuc === null || theirAuc === null ? null : ourAuc - theirAuc];
  };
  const [brier, auc] = differences();
  const options = { replicates: REPLICATES, level: LEVEL, rng: createSeededRng(seed) };
  const [brierInterval, aucInterval] = bootstrapIntervals(labels.length, differences, options);
  const interval = (estimate: number, found: { lower: number; upper: number } | null | undefined): Interval => ({
    estimate,
    low: found?.lower ?? estimate,
    high: found?.upper ?? estimate,
    level: LEVEL,
  });
  return {
    liveVersion,
    slice,
    rows: labels.length,
    candidate: measureRows({ labels, ...candidate }),
    live: measureRows({ labels, ...live }),
    rocAucDifference: auc === null || !aucInterval ? null : interval(auc, aucInterval),
    brierDifference: interval(brier, brierInterval),
  };
}
