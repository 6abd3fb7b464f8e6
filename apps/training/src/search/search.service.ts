import type { AlgorithmName, Search as SearchTerms, TrainingWarning } from '@gimbal/contracts';
import { createSearch, type Fold, LearningError, type Search, type Trial, type TrialRecord } from '@gimbal/learning';
import { Injectable } from '@nestjs/common';
import type { ClaimedRun } from '../execution/claimed-run.js';
import { kernelName } from '../learning-workers/kernel-name.js';
import { WorkerPool } from '../learning-workers/worker-pool.js';
import type { RunWatch } from '../pipeline/run-watch.js';
import type { Competitor } from '../pipeline/select-candidate.js';
import { type PlannedSearch, planSearch, scoreOf, settingsOf, shareOf } from './plan-search.js';
import type { FoldGround } from './plan-share.js';
import type { StoredSearch } from './stored-search.js';

/** One trial that has ended. */
interface EndedTrial extends Pick<TrialRecord, 'id' | 'rung' | 'status' | 'score' | 'resource'> {
  readonly algorithm: AlgorithmName;
  readonly hyperparameters: Readonly<Record<string, unknown>>;
}

/** What is searched for and on which rows. */
export interface SearchRequest {
  /** Null: nothing is searched for. */
  readonly search: SearchTerms | null;
  /** One for each family, named by it; what is set for a family stays set where its space does not name it. */
  readonly competitors: readonly Competitor[];
  readonly ground: FoldGround;
}

/** What a search came to. */
export interface SearchResult {
  /** The best setting of each family. */
  readonly tuned: readonly Competitor[];
  readonly trials: readonly EndedTrial[];
  /** What the trials were scored by. */
  readonly metric: string;
  readonly warnings: readonly TrainingWarning[];
  /** For the rest of the stage: what is done of it comes after what the search has done. */
  readonly watch: Pick<RunWatch, 'advance' | 'signal'>;
}

interface Family extends PlannedSearch {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly search: Search;
}

/**
 * Trials of a family under way at once. Fixed, whatever the number of workers: what is tried next depends on what is known, so that only
 * so the same seed gives the same result everywhere.
 */
const AT_ONCE = 4;
/** The state is written down at most so often while trials go on; a trial lost with its process is run again, to the same score. */
const STORE_MS = 1_000;
const MINUTE_MS = 60_000;
/** Of the stage in which families are cross-validated. */
const SEARCH_SHARE = 0.9;

/** The time ran out before the trial began. */
class BudgetSpentError extends Error {}

/** Looks for better hyperparameters, trial by trial. */
@Injectable()
export class SearchService {
  constructor(private readonly pool: WorkerPool) {}

  /**
   * Searches every family that competes and has a space. Trials are cross-validated on the rows and folds on which families compete later,
   * each in one worker thread. A trial that the kernel refuses ranks last. Goes on where an attempt before stopped.
   * @throws WorkerLostError, the reason of the watch's signal
   */
  async search(
    run: Pick<ClaimedRun, 'search'>,
    { search, competitors, ground }: SearchRequest,
    watch: RunWatch,
  ): Promise<SearchResult> {
    const { metric } = scoreOf(ground.dataset.task);
    const none: SearchResult = { tuned: [], trials: [], metric, warnings: [], watch };
    if (!search) return none;
    const settings = new Map(competitors.map(({ algorithm, hyperparameters }) => [algorithm, hyperparameters]));
    const families = planSearch(search, settings, ground).map((planned) => ({
      ...planned,
      settings: settings.get(planned.algorithm) ?? {},
      search: resume(planned, run.search),
    }));
    const reason = whyNot(ground, families);
    if (reason) return { ...none, warnings: [warnSkipped(reason)] };
    const budgetMs = search.minutes === undefined ? Number.POSITIVE_INFINITY : search.minutes * MINUTE_MS;
    const time = { spentMs: run.search?.spentMs ?? 0, budgetMs };
    await new Hunt({ pool: this.pool, families, ground, watch }, time).run();
    return {
      ...{ tuned: families.flatMap(bestOf), trials: families.flatMap(endedTrials), metric },
      warnings: families.flatMap((family) => [...warnOfFailure(family), ...warnOfWhole(family, search)]),
      watch: {
        signal: watch.signal,
        advance: (share) => watch.advance(SEARCH_SHARE + (1 - SEARCH_SHARE) * share),
      },
    };
  }
}

function whyNot({ dataset: { task, target }, trainRows }: FoldGround, families: readonly Family[]): string | null {
  if (families.length === 0) return 'none of the families that have a space competes.';
  const isLabelled = trainRows.some((row) => target[row] !== target[trainRows[0] ?? 0]);
  return task === 'anomaly-detection' && !isLabelled ? 'without labels no score tells which setting is better.' : null;
}

