import type { RunFacts, RunWatch, Stage } from '../pipeline/run-watch.js';
import type { ClaimedRun } from './claimed-run.js';
import { ClaimLostError, type RunClaimService } from './run-claim.service.js';

/** Somebody asked to stop the run. */
export class RunCancelledError extends Error {
  constructor() {
    super('The training run was cancelled.');
    this.name = 'RunCancelledError';
  }
}

/** Share of the whole run at which each stage begins; the weights are those of a run on a thousand rows. */
const BEGINS: Readonly<Record<Stage, number>> = {
  queued: 0,
  'loading-data': 0,
  'validating-data': 0.05,
  'cross-validating': 0.08,
  fitting: 0.7,
  exporting: 0.8,
  evaluating: 0.84,
  registering: 0.9,
  promoting: 0.97,
  done: 1,
};
const ENDS = (stage: Stage): number => Math.min(...Object.values(BEGINS).filter((at) => at > BEGINS[stage]), 1);

/** Also how soon a wish to cancel is seen. */
const BEAT_MS = 400;
/** Progress alone is written at most so often. */
const PROGRESS_MS = 1_000;

/** Keeps the row of a run in step with an attempt: sign of life, stage, progress; and the attempt with the row: cancelled, taken over. */
export class AttemptWatch implements RunWatch {
  private readonly control = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private stage: Stage = 'loading-data';
  private progress = 0;
  private written = 0;
  private writtenAt = Number.NEGATIVE_INFINITY;
  private beating: Promise<void> = Promise.resolve();
  private lastBeat = performance.now();

  /** @param outside aborts when the service ends */
  constructor(
    private readonly run: ClaimedRun,
    private readonly claims: RunClaimService,
    private readonly outside: AbortSignal,
    private readonly leaseMs: number,
  ) {
    this.timer = setInterval(() => void this.beat({}).catch(() => undefined), BEAT_MS);
    outside.addEventListener('abort', this.stop, { once: true });
    if (outside.aborted) this.stop();
  }

  get signal(): AbortSignal {
    return this.control.signal;
  }

  async enter(stage: Stage): Promise<void> {
    this.signal.throwIfAborted();
    this.stage = stage;
    this.raise(BEGINS[stage]);
    await this.beat({ stage });
    this.signal.throwIfAborted();
  }

  advance(share: number): void {
    const from = BEGINS[this.stage];
    this.raise(from + (ENDS(this.stage) - from) * Math.min(1, Math.max(0, share)));
  }

  async note(facts: RunFacts): Promise<void> {
    this.signal.throwIfAborted();
    await this.beat({ facts });
    this.signal.throwIfAborted();
  }

  /** Ends the signs of life; what is being written is waited for. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    this.outside.removeEventListener('abort', this.stop);
    await this.beating.catch(() => undefined);
  }

  private readonly stop = (): void => this.control.abort(this.outside.reason);

  private raise(progress: number): void {
    this.progress = Math.max(this.progress, progress);
  }

  /** One write after the other, so that an older one never lands on a newer one. */
  private beat(change: { readonly stage?: Stage; readonly facts?: RunFacts }): Promise<void> {
    const turn = this.beating.catch(() => undefined).then(() => this.write(change));
    this.beating = turn;
    return turn;
  }

  private async write(change: { readonly stage?: Stage; readonly facts?: RunFacts }): Promise<void> {
    const isDue = change.stage !== undefined || performance.now() - this.writtenAt >= PROGRESS_MS;
    const progress = isDue && this.progress > this.written ? { progress: this.progress } : {};
    try {
      const { isCancelled } = await this.claims.beat(this.run, { ...change, ...progress });
      if (progress.progress !== undefined) {
        this.written = progress.progress;
        this.writtenAt = performance.now();
      }
      this.lastBeat = performance.now();
      if (isCancelled) this.control.abort(new RunCancelledError());
    } catch (error) {
      // Silent for a whole lease: somebody else may have begun, so this attempt must not go on.
      if (error instanceof ClaimLostError || performance.now() - this.lastBeat >= this.leaseMs)
        this.control.abort(error instanceof ClaimLostError ? error : new ClaimLostError());
      throw error;
    }
  }
}
