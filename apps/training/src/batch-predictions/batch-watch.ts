import type { Prisma } from '@gimbal/db';
import { ClaimLostError } from '../execution/run-claim.service.js';
import type { BatchClaims } from './batch-claims.js';
import type { ClaimedBatch } from './batch-request.js';

/** Somebody asked to stop it. */
export class BatchCancelledError extends Error {
  constructor() {
    super('The batch prediction was cancelled.');
    this.name = 'BatchCancelledError';
  }
}

/** Also how soon a wish to cancel is seen. */
const BEAT_MS = 400;

/** Keeps the row in step with an attempt: sign of life, progress; and the attempt with the row: cancelled, taken over. */
export class BatchWatch {
  private readonly control = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private beating: Promise<void> = Promise.resolve();
  /** Writes that are under way or wait for their turn. */
  private writes = 0;
  private beatAtMs = performance.now();
  private told: string | null;

  /** @param outside aborts when the service ends */
  constructor(
    private readonly batch: ClaimedBatch,
    private readonly claims: Pick<BatchClaims, 'beat'>,
    private readonly outside: AbortSignal,
    private readonly leaseMs: number,
  ) {
    this.told = batch.waitingFor;
    this.timer = setInterval(this.showLife, BEAT_MS);
    outside.addEventListener('abort', this.stop, { once: true });
    if (outside.aborted) this.stop();
  }

  /** Aborts when the attempt must end; the reason says why. */
  get signal(): AbortSignal {
    return this.control.signal;
  }

  /** Writes down what is new; one write after the other. */
  write(change?: Prisma.BatchPredictionUpdateManyMutationInput): Promise<void> {
    this.writes += 1;
    const turn = this.beating
      .catch(() => undefined) // told to whoever wrote before
      .then(() => this.beat(change))
      .finally(() => {
        this.writes -= 1;
      });
    this.beating = turn;
    return turn;
  }

  /** Says what the work waits for; null: for nothing any more. */
  async tellWaiting(reason: string | null): Promise<void> {
    if (reason === this.told) return;
    this.told = reason;
    await this.write({ waitingFor: reason }).catch(() => undefined); // only told: the work does not depend on it
  }

  /** Ends the attempt with all that still goes on for it, and the signs of life; what is being written is waited for. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    this.outside.removeEventListener('abort', this.stop);
    this.control.abort(new Error('The attempt is over.'));
    await this.beating.catch(() => undefined); // the attempt has ended, however that was
  }

  private readonly stop = (): void => this.control.abort(this.outside.reason);

  /** A database that is slow to answer is not asked a second time meanwhile. */
  private readonly showLife = (): void => {
    if (this.writes === 0) void this.write().catch(() => undefined); // `beat` has judged it
  };

  private async beat(change: Prisma.BatchPredictionUpdateManyMutationInput | undefined): Promise<void> {
    try {
      const { isCancelled } = await this.claims.beat(this.batch, change);
      this.beatAtMs = performance.now();
      if (isCancelled) this.control.abort(new BatchCancelledError());
    } catch (error) {
      // Silent for a whole lease: somebody else may have begun, so this attempt must not go on.
      const isOverdue = performance.now() - this.beatAtMs > this.leaseMs;
      if (error instanceof ClaimLostError || isOverdue) this.control.abort(error);
      throw error;
    }
  }
}
