import type { Actor, Run } from '@gimbal/contracts';
import { KERNEL_VERSION } from '@gimbal/learning';
import { deriveId } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
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

/** A run below a training's own. */
export interface ChildEntry extends CandidateEntry {
  readonly tags: Readonly<Record<string, string>>;
  /** What is written of a running one is added to later. */
  readonly state: Exclude<RunState, 'scheduled'>;
}

type RunState = z.output<typeof Run>['state'];

/** What is known of a training from the beginning. */
export interface TrainingEntry {
  readonly run: Pick<ClaimedRun, 'id' | 'modelName' | 'request'>;
  readonly experiment: string;
  readonly seed: number;
  readonly dataOrigin: string;
  readonly datasetDigest: string;
}

/** A whole training, ready to be written. */
export interface ExperimentEntry extends TrainingEntry {
  readonly params: Readonly<Record<string, unknown>>;
  /** Best first; the first one was selected. */
  readonly candidates: readonly CandidateEntry[];
  /** What of a search was not written while it went on. */
  readonly trials: readonly ChildEntry[];
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

/** The run of a training in the registry. */
interface OpenedRun {
  readonly experimentId: string;
  readonly runId: string;
  readonly state: RunState;
  readonly startedAt: string;
}

/** There may be hundreds of trials. */
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
 * the training run's, and every file from its data and seed; points bear the time at which their run began. So another attempt writes the
 * same and nothing twice.
 */
@Injectable()
export class ExperimentWriter {
  constructor(private readonly registry: RegistryClient) {}

  /** @throws DomainError when the registry is away */
  async write(entry: ExperimentEntry): Promise<RecordedExperiment> {
    const { run, params, candidates, trials, points, files } = entry;
    const actor = run.request.requestedBy;
    const opened = await this.open(entry, toText({ ...params, kernel_version: KERNEL_VERSION }));
    const { runId } = opened;
    for (const [index, candidate] of candidates.entries()) {
      const tags = { rank: String(index + 1), selected: String(index === 0) };
      await this.writeChild(entry, { ...candidate, tags, state: 'finished' }, opened);
    }
    await this.writeSome(entry, trials, opened);
    await this.logPoints(opened, points, actor);
    const digests = new Map<string, string>();
    for (const file of files) digests.set(file.path, await this.registry.logArtifact(runId, file, actor));
    await this.registry.endRun(runId, 'finished', actor);
    return {
      runId,
      artifactDigest: digests.get(MODEL_PATH) ?? '',
      profileDigest: digests.get(PROFILE_PATH) ?? '',
    };
  }

  /** Writes runs below a training's own, some at a time; what is there already stays. @throws DomainError when the registry is away */
  async writeChildren(entry: TrainingEntry, children: readonly ChildEntry[]): Promise<void> {
    await this.writeSome(entry, children, await this.open(entry));
  }

  /** Ends the run of a training that came to no model, unless it has ended. @throws DomainError when the registry is away */
  async end(entry: TrainingEntry, state: 'failed' | 'killed'): Promise<void> {
    const { runId, state: present } = await this.open(entry);
    if (present === 'running') await this.registry.endRun(runId, state, entry.run.request.requestedBy);
  }

  /** The training's run, made when there is none. */
  private async open(
    { run, experiment, dataOrigin, datasetDigest }: TrainingEntry,
    params: Record<string, string> = {},
  ): Promise<OpenedRun> {
    const actor = run.request.requestedBy;
    const experimentId = await this.registry.ensureExperiment(experiment, actor);
    const runId = deriveId(`run:${run.id}`);
    const name = `train-${run.modelName}-${run.id.slice(0, 8)}`;
    const tags = { model: run.modelName, 'training-run': run.id, 'data-origin': dataOrigin };
    const request = { id: runId, name, params, tags, datasetDigest };
    const { state, startedAt } = await this.registry.createRun(experimentId, request, actor);
    return { experimentId, runId, state, startedAt };
  }

  private async writeSome(entry: TrainingEntry, children: readonly ChildEntry[], opened: OpenedRun): Promise<void> {
    for (let from = 0; from < children.length; from += AT_ONCE) {
      await Promise.all(children.slice(from, from + AT_ONCE).map((child) => this.writeChild(entry, child, opened)));
    }
  }

  private async logPoints(
    { runId, startedAt: at }: Pick<OpenedRun, 'runId' | 'startedAt'>,
    points: readonly Point[],
    actor: Actor,
  ): Promise<void> {
    // A registry keeps numbers.
    const metrics = points.filter(({ value }) => Number.isFinite(value)).map((point) => ({ ...point, at }));
    if (metrics.length > 0) await this.registry.logMetrics(runId, { metrics }, actor);
  }

  private async writeChild(
    { run, seed, datasetDigest }: TrainingEntry,
    { id: childId, algorithm, hyperparameters, points, tags, state }: ChildEntry,
    { experimentId, runId: parentRunId }: OpenedRun,
  ): Promise<void> {
    const actor = run.request.requestedBy;
    const params = {
      algorithm,
      ...toText(hyperparameters),
      'gimbal.seed': String(seed),
      'gimbal.kernel_version': KERNEL_VERSION,
    };
    // With its parameters: those of a search that was begun anew, with another configuration, are other runs.
    const id = deriveId(JSON.stringify(['run', run.id, childId, params]));
    const request = { id, name: childId, parentRunId, params, tags: { model: run.modelName, ...tags }, datasetDigest };
    const present = await this.registry.createRun(experimentId, request, actor);
    if (present.state !== 'running') return;
    await this.logPoints({ runId: id, startedAt: present.startedAt }, points, actor);
    if (state !== 'running') await this.registry.endRun(id, state, actor);
  }
}
