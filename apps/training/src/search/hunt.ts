import type { AlgorithmName } from '@gimbal/contracts';
import { LearningError, type Search, type Trial } from '@gimbal/learning';
import { kernelName } from '../learning-workers/kernel-name.js';
import type { RunWatch } from '../pipeline/run-watch.js';
import { settingsOf, shareOf } from './plan-search.js';
import type { TrialGround } from './trial-ground.js';

/** The search of one family. */
export interface Family {
  readonly algorithm: AlgorithmName;
  /** What is set beside what is searched. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly search: Search;
}

/** What an attempt goes through. */
interface HuntGround {
  readonly families: readonly Family[];
  readonly ground: TrialGround;
  readonly watch: Pick<RunWatch, 'advance' | 'signal'>;
  /** Writes down what is known, with the milliseconds that trials have taken, over all attempts. */
  readonly store: (spentMs: number) => Promise<void>;
}

/**
 * Trials of a family under way at once. Fixed, whatever the number of workers: what is tried next depends on what is known, so that only
 * so the same seed gives the same result everywhere.
 */
const AT_ONCE = 4;
/** The state is written down at most so often while trials go on; a trial lost with its process is run again, to the same score. */
const STORE_MS = 1_000;

/** The time ran out before the trial began. */
class BudgetSpentError extends Error {}

/** The trials of one attempt. */
export class Hunt {
  private readonly began = performance.now();
  private readonly late = new AbortController();
  /** Share done of each trial under way. */
  private readonly underWay = new Map<Trial, number>();
  private storedAt = Number.NEGATIVE_INFINITY;
  private ended: number;
  private readonly all: number;

  constructor(
    private readonly hunt: HuntGround,
    private readonly time: { readonly spentMs: number; readonly budgetMs: number },
  ) {
    const trials = hunt.families.flatMap(({ search }) => search.state.trials);
    this.ended = trials.filter(({ status }) => status !== 'running').length;
    this.all = hunt.families.reduce((sum, { search }) => sum + search.trialCount, 0);
  }

  /** @throws WorkerLostError, the reason of the watch's signal */
  async run(): Promise<void> {
    const { families, watch } = this.hunt;
    const left = this.time.budgetMs - this.time.spentMs;
    const stop = (): void => this.late.abort(new BudgetSpentError());
    if (left <= 0) stop();
    const timer = Number.isFinite(left) ? setTimeout(stop, Math.max(0, left)) : undefined;
    try {
      while (!this.late.signal.aborted) {
        const round = families.flatMap((family) => this.ask(family).map((trial) => ({ family, trial })));
        if (round.length === 0) break;
        await this.runRound(round);
      }
    } finally {
      clearTimeout(timer);
    }
    await this.store();
    watch.signal.throwIfAborted();
  }

  /** What another attempt had under way is finished before anything new is chosen, as it would have been. */
  private ask({ search }: Family): Trial[] {
    const lost = search.state.trials.filter(({ status }) => status === 'running').length;
    return search.ask(lost > 0 ? lost : AT_ONCE);
  }

  /** Waits for all of them, so that nothing goes on behind a failure. */
  private async runRound(round: readonly { readonly family: Family; readonly trial: Trial }[]): Promise<void> {
    const ends = await Promise.allSettled(round.map(({ family, trial }) => this.runTrial(family, trial)));
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  }

  private async runTrial({ algorithm, settings, search }: Family, trial: Trial): Promise<void> {
    const { ground, watch } = this.hunt;
    const waiting = new AbortController();
    const giveUp = (): void => waiting.abort(this.late.signal.reason);
    if (this.late.signal.aborted) return;
    this.late.signal.addEventListener('abort', giveUp, { once: true });
    const candidate = {
      id: `${algorithm}-${trial.id}`,
      algorithm: kernelName(algorithm),
      hyperparameters: settingsOf(algorithm, settings, trial),
    };
    try {
      const score = await ground.run(candidate, shareOf(trial), {
        signal: AbortSignal.any([watch.signal, waiting.signal]),
        onStart: () => this.late.signal.removeEventListener('abort', giveUp),
        onProgress: (done) => this.advance(trial, done),
      });
      search.tell(trial.id, score);
    } catch (error) {
      if (error instanceof BudgetSpentError) return;
      if (watch.signal.aborted || !(error instanceof LearningError)) throw error;
      search.tell(trial.id, null);
    } finally {
      this.late.signal.removeEventListener('abort', giveUp);
      this.underWay.delete(trial);
    }
    this.ended++;
    this.advance();
    if (performance.now() - this.storedAt >= STORE_MS) await this.store();
  }

  private advance(trial?: Trial, done = 0): void {
    if (trial) this.underWay.set(trial, done);
    const ended = [...this.underWay.values()].reduce((sum, share) => sum + share, this.ended);
    const share = Math.max(ended / this.all, this.spentMs() / this.time.budgetMs);
    this.hunt.watch.advance(Math.min(1, share));
  }

  private spentMs(): number {
    return Math.round(this.time.spentMs + performance.now() - this.began);
  }

  private async store(): Promise<void> {
    this.storedAt = performance.now();
    await this.hunt.store(this.spentMs());
  }
}
