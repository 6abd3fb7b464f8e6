import { versionsInPlan } from '@gimbal/domain';
import { Gate, type Logger } from '@gimbal/platform';
import { GraphRefused } from '../inference/session-host.js';
import { atSignedThreshold } from './manifest-check.js';
import type { ServedGraph } from './served-graph.js';
import {
  type PlannedModel,
  type PlannedVersion,
  type ServedModel,
  type ServedModels,
  ServedVersion,
  versionsOf,
} from './served-models.js';
import type { VersionLoader } from './version-loader.js';

const RETRY_MAX_MS = 300_000;
/** Versions that are loaded at once because a plan changed: room is left for those that somebody waits for. */
const LOADS_AT_ONCE = 2;

export interface ModelKeeperOptions {
  readonly models: ServedModels;
  readonly loader: Pick<VersionLoader, 'graphOf'>;
  /** Pause after a load that failed. */
  readonly retryMs: number;
  readonly logger: Pick<Logger, 'warn' | 'error'>;
}

/**
 * Makes each model what the traffic plan says. A model changes in one step, after the versions that traffic is new to were loaded or refused;
 * until then, and when the version that should be live can't be loaded, the former state answers on. Graphs that are no longer named are
 * freed when their last rows are answered.
 */
export class ModelKeeper {
  private readonly options: ModelKeeperOptions;
  private readonly turns = new Gate(LOADS_AT_ONCE);
  private readonly wanted = new Map<string, PlannedModel>();
  private readonly working = new Map<string, Promise<void>>();
  private readonly preparing = new Set<Promise<void>>();
  private readonly retries = new Map<string, { readonly timer: NodeJS.Timeout; readonly afterMs: number }>();
  private stopping = false;

  constructor(options: ModelKeeperOptions) {
    this.options = options;
  }

  /** All that is wanted now. */
  get planned(): readonly PlannedModel[] {
    return [...this.wanted.values()];
  }

  /** Serves what is planned at the start, without loading any of it: the first rows of a version do. */
  adopt(planned: readonly PlannedModel[]): void {
    for (const model of planned) {
      this.wanted.set(model.modelName, model);
      this.options.models.put(this.describe(model, undefined));
    }
  }

  /** Loads a model's versions that take part in answering, those that cannot be loaded aside. */
  async warmUp(name: string): Promise<void> {
    const model = this.options.models.find(name);
    if (!model) return;
    await Promise.all([...model.versions.values()].map((version) => this.prepare(version)));
  }

  /** Resolves when every model named is what was wanted last, or what it was before where that cannot be served. */
  async change(planned: readonly PlannedModel[]): Promise<void> {
    for (const model of planned) this.wanted.set(model.modelName, model);
    await Promise.all(planned.map(({ modelName }) => this.workOn(modelName)));
  }

  remove(names: Iterable<string>): void {
    for (const name of names) {
      this.wanted.delete(name);
      this.forgetRetry(name);
      const gone = this.options.models.remove(name);
      if (gone) this.free(versionsOf(gone), []);
    }
  }

  async stop(): Promise<void> {
    this.stopping = true;
    for (const name of [...this.retries.keys()]) this.forgetRetry(name);
    await Promise.all(this.working.values());
    await Promise.all(this.preparing);
    for (const model of this.options.models.all)
      for (const graph of new Set(versionsOf(model).map((version) => version.graph))) await graph.close();
  }

  /** Changes one model until it is what is wanted; whoever comes meanwhile only leaves a newer wish. */
  private workOn(name: string): Promise<void> {
    const under = this.working.get(name);
    if (under) return under;
    const work = (async () => {
      for (let done: PlannedModel | undefined; ; ) {
        const planned = this.wanted.get(name);
        if (!planned || planned === done || this.stopping) return;
        await this.changeOne(planned);
        done = planned;
      }
    })().finally(() => this.working.delete(name));
    this.working.set(name, work);
    return work;
  }

