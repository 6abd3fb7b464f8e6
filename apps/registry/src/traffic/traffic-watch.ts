import type { TrafficChanges } from '@gimbal/contracts';
import { DomainError } from '@gimbal/domain';
import { CONFIG } from '@gimbal/platform';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { RegistryConfig } from '../config.js';
import { Database } from '../database/database.js';
import { ManifestKeys } from '../manifests/manifest-keys.js';
import { SignOlderVersions } from '../manifests/sign-older-versions.js';
import { readPlannedModels, readTrafficMark } from './read-traffic-document.js';
import { changesSince, type Fingerprints, stateOf, type TrafficState } from './traffic-state.js';

/** Revisions against which changes are told; who has an older one is sent everything. */
const REVISIONS_KEPT = 16;

/** How long to hold a request, and what ends it early. */
export interface Hold {
  /** The revision that the caller has. */
  readonly known: string;
  readonly waitMs: number;
  /** Aborts when the caller is gone. */
  readonly gone: AbortSignal;
}

/**
 * Holds traffic requests until something changes. A change in this process wakes them at once; changes made by other replicas are
 * found by one cheap query per interval for all of them together, and only while somebody waits.
 */
@Injectable()
export class TrafficWatch implements OnModuleDestroy {
  private readonly waiting = new Set<() => void>();
  private cached: { readonly mark: number; readonly keyIds: string; readonly state: TrafficState } | undefined;
  private readonly recent = new Map<string, Fingerprints>();
  private reading: Promise<TrafficState> | undefined;
  private closing = false;
  private checking: NodeJS.Timeout | undefined;
  private readonly checkMs: number;
  private readonly waitersMax: number;

  constructor(
    private readonly database: Database,
    private readonly keys: ManifestKeys,
    private readonly older: SignOlderVersions,
    @Inject(CONFIG) { traffic }: RegistryConfig,
  ) {
    this.checkMs = traffic.checkMs;
    this.waitersMax = traffic.waitersMax;
  }

  /** To be called after a transaction that changed a plan was committed. */
  changed(): void {
    this.reading = undefined; // a read under way may have begun before the change
    this.wakeAll();
  }

  /** Lets everybody go, so that the process can end. */
  onModuleDestroy(): void {
    this.closing = true;
    this.wakeAll();
  }

  /** The document as it is now. Callers that ask together share one read. */
  current(): Promise<TrafficState> {
    if (this.reading) return this.reading;
    const reading = this.read().finally(() => {
      if (this.reading === reading) this.reading = undefined;
    });
    this.reading = reading;
    return reading;
  }

  /** What changed since a revision; undefined when that is not known any more. */
  changesSince(revision: string, state: TrafficState): TrafficChanges | undefined {
    const fingerprints = this.recent.get(revision);
    return fingerprints && changesSince({ revision, fingerprints }, state);
  }

  /**
   * The document once its revision is not `known`, or as it is when the time is over.
   * @throws DomainError `overloaded` when too many wait already: an answer at once would make them ask again at once
   */
  async next({ known, waitMs, gone }: Hold): Promise<TrafficState> {
    const deadline = performance.now() + waitMs;
    for (;;) {
      const state = await this.current();
      const left = deadline - performance.now();
      if (state.document.revision !== known || left <= 0 || gone.aborted || this.closing) return state;
      if (this.waiting.size >= this.waitersMax)
        throw new DomainError('overloaded', 'Too many requests are held; ask again later.');
      await this.pause(left, gone);
    }
  }

  private wakeAll(): void {
    for (const wake of [...this.waiting]) wake();
  }

  private pause(ms: number, gone: AbortSignal): Promise<void> {
    this.checking ??= setInterval(() => this.wakeAll(), this.checkMs);
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        gone.removeEventListener('abort', end);
        this.waiting.delete(end);
        if (this.waiting.size === 0) this.stopChecking();
        resolve();
      };
      const timer = setTimeout(end, ms);
      gone.addEventListener('abort', end, { once: true });
      this.waiting.add(end);
    });
  }

  private stopChecking(): void {
    clearInterval(this.checking);
    this.checking = undefined;
  }

  private async read(): Promise<TrafficState> {
    await this.older.finish();
    const { publicKeys } = await this.keys.open();
    const keyIds = publicKeys.map(({ kid }) => kid).join();
    const mark = await readTrafficMark(this.database.reader);
    if (this.cached?.mark === mark && this.cached.keyIds === keyIds) return this.cached.state;
    this.cached = await this.database.snapshot(async (tx) => ({
      mark: await readTrafficMark(tx),
      keyIds,
      state: stateOf(await readPlannedModels(tx), publicKeys),
    }));
    const { state } = this.cached;
    this.remember(state);
    return state;
  }

  private remember({ document: { revision }, fingerprints }: TrafficState): void {
    this.recent.delete(revision);
    this.recent.set(revision, fingerprints);
    for (const oldest of this.recent.keys()) {
      if (this.recent.size <= REVISIONS_KEPT) return;
      this.recent.delete(oldest);
    }
  }
}
