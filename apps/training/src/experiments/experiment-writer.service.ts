import type { Actor } from '@gimbal/contracts';
import { KERNEL_VERSION } from '@gimbal/learning';
import { deriveId } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import { type ArtifactFile, RegistryClient } from '../clients/registry.client.js';
import type { ClaimedRun } from '../execution/claimed-run.js';

/** A measured number of a run. */
export interface Point {
  readonly key: string;
  readonly value: number;
  readonly step: number;
}

/** One candidate of a selection. */
export interface CandidateEntry {
  /** Unique within the training run; the run's id follows from it. */
  readonly id: string;
  readonly algorithm: string;
  readonly hyperparameters: Readonly<Record<string, unknown>>;
  readonly points: readonly Point[];
}

/** One trial of a search. */
export interface TrialEntry extends CandidateEntry {
  /** Number of the trial, its round, and how it ended. */
  readonly tags: Readonly<Record<string, string>>;
}

/** A whole training, ready to be written. */
export interface ExperimentEntry {
  readonly run: ClaimedRun;
  readonly experiment: string;
  readonly seed: number;
  readonly params: Readonly<Record<string, unknown>>;
  readonly dataOrigin: string;
  readonly datasetDigest: string;
  /** Best first; the first one was selected. */
  readonly candidates: readonly CandidateEntry[];
  /** What a search tried before. */
  readonly trials?: readonly TrialEntry[];
  readonly points: readonly Point[];
  /** `model.onnx` and `reference-profile.json` among them. */
  readonly files: readonly ArtifactFile[];
}

/** Where the record was put. */
export interface RecordedExperiment {
  readonly runId: string;
  readonly artifactDigest: string;
  readonly profileDigest: string;
}

/** There may be thousands of trials. */
const AT_ONCE = 8;

export const MODEL_PATH = 'model.onnx';
export const PROFILE_PATH = 'reference-profile.json';

/** A JSON file of a run; the same value gives the same bytes. */
export const jsonFile = (path: string, value: unknown): ArtifactFile => ({
  path,
  content: Buffer.from(`${JSON.stringify(value, null, 1)}\n`),
  contentType: 'application/json',
});

const toText = (values: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'object' ? JSON.stringify(value) : String(value),
    ]),
  );

/**
 * Writes a training into the registry: an experiment's run with the files, and below it one run for each candidate and trial. Every id follows from
 * the training run's, and every file from its data and seed, so that another attempt writes the same and nothing twice.
 */
@Injectable()
export class ExperimentWriter {
  constructor(private readonly registry: RegistryClient) {}

  /** @throws DomainError when the registry is away */
  async write(entry: ExperimentEntry): Promise<RecordedExperiment> {
    const { run, experiment, params, datasetDigest, candidates, trials = [], points, files } = entry;
    const actor = run.request.requestedBy;
    const experimentId = await this.registry.ensureExperiment(experiment, actor);
    const runId = deriveId(`run:${run.id}`);
    await this.registry.createRun(
      experimentId,
      {
        id: runId,
        name: `train-${run.modelName}-${run.id.slice(0, 8)}`,
        params: toText({ ...params, kernel_version: KERNEL_VERSION }),
        tags: { model: run.modelName, 'training-run': run.id, 'data-origin': entry.dataOrigin },
        datasetDigest,
      },
      actor,
    );
    for (const [index, candidate] of candidates.entries()) {
      const tags = { rank: String(index + 1), selected: String(index === 0) };
      await this.writeChild(entry, { ...candidate, tags }, { experimentId, runId });
    }
    for (let from = 0; from < trials.length; from += AT_ONCE) {
      const some = trials.slice(from, from + AT_ONCE);
      await Promise.all(some.map((trial) => this.writeChild(entry, trial, { experimentId, runId })));
    }
    await this.logPoints(runId, points, actor);
    const digests = new Map<string, string>();
    for (const file of files) digests.set(file.path, await this.registry.logArtifact(runId, file, actor));
    await this.registry.finishRun(runId, actor);
    return {
      runId,
      artifactDigest: digests.get(MODEL_PATH) ?? '',
      profileDigest: digests.get(PROFILE_PATH) ?? '',
    };
  }

  private async logPoints(runId: string, points: readonly Point[], actor: Actor): Promise<void> {
    const metrics = points.filter(({ value }) => Number.isFinite(value)); // a registry keeps numbers
    if (metrics.length > 0) await this.registry.logMetrics(runId, { metrics }, actor);
  }

  private async writeChild(
    { run, seed, datasetDigest }: ExperimentEntry,
    { id: candidateId, algorithm, hyperparameters, points, tags }: TrialEntry,
    { experimentId, runId }: { readonly experimentId: string; readonly runId: string },
  ): Promise<void> {
    const actor = run.request.requestedBy;
    const id = deriveId(`run:${run.id}:${candidateId}`);
    await this.registry.createRun(
      experimentId,
      {
        id,
        name: candidateId,
        parentRunId: runId,
        params: {
          algorithm,
          ...toText(hyperparameters),
          'gimbal.seed': String(seed),
          'gimbal.kernel_version': KERNEL_VERSION,
        },
        tags: { model: run.modelName, ...tags },
        datasetDigest,
      },
      actor,
    );
    await this.logPoints(id, points, actor);
    await this.registry.finishRun(id, actor);
  }
}
