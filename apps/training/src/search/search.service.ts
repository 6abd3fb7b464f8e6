import type { Search as SearchTerms, TrainingWarning } from '@gimbal/contracts';
import { createSearch, type Search } from '@gimbal/learning';
import { LOGGER, type Logger } from '@gimbal/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { ClaimedRun } from '../execution/claimed-run.js';
import { type ChildEntry, ExperimentWriter, type TrainingEntry } from '../experiments/experiment-writer.service.js';
import { snakeCase } from '../pipeline/primary-score.js';
import type { RunWatch } from '../pipeline/run-watch.js';
import type { Competitor } from '../pipeline/select-candidate.js';
import { type Family, Hunt } from './hunt.js';
import { listTrials } from './list-trials.js';
import { type PlannedSearch, planSearch, scoreOf, settingsOf } from './plan-search.js';
import { showProgress } from './show-progress.js';
import type { StoredSearch } from './stored-search.js';
import type { TrialGround } from './trial-ground.js';
import { TrialRecorder } from './trial-recorder.js';

/** What is searched for and on what. */
export interface SearchRequest {
  /** Null: nothing is searched for. */
  readonly search: SearchTerms | null;
  /** One for each family, named by it; what is set for a family stays set where its space does not name it. */
  readonly competitors: readonly Competitor[];
  readonly ground: TrialGround;
  /** Where in the registry the training is written. */
  readonly record: Pick<TrainingEntry, 'experiment' | 'dataOrigin' | 'datasetDigest'>;
}

/** What a search came to. */
export interface SearchResult {
  /** The best setting of each family. */
  readonly tuned: readonly Competitor[];
  /** Settings that were tried. */
  readonly trialCount: number;
  /** Trials that the registry did not take while the search went on. */
  readonly trials: readonly ChildEntry[];
  readonly warnings: readonly TrainingWarning[];
  /** For the rest of the stage: what is done of it comes after what the search has done. */
  readonly watch: Pick<RunWatch, 'advance' | 'signal'>;
}

const MINUTE_MS = 60_000;
/** Of the stage in which families are cross-validated. */
const SEARCH_SHARE = 0.9;

type SearchingRun = Pick<ClaimedRun, 'id' | 'modelName' | 'request' | 'search'>;

/** Looks for better hyperparameters, trial by trial. */
@Injectable()
export class SearchService {
  constructor(
    private readonly writer: ExperimentWriter,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Searches every family that competes and has a space. Each trial is cross-validated in one worker thread, and written into the registry
   * as it ends. One that the kernel refuses ranks last. Goes on where an attempt before stopped.
   * @throws WorkerLostError, the reason of the watch's signal
   */
  async search(run: SearchingRun, request: SearchRequest, watch: RunWatch): Promise<SearchResult> {
    const { search, ground } = request;
    const none: SearchResult = { tuned: [], trialCount: 0, trials: [], warnings: [], watch };
    if (!search) return none;
    const families = planFamilies(run, search, request);
    const reason = families.length === 0 ? 'none of the families that have a space competes.' : ground.obstacle;
    if (reason) return { ...none, warnings: [warnSkipped(reason)] };
    const trials = await this.hunt(run, families, { ...request, search }, watch);
    return {
      ...{ tuned: families.flatMap(bestOf), trialCount: trials.all, trials: trials.left },
      warnings: families.flatMap((family) => [...warnOfFailure(family), ...warnOfWhole(family, search)]),
      watch: {
        signal: watch.signal,
        advance: (share) => watch.advance(SEARCH_SHARE + (1 - SEARCH_SHARE) * share),
      },
    };
  }

  private async hunt(
    run: SearchingRun,
    families: readonly Family[],
    { search, ground, record: place }: SearchRequest & { readonly search: SearchTerms },
    watch: RunWatch,
  ): Promise<{ readonly all: number; readonly left: readonly ChildEntry[] }> {
    const record = { ...place, seed: ground.seed };
    const recorder = new TrialRecorder({
      writer: this.writer,
      entry: { run, ...record },
      signal: watch.signal,
      onRefused: (error) => this.logger.warn({ err: error, training_run_id: run.id }, 'trials are written later'),
    });
    let spentMs = run.search?.spentMs ?? 0;
    const budgetMs = search.minutes === undefined ? Number.POSITIVE_INFINITY : search.minutes * MINUTE_MS;
    const store = async (now: number): Promise<void> => {
      spentMs = now;
      const stored = describeSearch(families, { record, ground, spentMs });
      await watch.note({ search: stored });
      recorder.note(listTrials(stored, 'goes-on'));
    };
    const advance = (share: number): void => watch.advance(SEARCH_SHARE * share);
    await new Hunt({ families, ground, store, watch: { signal: watch.signal, advance } }, { spentMs, budgetMs }).run();
    const trials = listTrials(describeSearch(families, { record, ground, spentMs }), 'is-over');
    return { all: trials.length, left: await recorder.close(trials) };
  }
}

function planFamilies(run: SearchingRun, search: SearchTerms, { competitors, ground }: SearchRequest): Family[] {
  const settings = new Map(competitors.map(({ algorithm, hyperparameters }) => [algorithm, hyperparameters]));
  return planSearch(search, settings, ground).map((planned) => {
    const own = settings.get(planned.algorithm) ?? {};
    return { algorithm: planned.algorithm, settings: own, search: resume(planned, own, run.search) };
  });
}

function describeSearch(
  families: readonly Family[],
  { record, ground, spentMs }: Pick<StoredSearch, 'record' | 'spentMs'> & { readonly ground: TrialGround },
): StoredSearch {
  const { metric, direction: better } = scoreOf(ground.task);
  return {
    ...{ v: 2, spentMs, record },
    progress: showProgress(families, { metric: snakeCase(metric), better, spentMs }),
    families: Object.fromEntries(families.map(({ algorithm, search }) => [algorithm, search.state])),
    settings: Object.fromEntries(families.map(({ algorithm, settings }) => [algorithm, settings])),
  };
}

/** @param reason a sentence without its beginning */
const warnSkipped = (reason: string): TrainingWarning => ({
  ...{ code: 'search-skipped', column: null },
  message: `Nothing was searched for: ${reason}`,
});

/** Goes on where another attempt stopped; begins anew when the configuration has changed since. */
function resume({ algorithm, options }: PlannedSearch, settings: object, stored: StoredSearch | null): Search {
  const state = stored?.families[algorithm];
  const isSame = JSON.stringify([state?.options, stored?.settings[algorithm]]) === JSON.stringify([options, settings]);
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

function warnOfWhole({ algorithm, search }: Family, { method, resource = 'rows' }: SearchTerms): TrainingWarning[] {
  if (method !== 'halving' || search.state.options.halving) return [];
  const message = `There are too few ${resource} to halve: every trial of ${algorithm} had the whole.`;
  return [{ code: 'search-not-halved', column: null, message }];
}
