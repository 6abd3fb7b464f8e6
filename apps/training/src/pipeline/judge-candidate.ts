import type { VersusLive } from '@gimbal/contracts';
import type { ReferenceProfile } from '@gimbal/domain';
import { poolOutOfFold, type TrainingHooks, takeTarget } from '@gimbal/learning';
import type { LoadedData } from '../data/read-parts.js';
import { compareWithLive } from './compare-with-live.js';
import { describeReference } from './describe-model.js';
import type { FoldResults } from './fold-results.js';
import { type BinaryEvaluation, type BinaryFigures, measureRows, summariseFolds } from './measure-rows.js';
import type { TrainingSet } from './training-set.js';

/** The candidate's answers to rows it has not seen. */
export interface CandidateAnswers {
  readonly selected: BinaryFigures;
  /** What its folds answered. */
  readonly outOfFold: FoldResults;
  /** One per row of the holdout. */
  readonly holdout: ArrayLike<number>;
  /** One per recent row. */
  readonly recent: ArrayLike<number>;
}

/** The live version beside a candidate. */
export interface LiveCandidate {
  readonly version: number;
  readonly threshold: number;
  /** Its answers to the holdout, and which rows of each part it was not trained on either; null when that is not known. */
  readonly holdout: {
    readonly answers: ArrayLike<number>;
    readonly heldOut: Readonly<Record<string, readonly number[]>>;
  } | null;
}

/** A candidate with what it is held against. */
export interface JudgedCandidate {
  readonly set: TrainingSet;
  readonly parts: LoadedData['parts'];
  readonly answers: CandidateAnswers;
  readonly live: LiveCandidate | null;
  readonly seed: number;
}

/** How a candidate did, and what later windows are compared with. */
export interface CandidateVerdict {
  readonly evaluation: BinaryEvaluation;
  readonly profile: ReferenceProfile;
}

/**
 * Judges a candidate on rows it never saw, alone and beside the live version.
 * @throws LearningError `training-cancelled`
 */
export function judgeCandidate(judged: JudgedCandidate, hooks: TrainingHooks): CandidateVerdict {
  const { set, answers, live } = judged;
  const { selected, holdout: probabilities } = answers;
  const labels = takeTarget(set.dataset, set.holdoutRows);
  const evaluation = {
    holdout: measureRows({ labels, probabilities, threshold: selected.threshold }),
    crossValidation: summariseFolds(selected),
    versusLive: live ? [...compareRecent(judged, live, hooks), ...compareHoldout(judged, live, hooks)] : [],
  };
  const { folds, candidate, results } = answers.outOfFold;
  const { rows, outputs } = poolOutOfFold(set.dataset, folds, candidate, results);
  const outOfFold = { rows, probabilities: outputs };
  const profile = describeReference(set, { outOfFold, threshold: selected.threshold }, [
    { rows: set.holdoutRows, probabilities },
    { rows: set.recentRows, probabilities: answers.recent },
  ]);
  return { evaluation, profile };
}

function compareRecent(
  { set, answers, seed }: JudgedCandidate,
  { version, threshold }: LiveCandidate,
  hooks: TrainingHooks,
): VersusLive[] {
  if (set.recentRows.length === 0) return [];
  const rows = {
    ...({ liveVersion: version, slice: 'recent', seed } as const),
    labels: takeTarget(set.dataset, set.recentRows),
    candidate: { probabilities: answers.recent, threshold: answers.selected.threshold },
    live: { probabilities: set.recentAnswers, threshold },
  };
  return [compareWithLive(rows, hooks)];
}

function compareHoldout(
  { set, parts, answers, seed }: JudgedCandidate,
  { version, threshold, holdout }: LiveCandidate,
  hooks: TrainingHooks,
): VersusLive[] {
  if (!holdout) return [];
  const unseen = findUnseen(parts, holdout.heldOut, set.holdoutRows);
  if (unseen.length === 0) return [];
  const take = (values: ArrayLike<number>) => Float32Array.from(unseen, (index) => values[index] ?? Number.NaN);
  const rows = {
    ...({ liveVersion: version, slice: 'holdout', seed } as const),
    labels: take(takeTarget(set.dataset, set.holdoutRows)),
    candidate: { probabilities: take(answers.holdout), threshold: answers.selected.threshold },
    live: { probabilities: take(holdout.answers), threshold },
  };
  return [compareWithLive(rows, hooks)];
}

/** Positions in the holdout of rows that another version was not trained on either. */
function findUnseen(
  parts: LoadedData['parts'],
  heldOut: Readonly<Record<string, readonly number[]>>,
  holdoutRows: Int32Array,
): number[] {
  const unseen = new Set(parts.flatMap(({ name, firstRow }) => (heldOut[name] ?? []).map((row) => firstRow + row)));
  return [...holdoutRows.keys()].filter((index) => unseen.has(holdoutRows[index] ?? -1));
}
