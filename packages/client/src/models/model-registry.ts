import { randomUUID } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import type { ROUTES } from '@gimbal/contracts';
import type { z } from 'zod';
import type { CallInput, CallOutput, ClientOptions } from '../gimbal-client.js';
import { GimbalClient } from '../gimbal-client.js';
import { RETRY_DEFAULTS, type RetryPolicy, withRetries } from '../with-retries.js';

/** What a list is searched by; what is left out does not matter. */
type Search<N extends 'listModels' | 'listVersions' | 'searchVersions'> = Partial<
  Omit<z.output<(typeof ROUTES)[N]['query']>, 'cursor'>
>;
export type ModelSummary = CallOutput<'getModel'>;
export type ModelVersion = CallOutput<'getVersion'>;
export type Promotion = CallOutput<'promoteVersion'>;
export type TrafficState = CallOutput<'getTraffic'>;
/** What a version is registered with, in the form of the wire (`docs/guides/import-models.md`). */
export type VersionMetadata = CallInput<'registerVersion'>['body'];

/** The ONNX file of a version: a local one, or the artifact of a run. */
export type VersionSource =
  | { readonly file: string; readonly metadata: VersionMetadata }
  | { readonly runId: string; readonly artifactPath: string; readonly metadata: VersionMetadata };

/**
 * Why a version moves, and what is believed to be live: when it is not, nothing moves. Without that belief, it is what is live when the
 * call is made. A program that may ask again after a crash gives a `decisionId` and its belief: the same again is one decision.
 */
export type Decision = { readonly reason: string } & (
  | { readonly decisionId: string; readonly expectedLiveVersion: number | null }
  | { readonly decisionId?: never; readonly expectedLiveVersion?: number | null }
);

export interface ModelRegistryOptions {
  /** The experiment of an `ExperimentManager` that is made from this registry. */
  readonly experimentName?: string;
  readonly retry?: Partial<RetryPolicy>;
}

/** Models and their versions, through the gateway. Reads, and writes that may be repeated, are tried again when the gateway is away. */
export class ModelRegistry {
  readonly client: GimbalClient;
  readonly experimentName: string | undefined;
  private readonly retry: RetryPolicy;

  constructor(connection: GimbalClient | ClientOptions, { experimentName, retry }: ModelRegistryOptions = {}) {
    this.client = connection instanceof GimbalClient ? connection : new GimbalClient(connection);
    this.experimentName = experimentName;
    this.retry = { ...RETRY_DEFAULTS, ...retry };
  }

  /** Address of the gateway. */
  get url(): string {
    return this.client.url;
  }

  /**
   * Registers a version, and the model with its first one. An artifact of a run may be registered again after a failure: it becomes one
   * version. A local file is sent once: after a failure look with {@link versions} whether it has arrived.
   */
  async register(model: string, source: VersionSource): Promise<ModelVersion> {
    if ('file' in source) return await this.upload(model, source.file, source.metadata);
    const { runId, artifactPath, metadata } = source;
    const body = { ...metadata, run_id: runId, artifact_path: artifactPath };
    const idempotencyKey = randomUUID();
    return await this.again(() => this.client.call('registerVersion', { params: { model }, body, idempotencyKey }));
  }

  async model(model: string): Promise<ModelSummary> {
    return await this.again(() => this.client.call('getModel', { params: { model } }));
  }

  /** All models that have a version like this. */
  models(search: Search<'listModels'> = {}): AsyncGenerator<ModelSummary> {
    return this.client.each('listModels', { query: toWire(search) });
  }

  /** Versions of a model like this, newest first. */
  versions(model: string, search: Search<'listVersions'> = {}): AsyncGenerator<ModelVersion> {
    return this.client.each('listVersions', { params: { model }, query: toWire(search) });
  }

  /** Versions of all models like this. */
  searchVersions(search: Search<'searchVersions'> = {}): AsyncGenerator<ModelVersion> {
    return this.client.each('searchVersions', { query: toWire(search) });
  }

  /** Counts over all models. */
  async statistics(): Promise<CallOutput<'registryStatistics'>> {
    return await this.again(() => this.client.call('registryStatistics', {}));
  }

  async version(model: string, version: number): Promise<ModelVersion> {
    return await this.again(() => this.client.call('getVersion', { params: { model, version } }));
  }

