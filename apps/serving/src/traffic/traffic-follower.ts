import type { TrafficDocument } from '@gimbal/contracts';
import { isDomainError } from '@gimbal/domain';
import type { Logger } from '@gimbal/platform';
import { GraphRefused } from '../inference/session-thread.js';
import { warningTexts } from '../predict/columns.js';
import { RowReader } from '../predict/row-reader.js';
import type { PlanStore } from './plan-store.js';
import type { RegistryClient } from './registry.client.js';
import type { PlannedVersion, ServedGraph, ServedModel, ServedModels, ServedVersion } from './served-models.js';
import type { VersionLoader } from './version-loader.js';

const RETRY_MAX_MS = 300_000;

type PlannedModel = TrafficDocument['models'][number];

export interface TrafficFollowerOptions {
  readonly models: ServedModels;
  readonly loader: Pick<VersionLoader, 'load' | 'sweep'>;
  readonly store: PlanStore;
  readonly registry: Pick<RegistryClient, 'fetchTraffic'>;
  readonly waitSeconds: number;
  readonly retryMs: number;
  readonly logger: Logger;
}

/**
 * Keeps what is served equal to the registry's traffic plan. Each model changes in one step, after all that its plan names was loaded or
 * refused; until then, and when the version that should be live can't be loaded, the former state answers on. Graphs that are no longer
 * named are freed when their last rows are answered.
 */
export class TrafficFollower {
  private readonly options: TrafficFollowerOptions;
  private readonly stopping = new AbortController();
  private names: ReadonlySet<string> = new Set();
  private readonly wanted = new Map<string, PlannedModel>();
  private readonly working = new Map<string, Promise<void>>();
  /** Loads of versions that stand by; nobody waits for them but the end. */
  private readonly preparing = new Set<Promise<void>>();
  /** Files that broke the contract: loading them again can't help. */
  private readonly refusedDigests = new Map<string, string>();
  private etag: string | undefined;
  private loop: Promise<void> | undefined;
  private contactAtMs: number | undefined;
  private lastFault: string | undefined;
  private retryMs: number;
  private retryTimer: NodeJS.Timeout | undefined;

  constructor(options: TrafficFollowerOptions) {
    this.options = options;
    this.retryMs = options.retryMs;
  }

  /** Time since the registry last answered, in ms; undefined before it did. */
  get staleMs(): number | undefined {
    return this.contactAtMs === undefined ? undefined : performance.now() - this.contactAtMs;
  }

  /** Serves the kept plan, then follows the registry for ever. Resolves when the kept plan is served. */
  async start(): Promise<void> {
    const kept = await this.options.store.read();
    if (kept) await this.apply(kept);
    this.loop = this.follow();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    clearTimeout(this.retryTimer);
    await this.loop;
    await Promise.all(this.working.values());
    await Promise.all(this.preparing);
    clearTimeout(this.retryTimer);
    for (const model of this.options.models.all) {
      for (const graph of new Set(loadedOf(model).map((version) => version.graph))) {
        await graph.batcher.idle();
        await graph.opened.scorer.close();
      }
    }
  }

