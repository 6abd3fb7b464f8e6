import { Injectable } from '@nestjs/common';
import type { ArtifactFile } from '../clients/registry.client.js';
import {
  ExperimentWriter,
  jsonFile,
  MODEL_PATH,
  type Point,
  PROFILE_PATH,
  type RecordedExperiment,
} from '../experiments/experiment-writer.service.js';
import { candidatePoints, listPoints } from '../experiments/list-points.js';
import { wireName } from '../learning-workers/kernel-name.js';
import { HOLDOUT_PATH } from './evaluate-candidate.service.js';
import type { BinaryEvaluation } from './measure-rows.js';
import type { TrainingRecord } from './training-record.js';
import { holdoutByPart } from './training-set.js';
import { writeModelCard } from './write-model-card.js';

/** Says what is to be recorded of a training on one of the described datasets. */
@Injectable()
export class RecordExperimentService {
  constructor(private readonly writer: ExperimentWriter) {}

  /** @throws DomainError when the registry is away */
  async record(record: TrainingRecord): Promise<RecordedExperiment> {
    const { run, experiment, set, ranked, searched, seed, data, evaluation } = record;
    return await this.writer.write({
      ...{ run, experiment, seed },
      params: describeParams(record),
      dataOrigin: data.origin,
      datasetDigest: set.digest,
      candidates: ranked.map((candidate) => ({
        id: candidate.candidateId,
        algorithm: wireName(candidate.algorithm),
        hyperparameters: candidate.hyperparameters,
        points: candidatePoints(candidate),
      })),
      trials: searched.trials,
      points: holdoutPoints(evaluation),
      files: filesOf(record),
    });
  }
}

function describeParams({ run, data, set, ranked, searched, seed, testSize }: TrainingRecord): Record<string, unknown> {
  return {
    dataset: data.definition.name,
    parts: data.parts.map(({ name }) => name).join(','),
    data_origin: data.origin,
    dataset_digest: set.digest,
    labelled_until: run.data.labelledUntil ?? 'none',
    seed,
    test_size: testSize,
    folds: ranked[0]?.folds.length ?? 0,
    training_rows: set.trainRows.length,
    holdout_rows: set.holdoutRows.length,
    recent_rows: set.recentRows.length,
    selected: ranked[0] ? wireName(ranked[0].algorithm) : '',
    trials: searched.trialCount,
    'selection.rule': 'highest mean F1 over folds; then lowest Brier score, highest ROC-AUC, name',
  };
}

function holdoutPoints({ holdout, versusLive }: BinaryEvaluation): Point[] {
  const { rows, accuracy, f1Score, precision, recall, rocAuc, logLoss, brier, calibrationError } = holdout;
  return listPoints({
    holdout_rows: rows,
    accuracy,
    f1_score: f1Score,
    precision,
    recall,
    roc_auc: rocAuc,
    log_loss: logLoss,
    brier,
    calibration_error: calibrationError,
    ...Object.fromEntries(
      versusLive.map(({ slice, brierDifference }) => [`brier_minus_live_${slice}`, brierDifference.estimate]),
    ),
  });
}

/** Nothing in them depends on when or how fast they were made. */
function filesOf(record: TrainingRecord): ArtifactFile[] {
  const { data, set, ranked, evaluation, profile, onnx } = record;
  const parts = holdoutByPart(data, set.holdoutRows);
  const first = data.parts[0];
  const leaderboard = ranked.map(({ candidateId, hyperparameters, summary, threshold }, index) => ({
    rank: index + 1,
    algorithm: candidateId,
    hyperparameters,
    threshold,
    summary,
  }));
  return [
    { path: MODEL_PATH, content: onnx, contentType: 'application/octet-stream' },
    jsonFile(PROFILE_PATH, profile),
    jsonFile(HOLDOUT_PATH, { rows: (first && parts[first.name]) ?? [], parts }),
    jsonFile('leaderboard.json', leaderboard),
    jsonFile('evaluation.json', evaluation),
    {
      path: 'model-card.md',
      content: Buffer.from(writeModelCard(record)),
      contentType: 'text/markdown; charset=utf-8',
    },
  ];
}
