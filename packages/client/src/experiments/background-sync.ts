import { setTimeout as sleep } from 'node:timers/promises';
import type { SyncReport } from './sync-runs.js';

/** Entries of a moment travel together. */
const GATHER_MS = 200;
const PAUSE_MS_MIN = 1_000;
const PAUSE_MS_MAX = 60_000;

/** Calls `sync` soon after something was logged, and after growing pauses while the gateway is away; never twice at a time. */
export class BackgroundSync {
  private running: Promise<SyncReport> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private failures = 0;

  /** @param mode `manual`: only {@link now} sends */
  constructor(
    private readonly sync: () => Promise<SyncReport>,
    private mode: 'automatic' | 'manual',
  ) {}

  /** Something is there to be sent. The timer does not keep a program alive: what is on disk can be sent by the next one. */
  poke(): void {
    if (this.mode === 'manual') return;
    this.timer ??= setTimeout(() => void this.now().catch(warn), this.pauseMs()).unref();
  }

  /** Sends now, after what is being sent already. */
  async now(): Promise<SyncReport> {
    clearTimeout(this.timer);
    this.timer = undefined;
    await this.running?.catch(() => undefined);
    this.running ??= this.attempt();
    return await this.running;
  }

  /** As {@link now}, but for no longer than `timeoutMs`; undefined when that was not enough. */
  async within(timeoutMs: number): Promise<SyncReport | undefined> {
    const stop = new AbortController();
    const late = sleep(timeoutMs, undefined, { signal: stop.signal, ref: true }).catch(() => undefined);
    try {
      return await Promise.race([this.now(), late]);
    } finally {
      stop.abort();
    }
  }

  stop(): void {
    this.mode = 'manual';
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private async attempt(): Promise<SyncReport> {
    try {
      const report = await this.sync();
      this.failures = report.stoppedBy ? this.failures + 1 : 0;
      if (report.stoppedBy) this.poke();
      return report;
    } finally {
      this.running = undefined;
    }
  }

  /** Doubles with each failure; half of it is drawn, so that many clients do not come back together. */
  private pauseMs(): number {
    if (this.failures === 0) return GATHER_MS;
    const pause = Math.min(PAUSE_MS_MAX, PAUSE_MS_MIN * 2 ** (this.failures - 1));
    return pause / 2 + (Math.random() * pause) / 2;
  }
}

/** Nobody waits for what is done in the background. */
const warn = (error: unknown): void =>
  process.emitWarning(`Runs cannot be sent: ${String(error)}`, { type: 'GimbalWarning', code: 'GIMBAL_SYNC_STOPPED' });
