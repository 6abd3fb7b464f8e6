import type { TrafficChanges, TrafficDocument } from '@gimbal/contracts';
import { isDomainError } from '@gimbal/domain';
import type { Logger } from '@gimbal/platform';
import type { ManifestCheck } from './manifest-check.js';
import type { ModelKeeper } from './model-keeper.js';
import type { PlanStore } from './plan-store.js';
import type { RegistryClient, TrafficAnswer } from './registry.client.js';
import type { PlannedModel, ServedModels } from './served-models.js';
import type { VersionLoader } from './version-loader.js';

export interface TrafficFollowerOptions {
  readonly models: ServedModels;
  readonly keeper: ModelKeeper;
  readonly loader: Pick<VersionLoader, 'keepFiles' | 'close'>;
  readonly store: PlanStore;
  readonly manifests: ManifestCheck;
  readonly registry: Pick<RegistryClient, 'fetchTraffic'>;
  /** Loads what is to be in memory before the first question. */
  readonly warmUp: () => Promise<void>;
  readonly waitSeconds: number;
  readonly retryMs: number;
  readonly logger: Logger;
}

/** Keeps what is served equal to the registry's traffic plan, and the plan on disk. */
export class TrafficFollower {
  private readonly options: TrafficFollowerOptions;
  private readonly stopping = new AbortController();
  private etag: string | undefined;
  private loop: Promise<void> | undefined;
  private keeping: Promise<void> = Promise.resolve();
  /** A change could not be kept: those after it say nothing without it. */
  private isKeptBehind = false;
  private contactAtMs: number | undefined;
  private lastFault: string | undefined;

  constructor(options: TrafficFollowerOptions) {
    this.options = options;
  }

  /** Time since the registry last answered, in ms; undefined before it did. */
  get staleMs(): number | undefined {
    return this.contactAtMs === undefined ? undefined : performance.now() - this.contactAtMs;
  }

  /** Serves the kept plan, then follows the registry for ever. Resolves when the kept plan is served. */
  async start(): Promise<void> {
    const kept = await this.options.store.read();
    if (kept) {
      this.options.manifests.learn(kept.manifestKeys);
      await this.apply(kept);
      this.etag = `"${kept.revision}"`; // so the registry has only to tell what is new
    }
    this.loop = this.follow();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.loop;
    await this.options.keeper.stop();
    await this.keeping;
    this.options.loader.close();
  }

  private async follow(): Promise<void> {
    const { registry, waitSeconds, retryMs, logger } = this.options;
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        const answer = await registry.fetchTraffic(this.etag, this.contactAtMs === undefined ? 0 : waitSeconds, signal);
        this.contactAtMs = performance.now();
        this.lastFault = undefined;
        if (answer !== 'unchanged') {
          this.etag = answer.etag;
          void this.applyAndKeep(answer); // a slow load of one model must not hide the next change of another
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

  private async applyAndKeep(answer: Exclude<TrafficAnswer, 'unchanged'>): Promise<void> {
    const { keeper, loader, manifests, logger } = this.options;
    manifests.learn('changes' in answer ? answer.changes.manifestKeys : answer.document.manifestKeys);
    const applying = 'changes' in answer ? this.applyChanges(answer.changes) : this.apply(answer.document);
    const applied = applying.catch((error: unknown) => logger.error({ err: error }, 'traffic plan cannot be applied'));
    // In the order in which they came, and none before the files of its models are there.
    this.keeping = Promise.all([this.keeping, applied]).then(() => this.keep(answer));
    await this.keeping;
    loader.keepFiles(digestsOf(keeper.planned));
  }

  private async keep(answer: Exclude<TrafficAnswer, 'unchanged'>): Promise<void> {
    const { keeper, store, manifests, logger } = this.options;
    try {
      if ('document' in answer) await store.write(answer.document);
      else if (this.isKeptBehind || (await store.append(answer.changes))) {
        const { known: manifestKeys } = manifests;
        const { revision } = answer.changes;
        await store.write({ revision, models: [...keeper.planned], ...(manifestKeys && { manifestKeys }) });
      }
      this.isKeptBehind = false;
    } catch (error) {
      this.isKeptBehind = true;
      logger.warn({ err: error }, 'traffic plan cannot be kept');
    }
  }

  private async applyChanges({ models, removed }: TrafficChanges): Promise<void> {
    const { keeper } = this.options;
    keeper.remove(removed);
    await keeper.change(models);
  }

  private async apply(document: TrafficDocument): Promise<void> {
    const { models, keeper, warmUp } = this.options;
    if (!models.isInformed) {
      keeper.adopt(document.models);
      models.inform();
      return warmUp();
    }
    const names = new Set(document.models.map(({ modelName }) => modelName));
    keeper.remove(Array.from(models.all, ({ name }) => name).filter((name) => !names.has(name)));
    return keeper.change(document.models);
  }
}

const digestsOf = (models: readonly PlannedModel[]): ReadonlySet<string> =>
  new Set(
    models.flatMap(({ versions, standby }) =>
      [...versions, ...(standby ? [standby] : [])].map(({ artifactDigest }) => artifactDigest),
    ),
  );

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
