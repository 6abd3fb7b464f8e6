import { subtle } from 'node:crypto';
import type { Readable } from 'node:stream';
import {
  type Actor,
  CreateExperiment,
  CreateRun,
  Dataset,
  DatasetVersion,
  Experiment,
  ExperimentPage,
  encodeWire,
  LogArtifact,
  LogMetrics,
  Model,
  ModelVersion,
  PromoteVersion,
  Promotion,
  RegisterVersion,
  Run,
  type ServedVersion,
  StoredArtifact,
  UpdateRun,
} from '@gimbal/contracts';
import { DomainError, isDomainError, requireServable } from '@gimbal/domain';
import { ServiceClient } from '@gimbal/platform';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';

/** A file to be kept. */
export interface ArtifactFile {
  readonly path: string;
  readonly content: Uint8Array;
  readonly contentType: string;
}

/** What training asks of the registry, for the one who asked for the training. Everything that changes something may be repeated. */
@Injectable()
export class RegistryClient {
  constructor(private readonly registry: ServiceClient) {}

  /** The live version of a model; null when the model is new or nothing is live. */
  async findLive(model: string, actor: Actor): Promise<ServedVersion | null> {
    try {
      return await this.live(model, actor);
    } catch (error) {
      if (isDomainError(error, 'model-not-found') || isDomainError(error, 'no-live-version')) return null;
      throw error;
    }
  }

  /** The live version of a model. @throws DomainError `model-not-found`, `no-live-version` */
  async live(model: string, actor: Actor): Promise<ServedVersion> {
    const { liveVersion } = await this.registry.call({ method: 'GET', path: `/api/v1/models/${model}`, actor }, Model);
    if (liveVersion === null)
      throw new DomainError('no-live-version', `${model} has no live version; promote one, or name a version.`);
    return await this.version(model, liveVersion, actor);
  }

  /** @throws DomainError `version-not-found`, `version-not-servable` */
  async version(model: string, version: number, actor: Actor): Promise<ServedVersion> {
    const path = `/api/v1/models/${model}/versions/${version}`;
    return requireServable(await this.registry.call({ method: 'GET', path, actor }, ModelVersion));
  }

  /** The experiment of a name; made when there is none. */
  async ensureExperiment(name: string, actor: Actor): Promise<string> {
    const found = await this.findExperiment(name, actor);
    if (found) return found;
    try {
      const body = { json: encodeWire(CreateExperiment, { name, tags: {} }) };
      const made = await this.registry.call({ method: 'POST', path: '/api/v1/experiments', body, actor }, Experiment);
      return made.id;
    } catch (error) {
      const other = isDomainError(error, 'already-exists') ? await this.findExperiment(name, actor) : undefined;
      if (other) return other;
      throw error;
    }
  }

  /** Answers the run as it is; a run of this id that is there already gets the parameters that it lacks. */
  async createRun(
    experimentId: string,
    request: z.output<typeof CreateRun>,
    actor: Actor,
  ): Promise<z.output<typeof Run>> {
    const body = { json: encodeWire(CreateRun, request) };
    const path = `/api/v1/experiments/${experimentId}/runs`;
    return await this.registry.call({ method: 'POST', path, body, actor, repeat: 'safe' }, Run);
  }

  async logMetrics(runId: string, request: z.output<typeof LogMetrics>, actor: Actor): Promise<void> {
    const body = { json: encodeWire(LogMetrics, request) };
    await this.registry.call(
      { method: 'POST', path: `/api/v1/runs/${runId}/metrics`, body, actor, repeat: 'safe' },
      Run,
    );
  }

  /** @throws DomainError `invalid-transition` when it has ended otherwise */
  async endRun(runId: string, state: 'finished' | 'failed' | 'killed', actor: Actor): Promise<void> {
    const body = { json: encodeWire(UpdateRun, { state }) };
    await this.registry.call({ method: 'PUT', path: `/api/v1/runs/${runId}`, body, actor }, Run);
  }

