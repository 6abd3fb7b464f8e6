import type { Role } from '@gimbal/contracts';
import { LOGGER, type Logger } from '@gimbal/platform';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { withDeadline } from '../timing/with-deadline.js';
import { type ActiveKey, ApiKeyRepository } from './api-key.repository.js';
import { hashSecret, keyIdOf } from './api-key-secret.js';
import type { BootstrapKey } from './bootstrap-keys.js';

/** A key that opens the door now. */
export interface KnownKey {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly Role[];
  /** Milliseconds since 1970; null: never. */
  readonly expiresAt: number | null;
  readonly origin: 'environment' | 'api';
  /** From where it was last used: an address that guesses may go on using the keys it has. */
  lastAddress: string | null;
}

export interface KeyRingOptions {
  readonly bootstrapKeys: readonly BootstrapKey[];
  readonly refreshMs: number;
  readonly stalenessMaxMs: number;
}
export const KEY_RING_OPTIONS = Symbol('gateway:key-ring-options');

/** Everything is read again at least this often: changes made by hand in SQL do not move the mark. */
const FULL_REFRESH_MS = 60_000;
const USE_FLUSH_MS = 60_000;
/** An unknown key asks the database at most this often, however many unknown keys are tried. */
const MISS_REFRESH_MS = 500;
/** PostgreSQL counts as away when it does not answer within this. */
const LOOK_MS = 2_000;

/**
 * All keys that are valid now, in memory, so that a request never waits for PostgreSQL.
 *
 * A key revoked here ends at once; one revoked through another gateway ends with the next look, `API_KEY_REFRESH` later. While PostgreSQL
 * can't be asked, known keys stay valid for at most `API_KEY_STALENESS_MAX`; keys of the environment always.
 */
@Injectable()
export class KeyRing implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly environment: ReadonlyMap<string, KnownKey>;
  private managed = new Map<string, KnownKey>();
  private mark: string | null = null;
  private loadedAt = Number.NEGATIVE_INFINITY;
  private askedAt = Number.NEGATIVE_INFINITY;
  private trustedUntil = Number.NEGATIVE_INFINITY;
  private lastLookFailed = false;
  private changes = 0;
  private looking: Promise<void> | null = null;
  private readonly used = new Set<string>();
  private readonly timers: NodeJS.Timeout[] = [];

  constructor(
    private readonly repository: ApiKeyRepository,
    @Inject(KEY_RING_OPTIONS) private readonly options: KeyRingOptions,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.environment = new Map(options.bootstrapKeys.map((key) => [key.hash, environmentKey(key)]));
  }

  async onApplicationBootstrap(): Promise<void> {
    this.every(this.options.refreshMs, () => this.refresh());
    this.every(USE_FLUSH_MS, () => this.flushUse());
    await this.refresh();
  }

  async onModuleDestroy(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    await this.flushUse();
  }

  /** The key of a secret, if it opens the door now. Asks nobody. */
  find(secret: string): KnownKey | undefined {
    return this.findByDigest(hashSecret(secret));
  }

  /** The same by what {@link hashSecret} makes of it. */
  findByDigest(digest: string): KnownKey | undefined {
    const key = this.environment.get(digest) ?? (this.isUsable() ? this.managed.get(digest) : undefined);
    if (!key || (key.expiresAt !== null && key.expiresAt <= Date.now())) return undefined;
    if (key.origin === 'api') this.used.add(key.id);
    return key;
  }

  /** The same, after looking whether another gateway made the key just now. */
  async findAfterLooking(secret: string): Promise<KnownKey | undefined> {
    if (performance.now() - this.askedAt >= MISS_REFRESH_MS || this.looking) await this.refresh();
    return this.find(secret);
  }

  /** True while an unknown key may be one that PostgreSQL would know. */
  get isBlind(): boolean {
    return this.lastLookFailed;
  }

  /** True while a stream that this key opened may go on. */
  isValid(keyId: string): boolean {
    const isKey = (key: KnownKey) => key.id === keyId && (key.expiresAt === null || key.expiresAt > Date.now());
    return this.environmentKeys.some(isKey) || (this.isUsable() && [...this.managed.values()].some(isKey));
  }

  /** Keys of the environment, in their order. */
  get environmentKeys(): readonly KnownKey[] {
    return [...this.environment.values()];
  }

  /** Ends a key at once. */
  forget(keyId: string): void {
    this.changes += 1;
    for (const [digest, key] of this.managed) if (key.id === keyId) this.managed.delete(digest);
  }

  /** Opens the door to a new key at once. */
  remember(key: ActiveKey): void {
    this.changes += 1;
    this.managed.set(key.hash, managedKey(key));
  }

  /** Looks at the database once for all who ask meanwhile. Never rejects: what is known stays known. */
  refresh(): Promise<void> {
    this.looking ??= this.look().finally(() => {
      this.looking = null;
    });
    return this.looking;
  }

  private async look(): Promise<void> {
    this.askedAt = performance.now();
    try {
      await withDeadline(this.read(), LOOK_MS, 'PostgreSQL');
      this.trustedUntil = performance.now() + this.options.stalenessMaxMs;
      if (this.lastLookFailed) this.logger.info('API keys can be read again');
      this.lastLookFailed = false;
    } catch (error) {
      if (!this.lastLookFailed) this.logger.warn({ err: error }, 'API keys cannot be read; known keys stay valid');
      this.lastLookFailed = true;
    }
  }

  private async read(): Promise<void> {
    const { changes } = this;
    const mark = await this.repository.mark();
    if (mark === this.mark && performance.now() - this.loadedAt < FULL_REFRESH_MS) return;
    const keys = await this.repository.active();
    // What this process changed meanwhile is newer than what was read: the next look reads it.
    if (changes !== this.changes) this.mark = null;
    else this.replace(keys, mark);
  }

  private isUsable(): boolean {
    return performance.now() < this.trustedUntil;
  }

  private replace(keys: readonly ActiveKey[], mark: string): void {
    const before = this.managed;
    this.managed = new Map(
      keys.map((key) => [key.hash, { ...managedKey(key), lastAddress: before.get(key.hash)?.lastAddress ?? null }]),
    );
    this.mark = mark;
    this.loadedAt = performance.now();
  }

  private async flushUse(): Promise<void> {
    if (this.used.size === 0) return;
    const ids = [...this.used];
    this.used.clear();
    // A time of use that is lost hurts nobody; PostgreSQL being away is logged by the refresh.
    await this.repository.markUsed(ids, new Date()).catch(() => undefined);
  }

  private every(milliseconds: number, work: () => Promise<void>): void {
    this.timers.push(setInterval(() => void work(), milliseconds).unref());
  }
}

const environmentKey = ({ name, hash, roles }: BootstrapKey): KnownKey => ({
  id: keyIdOf(hash),
  name,
  roles,
  expiresAt: null,
  origin: 'environment',
  lastAddress: null,
});

const managedKey = ({ id, name, roles, expiresAt }: ActiveKey): KnownKey => ({
  id,
  name,
  roles,
  expiresAt: expiresAt?.getTime() ?? null,
  origin: 'api',
  lastAddress: null,
});
