import { LOGGER, type Logger } from '@gimbal/platform';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { type Change, ChangeFeedRepository } from './change-feed.repository.js';

const POLL_MS = 1_000;
/** Rows become visible when their transaction ends, after the time that is written in them: so far back is looked every time. */
const OVERLAP_MS = 10_000;

export type ChangeListener = (changes: readonly Change[]) => void;

/** Tells listeners what changed in the system. Looks once a second for all of them, and not at all when nobody listens. */
@Injectable()
export class ChangeFeed implements OnModuleDestroy {
  private readonly listeners = new Set<ChangeListener>();
  private readonly told = new Map<string, { readonly state: string; readonly at: number }>();
  private timer: NodeJS.Timeout | undefined;
  private lookedAt = 0;
  private isBlind = false;

  constructor(
    private readonly repository: ChangeFeedRepository,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleDestroy(): void {
    clearTimeout(this.timer);
    this.listeners.clear();
  }

  /** Begins to tell; call what it returns to end. */
  listen(listener: ChangeListener): () => void {
    this.listeners.add(listener);
    if (this.listeners.size === 1) this.begin();
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) clearTimeout(this.timer);
    };
  }

  private begin(): void {
    this.told.clear();
    const since = Date.now();
    this.lookedAt = since;
    clearTimeout(this.timer);
    // What had changed before anybody listened is no news.
    void this.look((change) => change.at.getTime() > since).finally(() => this.schedule());
  }

  private schedule(): void {
    if (this.listeners.size === 0) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.look(() => true).finally(() => this.schedule()), POLL_MS).unref();
  }

  private async look(isNews: (change: Change) => boolean): Promise<void> {
    const now = Date.now();
    try {
      const changes = await this.repository.since(new Date(this.lookedAt - OVERLAP_MS));
      this.lookedAt = now;
      this.isBlind = false;
      const news = changes.filter((change) => this.note(change) && isNews(change));
      if (news.length > 0) for (const listener of this.listeners) listener(news);
      for (const [key, { at }] of this.told) if (at < now - 2 * OVERLAP_MS) this.told.delete(key);
    } catch (error) {
      // What happens meanwhile is told when PostgreSQL is back: the next look begins where the last good one was.
      if (!this.isBlind) this.logger.warn({ err: error }, 'changes cannot be read; live events pause');
      this.isBlind = true;
    }
  }

  /** True when this state was not told yet. */
  private note({ kind, id, state, at }: Change): boolean {
    const key = `${kind}/${id}`;
    const before = this.told.get(key);
    if (before?.state === state && before.at === at.getTime()) return false;
    this.told.set(key, { state, at: at.getTime() });
    return true;
  }
}
