import type { Evaluation } from '@gimbal/contracts';
import {
  evaluateText,
  type TextCardRecord,
  type TextEvaluation,
  type TextFit,
  type TextModel,
  type TextValidation,
  type TrainingHooks,
  takeTarget,
} from '@gimbal/learning';
import { compareLosses, type LiveAnswers, scoreTable } from './score-table.js';
import type { TextSet } from './text-set.js';

/** A text model's answers to the holdout, with what they are held against. */
export interface JudgedTextSet extends Pick<TextSet, 'labels' | 'trainRows' | 'holdoutRows'> {
  /** Without its weights, by which nothing is judged. */
  readonly model: TextCardRecord['model'] & Pick<TextModel, 'abstention'>;
  readonly outOfFold: TextFit['outOfFold'];
  /** All candidates, best first: the model is the first one's. */
  readonly ranked: readonly TextValidation[];
  /** Of the holdout: texts x classes. */
  readonly answers: Float32Array;
  /** Null when the live version is of another kind or tells other classes apart, or there is none. */
  readonly live: LiveAnswers | null;
  readonly seed: number;
}

/**
 * Judges a text model on texts it never saw, alone and beside the live version.
 * @throws LearningError as `evaluateText`; `training-cancelled`
 */
export function judgeTexts(
  { labels, trainRows, holdoutRows, model, ranked, answers, live, seed }: JudgedTextSet,
  hooks: TrainingHooks,
): { readonly evaluation: Evaluation; readonly details: TextEvaluation } {
  const { classes } = labels;
  const answered = { dataset: labels, rows: holdoutRows, answers, threshold: null };
  const target = takeTarget(labels, holdoutRows);
  const { threshold } = model.abstention;
  const details = evaluateText({ target, probabilities: answers, classes, threshold });
  const scores = scoreTable(answered, { trainRows, selected: ranked[0] ?? null });
  return {
    details,
    evaluation: {
      holdout: null,
      scores: {
        ...scores,
        values: { ...scores.values, coverage: details.coverage, answered_accuracy: details.answeredAccuracy },
      },
      scoresVersusLive: live ? [compareLosses(answered, live, { seed, hooks })] : [],
      crossValidation: null,
      versusLive: [],
    },
  };
}