/** @param reason a sentence without its beginning */
export const warnSkipped = (reason: string): TrainingWarning => ({
  ...{ code: 'search-skipped', column: null },
  message: `Nothing was searched for: ${reason}`,
});

/** Goes on where another attempt stopped; begins anew when the configuration has changed since. */
function resume({ algorithm, options }: PlannedSearch, stored: StoredSearch | null): Search {
  const state = stored?.families[algorithm];
  const isSame = JSON.stringify(state?.options) === JSON.stringify(options);
  return state && isSame ? createSearch(options, state) : createSearch(options);
}

function bestOf({ algorithm, settings, search: { best } }: Family): Competitor[] {
  if (!best) return [];
  // The whole resource: it was a trial's only.
  const hyperparameters = settingsOf(algorithm, settings, { values: best.values, resource: null });
  return [{ id: `${algorithm}-tuned`, algorithm, hyperparameters }];
}

function warnOfFailure({ algorithm, search: { best, state } }: Family): TrainingWarning[] {
  if (best || state.trials.length === 0) return [];
  const message = `None of ${state.trials.length} trials of ${algorithm} could be scored: it competes as it was configured.`;
  return [{ code: 'search-failed', column: null, message }];
}

function warnOfWhole({ algorithm, options }: Family, { method, resource = 'rows' }: SearchTerms): TrainingWarning[] {
  if (method !== 'halving' || options.halving) return [];
  const message = `There are too few ${resource} to halve: every trial of ${algorithm} had the whole.`;
  return [{ code: 'search-not-halved', column: null, message }];
}

function endedTrials({ algorithm, settings, search: { state } }: Family): EndedTrial[] {
  return state.trials
    .filter(({ status }) => status !== 'running')
    .map((trial) => ({
      ...{ algorithm, id: trial.id, rung: trial.rung, status: trial.status, score: trial.score },
      resource: trial.resource,
      hyperparameters: settingsOf(algorithm, settings, trial),
    }));
}

interface HuntGround {
  readonly pool: WorkerPool;
  readonly families: readonly Family[];
  readonly ground: FoldGround;
  readonly watch: RunWatch;
}

/** The trials of one attempt. */
class Hunt {
  /** By the share of the rows that they are planned over. */
  private readonly folds = new Map<number, Promise<readonly Fold[]>>();
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
    this.ended = hunt.families.flatMap(endedTrials).length;
    this.all = hunt.families.reduce((sum, { search }) => sum + search.trialCount, 0);
  }

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
    const { pool, ground, watch } = this.hunt;
    const waiting = new AbortController();
    const giveUp = (): void => waiting.abort(this.late.signal.reason);
    if (this.late.signal.aborted) return;
    this.late.signal.addEventListener('abort', giveUp, { once: true });
    const { dataset, seed } = ground;
    const candidate = {
      id: `${algorithm}-${trial.id}`,
      algorithm: kernelName(algorithm),
      hyperparameters: settingsOf(algorithm, settings, trial),
    };
    try {
      const folds = await this.foldsOf(trial);
      const score = await pool.run(
        { kind: 'trial', dataset, folds, candidate, seed },
        {
          signal: AbortSignal.any([watch.signal, waiting.signal]),
          onStart: () => this.late.signal.removeEventListener('abort', giveUp),
          onProgress: (done) => this.advance(trial, done),
        },
      );
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

  private foldsOf(trial: Trial): Promise<readonly Fold[]> {
    const { pool, ground, watch } = this.hunt;
    const share = shareOf(trial);
    const folds = this.folds.get(share) ?? pool.run({ kind: 'plan-folds', ...ground, share }, { signal: watch.signal });
    this.folds.set(share, folds);
    return folds;
  }

  private advance(trial?: Trial, done = 0): void {
    if (trial) this.underWay.set(trial, done);
    const ended = [...this.underWay.values()].reduce((sum, share) => sum + share, this.ended);
    const share = Math.max(ended / this.all, this.spentMs() / this.time.budgetMs);
    this.hunt.watch.advance(SEARCH_SHARE * Math.min(1, share));
  }

  private spentMs(): number {
    return this.time.spentMs + performance.now() - this.began;
  }

  private async store(): Promise<void> {
    this.storedAt = performance.now();
    const families = this.hunt.families.map(({ algorithm, search }) => [algorithm, search.state] as const);
    await this.hunt.watch.note({
      search: { v: 1, spentMs: Math.round(this.spentMs()), families: Object.fromEntries(families) },
    });
  }
}
