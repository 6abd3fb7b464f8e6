import type { DatasetVersion, Evaluation } from '@gimbal/contracts';
import type { ModelCard } from '@gimbal/learning';
import { SELECTION_METRICS } from '@gimbal/learning';
import type { ArtifactFile } from '../clients/registry.client.js';
import { jsonFile, type Point } from '../experiments/experiment-writer.service.js';
import { candidatePoints, listPoints } from '../experiments/list-points.js';
import { wireName } from '../learning-workers/kernel-name.js';
import { snakeCase } from '../pipeline/primary-score.js';
import { listTrials } from '../search/list-trials.js';
import { targetOf } from './describe-table.js';
import type { LearnedTable } from './learn-table.service.js';
import type { LearnedTexts, TextSet } from './learn-texts.service.js';
import type { TableSet } from './plan-table.js';
import type { TrainedModel } from './trained-model.js';
import { writeTableExample, writeTextExample } from './write-example.js';

type Version = Pick<DatasetVersion, 'definition'>;

/** The numbers of an evaluation by the registry's names, with what was gained on the live version. */
function holdoutPoints(metrics: object, { versusLive, scoresVersusLive = [] }: Evaluation): Point[] {
  const values: Record<string, number | null> = {};
  const entries: [string, unknown][] = Object.entries(metrics);
  for (const [name, value] of entries)
    if (typeof value === 'number') values[name === 'f1' ? 'f1_score' : snakeCase(name)] = value;
  for (const { slice, brierDifference } of versusLive) values[`brier_minus_live_${slice}`] = brierDifference.estimate;
  for (const { slice, loss, gain } of scoresVersusLive) values[`${loss}_gain_${slice}`] = gain.estimate;
  return listPoints(values);
}

const EXAMPLE_PATH = 'input-example.json';

/** What was measured, and the card that tells it. Nothing in them depends on when or how fast they were made. */
function cardFiles(
  { card, page }: { readonly card: ModelCard; readonly page: string },
  evaluation: Evaluation,
  further: object,
): ArtifactFile[] {
  const { evaluation: details, intervals, curves, slices } = card;
  return [
    jsonFile('evaluation.json', { ...evaluation, details, intervals, curves, slices, ...further }),
    jsonFile('model-card.json', card),
    { path: 'model-card.html', content: Buffer.from(page), contentType: 'text/html; charset=utf-8' },
  ];
}

/** What is recorded and registered of a model that learned from columns. */
export function describeTrainedTable(set: TableSet, learned: LearnedTable): TrainedModel {
  const { ranked, selected, evaluation, card } = learned;
  const { task } = set.dataset;
  const leaderboard = ranked.map(({ candidateId, algorithm, hyperparameters, summary }, index) => ({
    ...{ rank: index + 1, id: candidateId, algorithm: wireName(algorithm), hyperparameters, summary },
  }));
  return {
    ...learned,
    hyperparameters: selected.hyperparameters,
    candidates: ranked.map((candidate) => ({
      id: candidate.candidateId,
      algorithm: wireName(candidate.algorithm),
      hyperparameters: candidate.hyperparameters,
      points: candidatePoints(candidate),
    })),
    trials: listTrials(learned.searched),
    points: holdoutPoints(card.evaluation.metrics, evaluation),
    params: {
      task,
      split: set.strategy.kind,
      folds: selected.folds.length,
      selected: selected.candidateId,
      trials: learned.searched.trials.length,
      'selection.rule': SELECTION_METRICS[task].map(snakeCase).join(', then '),
    },
    files: [
      jsonFile('holdout.json', { rows: [...set.holdoutRows] }),
      jsonFile('leaderboard.json', leaderboard),
      ...cardFiles(learned, evaluation, { importance: card.importance, calibration: card.calibration }),
      jsonFile(EXAMPLE_PATH, writeTableExample(set)),
    ],
  };
}

/** The score over its folds of a family that competes with no other. */
function outOfFoldPoints({ scores }: Evaluation): Point[] {
  return scores?.crossValidation ? listPoints({ [`${scores.primary}_mean`]: scores.crossValidation.mean }) : [];
}

/** What is recorded and registered of a model that learned from texts. */
export function describeTrainedTexts({ definition }: Version, set: TextSet, learned: LearnedTexts): TrainedModel {
  const { fit, details, evaluation } = learned;
  const { hyperparameters, abstention, classes, algorithm } = fit.model;
  const points = holdoutPoints({ ...details.metrics, coverage: details.coverage }, evaluation);
  return {
    ...learned,
    algorithm: wireName(algorithm),
    hyperparameters,
    threshold: abstention.threshold,
    signature: {
      task: 'text-classification',
      classes: [...classes],
      inputs: [
        {
          ...{ name: set.column, type: 'text', description: '', allowed: null, range: null },
          ...{ missing: 'refused', trainingRange: null },
        },
      ],
      target: targetOf(definition, classes),
      codings: {},
    },
    candidates: [
      { id: wireName(algorithm), algorithm: wireName(algorithm), hyperparameters, points: outOfFoldPoints(evaluation) },
    ],
    points,
    params: { task: 'text-classification', split: 'stratified', selected: wireName(algorithm) },
    files: [
      jsonFile('holdout.json', { rows: [...set.holdoutRows] }),
      ...cardFiles(learned, evaluation, { abstention }),
      jsonFile(EXAMPLE_PATH, writeTextExample(set)),
    ],
  };
}
