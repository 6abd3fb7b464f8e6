import type { DatasetVersion } from '@gimbal/contracts';
import { SELECTION_METRICS } from '@gimbal/learning';
import { Injectable } from '@nestjs/common';
import type { ArtifactFile } from '../clients/registry.client.js';
import type { ClaimedRun } from '../execution/claimed-run.js';
import {
  ExperimentWriter,
  jsonFile,
  MODEL_PATH,
  PROFILE_PATH,
  type RecordedExperiment,
} from '../experiments/experiment-writer.service.js';
import { candidatePoints, listPoints } from '../experiments/list-points.js';
import { wireName } from '../learning-workers/kernel-name.js';
import { snakeCase } from '../pipeline/select-candidate.js';
import type { LearnedTable } from './learn-table.service.js';
import type { TableSet } from './plan-table.js';

/** All that is worth keeping of a training on an uploaded table. */
export interface TableRecord {
  readonly run: ClaimedRun;
  readonly version: DatasetVersion;
  readonly digest: string;
  readonly set: TableSet;
  readonly learned: LearnedTable;
  readonly seed: number;
  readonly testSize: number;
}

/** Says what is to be recorded of a training on an uploaded table. */
@Injectable()
export class RecordTableService {
  constructor(private readonly writer: ExperimentWriter) {}

  /** @throws DomainError when the registry is away */
  async record(record: TableRecord): Promise<RecordedExperiment> {
    const { run, version, digest, learned, seed } = record;
    return await this.writer.write({
      ...{ run, seed },
      experiment: version.dataset,
      params: describeParams(record),
      dataOrigin: version.dataOrigin,
      datasetDigest: digest,
      candidates: learned.ranked.map((candidate) => ({
        id: candidate.candidateId,
        algorithm: wireName(candidate.algorithm),
        hyperparameters: candidate.hyperparameters,
        points: candidatePoints(candidate),
      })),
      points: holdoutPoints(learned),
      files: filesOf(record),
    });
  }
}

function describeParams({ version, digest, set, learned, seed, testSize }: TableRecord): Record<string, unknown> {
  const { task } = set.dataset;
  return {
    dataset: version.dataset,
    dataset_version: version.version,
    dataset_digest: digest,
    data_origin: version.dataOrigin,
    task,
    seed,
    test_size: testSize,
    split: set.strategy.kind,
    folds: learned.selected.folds.length,
    training_rows: set.trainRows.length,
    holdout_rows: set.holdoutRows.length,
    selected: learned.selected.candidateId,
    'selection.rule': SELECTION_METRICS[task].map(snakeCase).join(', then '),
  };
}

function holdoutPoints({ details, evaluation: { versusLive, scoresVersusLive = [] } }: LearnedTable) {
  const values: Record<string, number | null> = {};
  for (const [name, value] of Object.entries(details.metrics) as [string, unknown][])
    if (typeof value === 'number') values[name === 'f1' ? 'f1_score' : snakeCase(name)] = value;
  for (const { slice, brierDifference } of versusLive) values[`brier_minus_live_${slice}`] = brierDifference.estimate;
  for (const { slice, loss, gain } of scoresVersusLive) values[`${loss}_gain_${slice}`] = gain.estimate;
  return listPoints(values);
}

/** Nothing in them depends on when or how fast they were made. */
function filesOf({ set, learned }: TableRecord): ArtifactFile[] {
  const { ranked, evaluation, details, importance, calibration, profile, onnx } = learned;
  const leaderboard = ranked.map(({ candidateId, algorithm, hyperparameters, summary }, index) => ({
    ...{ rank: index + 1, id: candidateId, algorithm: wireName(algorithm), hyperparameters, summary },
  }));
  const trials = calibration && { calibration: calibration.calibration, trials: calibration.trials };
  return [
    { path: MODEL_PATH, content: onnx, contentType: 'application/octet-stream' },
    jsonFile(PROFILE_PATH, profile),
    jsonFile('holdout.json', { rows: [...set.holdoutRows] }),
    jsonFile('leaderboard.json', leaderboard),
    jsonFile('evaluation.json', { ...evaluation, details, importance, calibration: trials }),
  ];
}