  private async changeOne(planned: PlannedModel): Promise<void> {
    const { models, logger } = this.options;
    const name = planned.modelName;
    const before = models.find(name);
    const next = this.describe(planned, before);
    if (!before) models.put(next); // whoever asks waits for it to be loaded
    const former = before ? versionsOf(before) : [];
    const loads = await Promise.all(newInTraffic(next, before).map((version) => this.prepare(version)));
    // It was removed, and with it the graphs that this change would go on with; when it is wanted again, it begins with new ones.
    if (models.find(name) !== (before ?? next)) {
      this.free(versionsOf(next), former);
      return;
    }
    if (loads.includes('failed')) this.retryLater(planned);
    else this.forgetRetry(name);
    const { live } = planned.plan;
    const isRefused = live !== null && next.versions.get(live)?.graph.fault !== undefined;
    if (before && isRefused && answers(before)) {
      logger.error(
        { model: name, version: live, serving: before.plan.live },
        'the live version cannot be loaded; the former one answers on',
      );
      const faulty = [...next.versions].filter(([, { graph }]) => graph.fault !== undefined);
      const kept = { ...before, versions: new Map([...faulty, ...before.versions]) };
      models.put(kept);
      this.free([...former, ...versionsOf(next)], versionsOf(kept));
      return;
    }
    models.put(next);
    this.free(former, versionsOf(next));
    if (next.standby) this.prepareLater(next.standby);
  }

  /** A model as planned, around the graphs that there are. */
  private describe({ modelName, plan, versions, standby }: PlannedModel, before: ServedModel | undefined): ServedModel {
    const known = before ? versionsOf(before) : [];
    const made: ServedVersion[] = [];
    const serve = (told: PlannedVersion): ServedVersion => {
      const planned = this.atSignedThreshold(modelName, told);
      // Another version of the same file (trained again on the same rows) has a graph of its own, and so counts and a breaker of its own.
      const same = [...known, ...made].find((one) => hasSameGraph(one.planned, planned));
      if (same && same.planned.threshold === planned.threshold) return same;
      const version = new ServedVersion(
        modelName,
        planned,
        same?.graph ?? this.options.loader.graphOf(modelName, planned),
      );
      made.push(version);
      return version;
    };
    return {
      name: modelName,
      plan,
      versions: new Map(versions.map((planned) => [planned.version, serve(planned)])),
      standby: standby ? serve(standby) : undefined,
    };
  }

  private atSignedThreshold(model: string, told: PlannedVersion): PlannedVersion {
    const planned = atSignedThreshold(told);
    if (planned !== told)
      this.options.logger.error(
        { model, version: told.version, threshold: told.threshold, signed: planned.threshold },
        'the threshold of the plan is not the one that was signed; the signed one is gone by',
      );
    return planned;
  }

  /** @returns `failed` when it may succeed later */
  private async prepare({ graph }: ServedVersion): Promise<'loaded' | 'refused' | 'failed'> {
    try {
      await this.turns.pass(() => graph.load());
      return 'loaded';
    } catch (error) {
      return error instanceof GraphRefused ? 'refused' : 'failed';
    }
  }

  /** Behind those that answer, and nobody waits for it but the end. */
  private prepareLater(version: ServedVersion): void {
    const preparing: Promise<void> = this.prepare(version).then(() => {
      this.preparing.delete(preparing);
    });
    this.preparing.add(preparing);
  }

  private retryLater(planned: PlannedModel): void {
    const name = planned.modelName;
    const afterMs = Math.min((this.retries.get(name)?.afterMs ?? this.options.retryMs / 2) * 2, RETRY_MAX_MS);
    this.forgetRetry(name);
    if (this.stopping) return;
    const timer = setTimeout(() => {
      if (this.wanted.get(name) === planned) void this.change([{ ...planned }]);
    }, afterMs);
    this.retries.set(name, { timer, afterMs });
  }

  private forgetRetry(name: string): void {
    clearTimeout(this.retries.get(name)?.timer);
    this.retries.delete(name);
  }

  private free(former: readonly ServedVersion[], kept: readonly ServedVersion[]): void {
    const held = new Set<ServedGraph>(kept.map(({ graph }) => graph));
    for (const graph of new Set(former.map((version) => version.graph))) {
      if (held.has(graph)) continue;
      graph.close().catch((error: unknown) => this.options.logger.warn({ err: error }, 'a graph could not be freed'));
    }
  }
}

/** Versions that traffic is new to, or whose graph is. */
function newInTraffic(next: ServedModel, before: ServedModel | undefined): readonly ServedVersion[] {
  const known = new Set<number>(before ? versionsInPlan(before.plan) : []);
  return [...next.versions].flatMap(([number, version]) =>
    known.has(number) && before?.versions.get(number)?.graph === version.graph ? [] : [version],
  );
}

const answers = ({ plan, versions }: ServedModel): boolean =>
  plan.live !== null && versions.get(plan.live)?.graph.fault === undefined;

/** A manifest that was signed anew makes another graph, which is held against it; the one of a manifest that first comes was not. */
const hasSameGraph = (left: PlannedVersion, right: PlannedVersion): boolean =>
  left.id === right.id &&
  left.version === right.version &&
  left.artifactDigest === right.artifactDigest &&
  left.manifest === right.manifest;
