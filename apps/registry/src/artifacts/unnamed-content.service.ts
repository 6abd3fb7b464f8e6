import { ARTIFACT_STORE, type ArtifactStore, CONFIG, LOGGER, type Logger } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { RegistryConfig } from '../config.js';
import { Database } from '../database/database.js';
import { lockUnnamed } from './content-lock.js';

/** Looked up and removed in one transaction: those who name content wait for it. */
const AT_ONCE = 100;
/**
 * For so long of a transaction, a third of what it may last: on a store that is slow the rest waits for the next sweep. A removal after the end of the
 * transaction would take content that somebody has named meanwhile.
 */
const REMOVING_MS = 5_000;

/** Removes stored content that no row names any more. */
@Injectable()
export class UnnamedContent {
  constructor(
    private readonly database: Database,
    @Inject(ARTIFACT_STORE) private readonly store: ArtifactStore,
    @Inject(CONFIG) private readonly config: RegistryConfig,
    @Inject(LOGGER) private readonly logger: Pick<Logger, 'info' | 'warn'>,
  ) {}

  /** Removes those that nobody names, as far as there is time for, and those that the store will not let go aside. @returns how many were removed */
  async remove(digests: readonly string[]): Promise<number> {
    let removed = 0;
    for (let start = 0; start < digests.length; start += AT_ONCE)
      removed += await this.removeBatch(digests.slice(start, start + AT_ONCE));
    return removed;
  }

  /**
   * Goes through the whole store and removes what nobody names. Content that was put within the grace period stays: whoever put it may be about
   * to name it. What is put again counts as new.
   * @returns how many were removed
   */
  async sweep(now: Date): Promise<number> {
    const before = now.getTime() - this.config.artifactSweep.graceMs;
    let removed = 0;
    let batch: string[] = [];
    for await (const { digest, storedAt } of this.store.list()) {
      if (storedAt.getTime() < before) batch.push(digest);
      if (batch.length < AT_ONCE) continue;
      removed += await this.remove(batch);
      batch = [];
    }
    removed += await this.remove(batch);
    if (removed > 0) this.logger.info({ removed }, 'content that nobody names was removed');
    return removed;
  }

  private async removeBatch(digests: readonly string[]): Promise<number> {
    return await this.database.change(async (tx) => {
      const until = Date.now() + REMOVING_MS;
      let removed = 0;
      for (const digest of await lockUnnamed(tx, digests)) {
        if (Date.now() > until) break;
        if (await this.isRemoved(digest)) removed += 1;
      }
      return removed;
    });
  }

  /** One file that cannot be removed must not keep all that come after it: each sweep begins with the same ones. */
  private async isRemoved(digest: string): Promise<boolean> {
    try {
      return await this.store.remove(digest);
    } catch (error) {
      this.logger.warn({ err: error, digest }, 'content that nobody names cannot be removed');
      return false;
    }
  }
}