  /** Stores a file and names it as an artifact of the run; answers its digest. */
  async logArtifact(runId: string, { path, content, contentType }: ArtifactFile, actor: Actor): Promise<string> {
    const { digest, bytes } = await this.store(content, actor);
    const body = { json: encodeWire(LogArtifact, { path, digest, bytes, contentType }) };
    await this.registry.call(
      { method: 'POST', path: `/api/v1/runs/${runId}/artifacts`, body, actor, repeat: 'safe' },
      Run,
    );
    return digest;
  }

  async readArtifact(digest: string, actor: Actor): Promise<Uint8Array> {
    return (await this.registry.send({ method: 'GET', path: `/internal/artifacts/${digest}`, actor })).body;
  }

  /** A file as it comes, however large; `signal` ends it. @throws DomainError `artifact-not-found` */
  async openArtifact(digest: string, actor: Actor, signal: AbortSignal): Promise<Readable> {
    return await this.registry.open({ method: 'GET', path: `/internal/artifacts/${digest}`, actor, signal });
  }

  /** @throws DomainError `dataset-not-found`, `dataset-version-not-found` */
  async datasetVersion(name: string, version: number, actor: Actor): Promise<DatasetVersion> {
    const path = `/api/v1/datasets/${name}/versions/${version}`;
    return await this.registry.call({ method: 'GET', path, actor }, DatasetVersion);
  }

  /** The number of a dataset's latest version. @throws DomainError `dataset-not-found` */
  async latestDatasetVersion(name: string, actor: Actor): Promise<number> {
    return (await this.registry.call({ method: 'GET', path: `/api/v1/datasets/${name}`, actor }, Dataset))
      .latestVersion;
  }

  /** The bytes of a run's artifact; null when the run has none of this path. */
  async readRunArtifact(runId: string, path: string, actor: Actor): Promise<Uint8Array | null> {
    try {
      const answer = await this.registry.send({
        method: 'GET',
        path: `/api/v1/runs/${runId}/artifact`,
        query: { path },
        actor,
      });
      return answer.body;
    } catch (error) {
      if (isDomainError(error, 'artifact-not-found') || isDomainError(error, 'run-not-found')) return null;
      throw error;
    }
  }

  /** One training run yields one version, however often this is asked. */
  async register(model: string, request: RegisterVersion, actor: Actor): Promise<ModelVersion> {
    const body = { json: encodeWire(RegisterVersion, request) };
    const path = `/internal/models/${model}/versions`;
    return await this.registry.call({ method: 'POST', path, body, actor, repeat: 'safe' }, ModelVersion);
  }

  /** @throws DomainError `promotion-refused`, `promotion-conflict` */
  async promote(model: string, version: number, request: PromoteVersion, actor: Actor): Promise<void> {
    const body = { json: encodeWire(PromoteVersion, request) };
    const path = `/api/v1/models/${model}/versions/${version}/promote`;
    await this.registry.call({ method: 'POST', path, body, actor, repeat: 'safe' }, Promotion);
  }

  private async store(content: Uint8Array, actor: Actor): Promise<z.output<typeof StoredArtifact>> {
    // Off the event loop: a forest's file has hundreds of megabytes.
    const digest = Buffer.from(await subtle.digest('SHA-256', content)).toString('hex');
    const body = { bytes: content, contentType: 'application/octet-stream' };
    return await this.registry.call(
      { method: 'PUT', path: `/internal/artifacts/${digest}`, body, actor },
      StoredArtifact,
    );
  }

  private async findExperiment(name: string, actor: Actor): Promise<string | undefined> {
    let cursor: string | undefined;
    do {
      const query = { name, limit: 1_000, cursor };
      const page = await this.registry.call(
        { method: 'GET', path: '/api/v1/experiments', query, actor },
        ExperimentPage,
      );
      const found = page.items.find((experiment) => experiment.name === name);
      if (found) return found.id;
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    return undefined;
  }
}