  /** The version with the highest number; null when the model has none. */
  async latestVersion(model: string): Promise<ModelVersion | null> {
    const { latestVersion } = await this.model(model);
    return latestVersion === null ? null : await this.version(model, latestVersion);
  }

  /** The version that answers; null when none is live. */
  async productionVersion(model: string): Promise<ModelVersion | null> {
    const { liveVersion } = await this.model(model);
    return liveVersion === null ? null : await this.version(model, liveVersion);
  }

  /** Moves a version to a stage; `production`, the default, makes it live when the gate admits it. `force` needs the role admin. */
  async promote(
    model: string,
    version: number,
    decision: Decision & { readonly stage?: 'staging' | 'production' | 'archived'; readonly force?: boolean },
  ): Promise<Promotion> {
    const { reason, decisionId = randomUUID(), stage = 'production', force = false } = decision;
    const expected = decision.expectedLiveVersion;
    const expected_live_version = expected === undefined ? (await this.model(model)).liveVersion : expected;
    const body = { stage, force, reason, decision_id: decisionId, expected_live_version };
    return await this.again(() => this.client.call('promoteVersion', { params: { model, version }, body }));
  }

  /** Back to the version that was live before, or to `toVersion`, which must have been live once. */
  async rollback(model: string, decision: Decision & { readonly toVersion?: number }): Promise<Promotion> {
    const { reason, decisionId = randomUUID(), toVersion } = decision;
    const live = decision.expectedLiveVersion ?? (await this.model(model)).liveVersion;
    if (live === null) throw new RangeError(`${model} has no live version: there is nothing to go back from.`);
    const body = {
      ...{ reason, decision_id: decisionId, expected_live_version: live },
      ...(toVersion !== undefined && { to_version: toVersion }),
    };
    return await this.again(() => this.client.call('rollbackModel', { params: { model }, body }));
  }

  /** Two versions, metric by metric: `{v1, v2, diff, pct_change}`. */
  async compare(model: string, one: number, other: number): Promise<CallOutput<'compareVersions'>> {
    const query = { versions: `${one},${other}` };
    return await this.again(() => this.client.call('compareVersions', { params: { model }, query }));
  }

  /** What a version was made from, and what became of it. */
  async lineage(model: string, version: number): Promise<CallOutput<'getLineage'>> {
    return await this.again(() => this.client.call('getLineage', { params: { model, version } }));
  }

  /** What an alias points at, or pointed at then. */
  async alias(model: string, alias: string, at?: Date): Promise<CallOutput<'getAlias'>> {
    const query = at ? { at: at.toISOString() } : {};
    return await this.again(() => this.client.call('getAlias', { params: { model, alias }, query }));
  }

  /** `live` moves only by promotion. */
  async setAlias(model: string, alias: string, to: { readonly version: number; readonly reason: string }) {
    return await this.again(() => this.client.call('putAlias', { params: { model, alias }, body: to }));
  }

  /** Who moved an alias, when and why, newest first. */
  aliasHistory(model: string, alias: string): AsyncGenerator<CallOutput<'aliasHistory'>['items'][number]> {
    return this.client.each('aliasHistory', { params: { model, alias } });
  }

  async traffic(model: string): Promise<TrafficState> {
    return await this.again(() => this.client.call('getTraffic', { params: { model } }));
  }

  /** Changes canary, shadows or A/B arms. @param seen the state it changes: when it changed meanwhile, `revision-conflict` */
  async setTraffic(
    model: string,
    plan: CallInput<'putTraffic'>['body'],
    seen: Pick<TrafficState, 'revision'>,
  ): Promise<TrafficState> {
    const ifMatch = `"${seen.revision}"`;
    return await this.client.call('putTraffic', { params: { model }, body: plan, ifMatch });
  }

  private async upload(model: string, file: string, metadata: VersionMetadata): Promise<ModelVersion> {
    const form = new FormData();
    form.set('metadata', JSON.stringify(metadata));
    form.set('file', await openAsBlob(file), basename(file));
    return await this.client.upload('registerVersion', { model }, form);
  }

  private async again<T>(work: () => Promise<T>): Promise<T> {
    return await withRetries(this.retry, work);
  }
}

/** The names of the wire: `minAccuracy` is `min_accuracy`. */
const toWire = (search: object): object =>
  Object.fromEntries(
    Object.entries(search).map(([name, value]) => [
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value,
    ]),
  );
