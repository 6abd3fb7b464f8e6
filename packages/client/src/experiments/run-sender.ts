import { openAsBlob } from 'node:fs';
import type { GimbalClient } from '../gimbal-client.js';
import { GimbalError } from '../gimbal-error.js';
import { findExperiment } from './find-experiment.js';
import type { EntryOf, RunEntry } from './run-entry.js';

/** Where the sender finds the copies of a run's files. */
export type FileLookup = (runId: string, digest: string) => string;

/**
 * Tells the registry what a journal says, entry by entry. Everything may be told again: runs have ids of the client's own, metric points
 * are stored once, parameters are written once, files and versions are known by their content.
 */
export class RunSender {
  private readonly experiments = new Map<string, string>();

  constructor(
    private readonly client: GimbalClient,
    private readonly fileOf: FileLookup,
  ) {}

  /** @throws GimbalError when the gateway refuses it; a network's error when there is none */
  async send(runId: string, entry: RunEntry): Promise<void> {
    const params = { id: runId };
    switch (entry.kind) {
      case 'start':
        return await this.begin(entry);
      case 'resume':
        return void (await this.client.call('updateRun', { params, body: { state: 'running' } }));
      case 'params':
        return void (await this.client.call('logParams', { params, body: { params: entry.params } }));
      case 'tags':
        return void (await this.client.call('setRunTags', { params, body: { tags: entry.tags } }));
      case 'metrics':
        return void (await this.client.call('logMetrics', { params, body: { metrics: entry.metrics } }));
      case 'artifact':
        return await this.sendFile(runId, entry);
      case 'model':
        return await this.register(runId, entry);
      case 'end':
        return void (await this.client.call('updateRun', { params, body: { state: entry.state, ended_at: entry.at } }));
    }
  }

  /** The id of the experiment of this name, which is made when there is none. */
  async experimentId(name: string): Promise<string> {
    const known =
      this.experiments.get(name) ?? (await findExperiment(this.client, name)) ?? (await this.createExperiment(name));
    this.experiments.set(name, known);
    return known;
  }

  private async begin({ runId, experimentName, name, parentRunId, tags, at }: EntryOf<'start'>): Promise<void> {
    const body = { id: runId, name, tags, started_at: at, ...(parentRunId !== null && { parent_run_id: parentRunId }) };
    await this.client.call('createRun', { params: { id: await this.experimentId(experimentName) }, body });
  }

  private async createExperiment(name: string): Promise<string> {
    try {
      return (await this.client.call('createExperiment', { body: { name } })).id;
    } catch (error) {
      const id =
        error instanceof GimbalError && error.code === 'already-exists' && (await findExperiment(this.client, name));
      if (id) return id; // somebody else was faster
      throw error;
    }
  }

  private async sendFile(runId: string, { path, digest, contentType }: EntryOf<'artifact'>): Promise<void> {
    const form = new FormData();
    form.set('metadata', JSON.stringify({ path, content_type: contentType }));
    form.set('file', await openAsBlob(this.fileOf(runId, digest)), path.slice(path.lastIndexOf('/') + 1));
    await this.client.upload('logArtifact', { id: runId }, form);
  }

  /** The key makes repeats one registration for a day; whoever comes later finds the version by its run and file. */
  private async register(runId: string, { model, path, digest, metadata }: EntryOf<'model'>): Promise<void> {
    if (await this.isRegistered(model, runId, digest)) return;
    const body = { ...metadata, run_id: runId, artifact_path: path };
    const idempotencyKey = `${runId}:${model}:${digest}`;
    await this.client.call('registerVersion', { params: { model }, body, idempotencyKey });
  }

  private async isRegistered(model: string, runId: string, digest: string): Promise<boolean> {
    try {
      for await (const version of this.client.each('listVersions', { params: { model } }))
        if (version.runId === runId && version.artifactDigest === digest) return true;
    } catch (error) {
      if (!(error instanceof GimbalError) || error.code !== 'model-not-found') throw error;
    }
    return false;
  }
}