  private async follow(): Promise<void> {
    const { registry, waitSeconds, retryMs, logger } = this.options;
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        const answer = await registry.fetchTraffic(this.etag, this.etag === undefined ? 0 : waitSeconds, signal);
        this.contactAtMs = performance.now();
        this.lastFault = undefined;
        if (answer !== 'unchanged') {
          this.etag = answer.etag;
          void this.applyAndKeep(answer.document); // a slow load of one model must not hide the next change of another
        }
        if (waitSeconds === 0 || this.etag === undefined) await pause(retryMs, signal);
      } catch (error) {
        if (signal.aborted) return;
        const fault = isDomainError(error) ? error.code : 'unexpected';
        if (fault !== this.lastFault)
          logger.warn({ err: error }, 'the registry does not say what is live; going on with what is known');
        this.lastFault = fault;
        await pause(retryMs, signal);
      }
    }
  }

  private async applyAndKeep(document: TrafficDocument): Promise<void> {
    const { store, logger } = this.options;
    try {
      await this.apply(document);
      await store.write(document);
    } catch (error) {
      logger.warn({ err: error }, 'traffic plan cannot be kept');
    }
  }

  private async apply(document: TrafficDocument): Promise<void> {
    const { models, loader, logger } = this.options;
    this.names = new Set(document.models.map(({ modelName }) => modelName));
    for (const { modelName, plan } of document.models) {
      // Known from now on, though not loaded: "not yet" is another answer than "no such model".
      if (!models.find(modelName)) models.put({ name: modelName, plan, versions: new Map(), refused: new Map() });
    }
    for (const gone of models.keepOnly(this.names)) this.free(loadedOf(gone), []);
    await Promise.all(
      document.models.map((planned) => {
        this.wanted.set(planned.modelName, planned);
        return this.workOn(planned.modelName);
      }),
    );
    const named = document.models.flatMap(({ versions, standby }) => (standby ? [...versions, standby] : versions));
    const digests = new Set(named.map(({ artifactDigest }) => artifactDigest));
    await loader
      .sweep(digests)
      .catch((error: unknown) => logger.warn({ err: error }, 'old model files cannot be deleted'));
  }

  /** Changes one model until it is what is wanted; whoever comes meanwhile only leaves a newer wish. */
  private workOn(name: string): Promise<void> {
    const under = this.working.get(name);
    if (under) return under;
    const work = (async () => {
      for (let done: PlannedModel | undefined; ; ) {
        const planned = this.wanted.get(name);
        if (!planned || planned === done || this.stopping.signal.aborted) return;
        await this.change(planned);
        done = planned;
      }
    })().finally(() => this.working.delete(name));
    this.working.set(name, work);
    return work;
  }

  private async change(planned: PlannedModel): Promise<void> {
    const { models, logger } = this.options;
    const before = models.find(planned.modelName);
    const { versions, refused, again } = await this.loadAll(planned, before);
    if (again) this.retryLater(planned);
    else this.retryMs = this.options.retryMs;
    const former = before ? loadedOf(before) : [];
    const fresh = [...versions.values()];
    if (!this.names.has(planned.modelName)) {
      this.free(fresh, former);
      return;
    }
    const { live } = planned.plan;
    const formerLive = before?.plan.live ?? null;
    if (live !== null && !versions.has(live) && before && formerLive !== null && before.versions.has(formerLive)) {
      logger.error(
        { model: planned.modelName, version: live, serving: formerLive },
        'the live version cannot be loaded; the former one answers on',
      );
      models.put({ ...before, refused });
      this.free(fresh, former);
      return;
    }
    const standby = findStandby(planned, [...fresh, ...former]);
    models.put({ name: planned.modelName, plan: planned.plan, versions, refused, standby });
    this.free(former, standby ? [...fresh, standby] : fresh);
    if (planned.standby && !standby) this.prepare(planned, planned.standby);
  }

  /** Loads the version that stands by, after those that answer. */
  private prepare(planned: PlannedModel, wanted: PlannedVersion): void {
    const { models } = this.options;
    const name = planned.modelName;
    const preparing = this.loadOne(name, wanted)
      .then((graph) => {
        const standby = serveVersion(name, wanted, graph);
        const now = models.find(name);
        if (now && this.wanted.get(name) === planned && !this.stopping.signal.aborted) models.put({ ...now, standby });
        else this.free([standby], []);
      })
      .catch(() => undefined) // was logged; the model is served without
      .finally(() => this.preparing.delete(preparing));
    this.preparing.add(preparing);
  }

  private retryLater(planned: PlannedModel): void {
    clearTimeout(this.retryTimer);
    if (this.stopping.signal.aborted) return;
    this.retryTimer = setTimeout(() => {
      if (this.wanted.get(planned.modelName) !== planned) return;
      this.wanted.set(planned.modelName, { ...planned });
      void this.workOn(planned.modelName);
    }, this.retryMs);
    this.retryMs = Math.min(this.retryMs * 2, RETRY_MAX_MS);
  }

  /** `again`: something failed that may succeed later. */
  private async loadAll(planned: PlannedModel, before: ServedModel | undefined) {
    const versions = new Map<number, ServedVersion>();
    const refused = new Map<number, string>();
    let again = false;
    for (const version of planned.versions) {
      const known = before?.versions.get(version.version);
      if (known && sameVersion(known.planned, version)) {
        versions.set(version.version, known);
        continue;
      }
      try {
        const reusable = known && known.planned.artifactDigest === version.artifactDigest;
        const graph = reusable ? known.graph : await this.loadOne(planned.modelName, version);
        versions.set(version.version, serveVersion(planned.modelName, version, graph));
      } catch (error) {
        if (!(error instanceof GraphRefused)) again = true;
        refused.set(version.version, reasonOf(error));
      }
    }
    return { versions, refused, again };
  }

  private async loadOne(modelName: string, planned: PlannedVersion): Promise<ServedGraph> {
    const reason = this.refusedDigests.get(planned.artifactDigest);
    if (reason !== undefined) throw new GraphRefused(reason);
    try {
      return await this.options.loader.load(modelName, planned);
    } catch (error) {
      this.options.logger.error({ err: error, model: modelName, version: planned.version }, 'version cannot be loaded');
      if (error instanceof GraphRefused) this.refusedDigests.set(planned.artifactDigest, error.message);
      throw error;
    }
  }

  private free(former: readonly ServedVersion[], kept: readonly ServedVersion[]): void {
    const held = new Set(kept.map(({ graph }) => graph));
    for (const graph of new Set(former.map((version) => version.graph))) {
      if (held.has(graph)) continue;
      void graph.batcher
        .idle()
        .then(() => graph.opened.scorer.close())
        .catch((error: unknown) => this.options.logger.warn({ err: error }, 'a graph could not be freed'));
    }
  }
}

/** Every version of a model that is in memory. */
const loadedOf = ({ versions, standby }: ServedModel): readonly ServedVersion[] =>
  standby ? [...versions.values(), standby] : [...versions.values()];

/** The version that is to stand by, when its graph is in memory already. */
function findStandby({ modelName, standby }: PlannedModel, loaded: readonly ServedVersion[]): ServedVersion | undefined {
  if (!standby) return undefined;
  const known = loaded.find(({ planned }) => planned.artifactDigest === standby.artifactDigest);
  if (!known) return undefined;
  return sameVersion(known.planned, standby) ? known : serveVersion(modelName, standby, known.graph);
}

const sameVersion = (left: PlannedVersion, right: PlannedVersion): boolean =>
  left.id === right.id && left.artifactDigest === right.artifactDigest && left.threshold === right.threshold;

function serveVersion(modelName: string, planned: PlannedVersion, graph: ServedGraph): ServedVersion {
  return {
    modelName,
    planned,
    graph,
    reader: new RowReader(planned.signature),
    threshold: Math.fround(planned.threshold),
    definition: {
      modelVersionId: planned.id,
      modelName,
      modelVersion: planned.version,
      threshold: planned.threshold,
      inputs: planned.signature.inputs.map((input) => ({
        name: input.name,
        ...warningTexts(input),
        ...(input.categories && { categories: input.categories }),
      })),
    },
  };
}

const reasonOf = (error: unknown): string => {
  if (isDomainError(error)) return error.detail;
  return error instanceof Error ? error.message : String(error);
};

/** Ends early, without an error, when the signal aborts. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
}
