import type { Actor } from '@gimbal/contracts';
import { type CrossValidation, KERNEL_VERSION } from '@gimbal/learning';
import { deriveId } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import { type ArtifactFile, RegistryClient } from '../clients/registry.client.js';
import { wireName } from '../learning-workers/kernel-name.js';
import { HOLDOUT_PATH } from './evaluate-candidate.service.js';
import type { BinaryEvaluation } from './measure-rows.js';
import type { TrainingRecord } from './training-record.js';
import { holdoutByPart } from './training-set.js';
import { writeModelCard } from './write-model-card.js';

/** Where the record was put. */
export interface RecordedExperiment {
  readonly runId: string;
  readonly artifactDigest: string;
  readonly profileDigest: string;
}

const FOLD_METRICS = {
  accuracy: 'accuracy',
  precision: 'precision',
  recall: 'recall',
  f1: 'f1_score',
  rocAuc: 'roc_auc',
  logLoss: 'log_loss',
  brier: 'brier',
} as const;

/**
 * Writes a training into the registry: an experiment's run with the files, and below it one run for each candidate. Every id follows from
 * the training run's, and every file from its data and seed, so that another attempt writes the same and nothing twice.
 */
@Injectable()
export class RecordExperimentService {
  constructor(private readonly registry: RegistryClient) {}

  /** @throws DomainError when the registry is away */
  async record(record: TrainingRecord): Promise<RecordedExperiment> {
    const { run, experiment, set, ranked } = record;
    const actor = run.request.requestedBy;
    const experimentId = await this.registry.ensureExperiment(experiment, actor);
    const runId = deriveId(`run:${run.id}`);
    await this.registry.createRun(
      experimentId,
      {
        id: runId,
        name: `train-${run.modelName}-${run.id.slice(0, 8)}`,
        params: describeParams(record),
        tags: { model: run.modelName, 'training-run': run.id, 'data-origin': record.data.origin },
        datasetDigest: set.digest,
      },
      actor,
    );
    for (const [index, candidate] of ranked.entries())
      await this.recordCandidate(record, { experimentId, runId, candidate, rank: index + 1 });
    await this.registry.logMetrics(runId, { metrics: holdoutPoints(record.evaluation) }, actor);
    const digests = new Map<string, string>();
    for (const file of filesOf(record)) digests.set(file.path, await this.registry.logArtifact(runId, file, actor));
    await this.registry.finishRun(runId, actor);
    return {
      runId,
      artifactDigest: digests.get(MODEL_PATH) ?? '',
      profileDigest: digests.get(PROFILE_PATH) ?? '',
    };
  }

  private async recordCandidate(
    { run, set, seed }: TrainingRecord,
    place: { experimentId: string; runId: string; candidate: CrossValidation; rank: number },
  ): Promise<void> {
    const actor: Actor = run.request.requestedBy;
    const { experimentId, runId, candidate, rank } = place;
    const id = deriveId(`run:${run.id}:${candidate.candidateId}`);
    const algorithm = wireName(candidate.algorithm);
    await this.registry.createRun(
      experimentId,
      {
        id,
        name: algorithm,
        parentRunId: runId,
        params: {
          algorithm,
          ...toText(candidate.hyperparameters),
          'gimbal.seed': String(seed),
          'gimbal.kernel_version': KERNEL_VERSION,
        },
        tags: { model: run.modelName, rank: String(rank), selected: String(rank === 1) },
        datasetDigest: set.digest,
      },
      actor,
    );
    await this.registry.logMetrics(id, { metrics: candidatePoints(candidate) }, actor);
    await this.registry.finishRun(id, actor);
  }
}

const MODEL_PATH = 'model.onnx';
const PROFILE_PATH = 'reference-profile.json';

const toText = (values: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));

function describeParams({ run, data, set, ranked, seed, testSize }: TrainingRecord): Record<string, string> {
  return toText({
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
    kernel_version: KERNEL_VERSION,
    selected: ranked[0] ? wireName(ranked[0].algorithm) : '',
    'selection.rule': 'highest mean F1 over folds; then lowest Brier score, highest ROC-AUC, name',
  });
}

interface Point {
  readonly key: string;
  readonly value: number;
  readonly step: number;
}

/** One point per fold under the metric's name, and mean and deviation beside it. */
function candidatePoints({ folds, summary, threshold }: CrossValidation): Point[] {
  const names = Object.entries(FOLD_METRICS) as [keyof typeof FOLD_METRICS, string][]; // entries of a literal have its keys
  return [
    ...folds.flatMap(({ foldIndex, metrics }) =>
      names.map(([from, key]) => ({ key, value: metrics[from], step: foldIndex })),
    ),
    ...names.flatMap(([from, key]) => [
      { key: `${key}_mean`, value: summary[from].mean, step: 0 },
      { key: `${key}_deviation`, value: summary[from].deviation, step: 0 },
    ]),
    { key: 'threshold', value: threshold, step: 0 },
  ].filter(({ value }) => Number.isFinite(value));
}

function holdoutPoints({ holdout, versusLive }: BinaryEvaluation): Point[] {
  const { rows, accuracy, f1Score, precision, recall, rocAuc, logLoss, brier, calibrationError } = holdout;
  const measured: Record<string, number | null> = {
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
  };
  return Object.entries(measured).flatMap(([key, value]) => (value === null ? [] : [{ key, value, step: 0 }]));
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
  const json = (path: string, value: unknown): ArtifactFile => ({
    path,
    content: Buffer.from(`${JSON.stringify(value, null, 1)}\n`),
    contentType: 'application/json',
  });
  return [
    { path: MODEL_PATH, content: onnx, contentType: 'application/octet-stream' },
    json(PROFILE_PATH, profile),
    json(HOLDOUT_PATH, { rows: (first && parts[first.name]) ?? [], parts }),
    json('leaderboard.json', leaderboard),
    json('evaluation.json', evaluation),
    {
      path: 'model-card.md',
      content: Buffer.from(writeModelCard(record)),
      contentType: 'text/markdown; charset=utf-8',
    },
  ];
}
