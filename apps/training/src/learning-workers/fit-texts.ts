import {
  deriveSeed,
  fitTextModel,
  type LabelledTexts,
  LearningError,
  splitHoldout,
  type TrainingHooks,
  validateTexts,
} from '@gimbal/learning';
import { readTexts } from '../tables/text-set.js';
import type { LearningResults, LearningTask } from './learning-task.js';

/** Learns from texts and judges what was learned out of fold. */
export function fitTexts(
  { id, ...chosen }: Extract<LearningTask, { kind: 'fit-text' }>,
  hooks: TrainingHooks,
): LearningResults['fit-text'] {
  const task = { ...chosen, texts: readTexts(chosen) };
  const fit = fitTextModel({ ...task, hooks });
  return { ...fit, validation: validateTexts(id, fit, task) };
}

type TrialTask = Extract<LearningTask, { kind: 'trial-text' }>;

/** An evenly drawn share of the texts of every class. A share that leaves a class too few gives way to all texts. */
function takeShare({ target, classes, weights = null, share, seed, ...chosen }: TrialTask): LabelledTexts {
  const texts = readTexts(chosen);
  const all = { texts, target, classes, weights };
  if (share === 1) return all;
  const task = 'multiclass-classification' as const;
  const labels = { task, rowCount: texts.length, features: [], columns: [], classes, weights };
  const known = { ...labels, target: Float64Array.from(target) };
  try {
    const { trainRows } = splitHoldout(known, { testShare: 1 - share, seed: deriveSeed(seed, 'share') });
    return {
      classes,
      texts: Array.from(trainRows, (row) => texts[row] ?? ''),
      target: Float64Array.from(trainRows, (row) => target[row] ?? Number.NaN),
      weights: weights && Float32Array.from(trainRows, (row) => weights[row] ?? Number.NaN),
    };
  } catch (error) {
    if (error instanceof LearningError && error.code === 'too-few-rows') return all;
    throw error;
  }
}

/** Cross-validates a setting, of which only the score matters. */
export function tryTexts(task: TrialTask, hooks: TrainingHooks): number {
  const { candidate, seed } = task;
  const given = takeShare(task);
  const fit = fitTextModel({ ...given, hyperparameters: candidate.hyperparameters, seed, hooks });
  return validateTexts(candidate.id, fit, given).summary.macroF1.mean;
}
