import type { Evaluation } from '@gimbal/contracts';
import { type TrainingHooks, takeTarget, type ValidationFigures } from '@gimbal/learning';
import { compareWithLive } from '../pipeline/compare-with-live.js';
import type { FoldResults } from '../pipeline/fold-results.js';
import { measureRows, summariseFolds } from '../pipeline/measure-rows.js';
import { type AnsweredTable, compareLosses, hasLoss, type LiveAnswers, scoreTable } from './score-table.js';

/** A candidate's answers to the holdout, with what they are held against. */
export interface JudgedTable extends AnsweredTable {
  readonly trainRows: Int32Array;
  readonly selected: ValidationFigures;
  /** What its folds answered. */
  readonly outOfFold: FoldResults;
  /** Null when the live version can't answer these rows, or there is none. */
  readonly live: LiveAnswers | null;
  readonly seed: number;
}

/**
 * Judges a candidate on rows it never saw, alone and beside the live version.
 * @throws LearningError as `evaluate`; `training-cancelled`
 */
export function judgeTable(judged: JudgedTable, hooks: TrainingHooks): Evaluation {
  const { selected } = judged;
  if (selected.task === 'binary-classification') return judgeBinary(judged, selected, hooks);
  return {
    holdout: null,
    scores: scoreTable(judged, judged),
    scoresVersusLive: compareScores(judged, hooks),
    crossValidation: null,
    versusLive: [],
  };
}

function judgeBinary(
  { dataset, rows, answers, threshold, live, seed }: JudgedTable,
  selected: ValidationFigures & { readonly task: 'binary-classification' },
  hooks: TrainingHooks,
): Evaluation {
  const labels = takeTarget(dataset, rows);
  const candidate = { probabilities: answers, threshold: threshold ?? Number.NaN };
  const compare = ({ version, answers: probabilities, threshold: theirs }: LiveAnswers) =>
    compareWithLive(
      {
        ...{ liveVersion: version, slice: 'holdout', labels, candidate, seed },
        live: { probabilities, threshold: theirs },
      },
      hooks,
    );
  return {
    holdout: measureRows({ labels, ...candidate }),
    crossValidation: summariseFolds(selected),
    versusLive: live ? [compare(live)] : [],
  };
}

function compareScores(judged: JudgedTable, hooks: TrainingHooks): Evaluation['scoresVersusLive'] {
  const { dataset, live, seed } = judged;
  const { task } = dataset;
  if (!live || !hasLoss(task)) return [];
  return [compareLosses({ ...judged, dataset: { ...dataset, task } }, live, { seed, hooks })];
}
