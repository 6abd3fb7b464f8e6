import type { DatasetVersion, Evaluation } from '@gimbal/contracts';
import type { ModelCard } from '@gimbal/learning';
import { type CandidateValidation, SELECTION_METRICS } from '@gimbal/learning';
import type { ArtifactFile } from '../clients/registry.client.js';
import { jsonFile, type Point } from '../experiments/experiment-writer.service.js';
import { candidatePoints, listPoints } from '../experiments/list-points.js';
import { wireName } from '../learning-workers/kernel-name.js';
import { snakeCase } from '../pipeline/primary-score.js';
import type { SearchResult } from '../search/search.service.js';
import { targetOf } from './describe-table.js';
import type { LearnedTable } from './learn-table.service.js';
import type { LearnedTexts } from './learn-texts.service.js';
import type { TableSet } from './plan-table.js';
import type { TextSet } from './text-set.js';
import type { TrainedModel } from './trained-model.js';
import { writeTableExample, writeTextExample } from './write-example.js';
import { writeHoldout } from './write-holdout.js';

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

/** The candidates, best first, with what of a search is still to be written. */
const describeSelection = (
  ranked: readonly CandidateValidation[],
  { trials }: SearchResult,
): Pick<TrainedModel, 'candidates' | 'trials'> => ({
  trials,
  candidates: ranked.map((candidate) => ({
    id: candidate.candidateId,
    algorithm: wireName(candidate.algorithm),
    hyperparameters: candidate.hyperparameters,
    points: candidatePoints(candidate),
  })),
});

/** @param ranked the selected one first */
const selectionParams = ([selected]: readonly CandidateValidation[], { trialCount }: SearchResult) => ({
  folds: selected?.folds.length ?? 0,
  selected: selected?.candidateId ?? '',
  trials: trialCount,
  'selection.rule': selected ? SELECTION_METRICS[selected.task].map(snakeCase).join(', then ') : '',
});

const leaderboardFile = (ranked: readonly CandidateValidation[]): ArtifactFile =>
  jsonFile(
    'leaderboard.json',
    ranked.map(({ candidateId, algorithm, hyperparameters, summary }, index) => ({
      ...{ rank: index + 1, id: candidateId, algorithm: wireName(algorithm), hyperparameters, summary },
    })),
  );

/** What is recorded and registered of a model that learned from columns. */
export async function describeTrainedTable(set: TableSet, learned: LearnedTable): Promise<TrainedModel> {
  const { ranked, searched, selected, evaluation, card } = learned;
  const { task } = set.dataset;
  return {
    ...learned,
    hyperparameters: selected.hyperparameters,
    ...describeSelection(ranked, searched),
    points: holdoutPoints(card.evaluation.metrics, evaluation),
    params: { task, split: set.strategy.kind, ...selectionParams([selected], searched) },
    files: [
      await writeHoldout(set.holdoutRows),
      leaderboardFile(ranked),
      ...cardFiles(learned, evaluation, { importance: card.importance, calibration: card.calibration }),
      jsonFile(EXAMPLE_PATH, writeTableExample(set)),
    ],
  };
}

/** What is recorded and registered of a model that learned from texts. */
export async function describeTrainedTexts(
  { definition }: Version,
  set: TextSet,
  learned: LearnedTexts,
): Promise<TrainedModel> {
  const { fit, ranked, searched, details, evaluation } = learned;
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
    ...describeSelection(ranked, searched),
    points,
    params: { task: 'text-classification', split: 'stratified', ...selectionParams(ranked, searched) },
    files: [
      await writeHoldout(set.holdoutRows),
      leaderboardFile(ranked),
      ...cardFiles(learned, evaluation, { abstention }),
      jsonFile(EXAMPLE_PATH, writeTextExample(set)),
    ],
  };
}
