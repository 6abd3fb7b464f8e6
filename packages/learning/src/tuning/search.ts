import { LearningError } from '../learning-error.js';
import { createRandom, deriveSeed, shuffle } from '../random/random.js';
import { planRounds, type Rung } from './plan-rungs.js';
import { type Observation, proposeByParzen, proposeRandom, type TrialValues } from './propose-trial.js';
import { lossOf, rankTrials } from './rank-trials.js';
import { countPoints, pointAt } from './search-space.js';
import type { SearchOptions, SearchState, Trial, TrialRecord } from './search-state.js';

/** A search by asking and telling: whoever runs the trials decides when, where and how many at once. */
export interface Search {
  /**
   * The next trials, at most `count` (default 1); fewer when the budget is spent or a round must end first. After a resumption those that
   * were running come first.
   */
  ask(count?: number): Trial[];
  /**
   * @param score finite; null when the trial failed
   * @throws LearningError `invalid-argument` for a trial that was never asked for, or told before with another score
   */
  tell(id: number, score: number | null): void;
  /** A copy to be stored after each ask and tell. */
  readonly state: SearchState;
  /** The best score among the trials that got most; null before the first. */
  readonly best: TrialRecord | null;
  /** Whether nothing is left to ask for or to be told. */
  readonly isDone: boolean;
  /** Trials that the budget allows in all, over all rounds. */
  readonly trialCount: number;
  /** Different settings that it allows. */
  readonly settingCount: number;
}

const TRIALS_MAX = 10_000;
const REDRAWS = 20;
/** What learns from scores repeats itself once it is sure; then chance finds something new. */
const LEARNED_REDRAWS = 3;
/** A finite space up to this size is listed when chance finds nothing new. */
const LISTED_MAX = 100_000;

function checkOptions({ trials, seed }: SearchOptions): void {
  if (!Number.isInteger(trials) || trials < 1 || trials > TRIALS_MAX) {
    throw new LearningError('invalid-argument', `trials must be an integer in [1, ${TRIALS_MAX}], got ${trials}.`);
  }
  if (!Number.isSafeInteger(seed)) throw new LearningError('invalid-argument', `seed must be an integer, got ${seed}.`);
}

class TrialSearch implements Search {
  private readonly trials: TrialRecord[];
  /** Trials given out by this object: others of the state that are running were lost with their process. */
  private readonly handedOut = new Set<number>();
  private readonly rungs: readonly Rung[];

  constructor(
    private readonly options: SearchOptions,
    trials: readonly TrialRecord[],
  ) {
    this.trials = [...trials];
    this.rungs = planRounds(options);
  }

  get trialCount(): number {
    return this.rungs.reduce((sum, { trials }) => sum + trials, 0);
  }

  get settingCount(): number {
    return this.rungs[0]!.trials; // there is always one
  }

  get isDone(): boolean {
    return this.trials.length === this.trialCount && this.trials.every(({ status }) => status !== 'running');
  }

  get state(): SearchState {
    return structuredClone({ v: 1, options: this.options, trials: this.trials });
  }

  get best(): TrialRecord | null {
    const scored = this.trials.filter(({ status }) => status === 'scored');
    const top = Math.max(...scored.map(({ rung }) => rung));
    const { direction } = this.options;
    return (
      rankTrials(
        scored.filter(({ rung }) => rung === top),
        direction,
      )[0] ?? null
    );
  }

  ask(count = 1): Trial[] {
    const asked: Trial[] = [];
    for (const trial of this.trials) {
      if (asked.length < count && trial.status === 'running' && !this.handedOut.has(trial.id)) asked.push(trial);
    }
    while (asked.length < count) {
      const next = this.plan();
      if (next === null) break;
      this.trials.push({ ...next, status: 'running', score: null });
      asked.push(next);
    }
    for (const { id } of asked) this.handedOut.add(id);
    return asked.map(({ id, values, resource, rung }) => ({ id, values, resource, rung }));
  }

  tell(id: number, score: number | null): void {
    const trial = this.trials[id];
    if (trial === undefined) throw new LearningError('invalid-argument', `Trial ${id} was never asked for.`);
    if (score !== null && !Number.isFinite(score)) {
      throw new LearningError('invalid-argument', `The score of trial ${id} is not finite.`);
    }
    if (trial.status !== 'running' && trial.score !== score) {
      throw new LearningError('invalid-argument', `Trial ${id} was told before, with another score.`);
    }
    this.trials[id] = { ...trial, status: score === null ? 'failed' : 'scored', score };
  }

  /** The trial after those there are, or null when the budget is spent or a round must end first. */
  private plan(): Trial | null {
    const id = this.trials.length;
    let before = 0;
    const rung = this.rungs.findIndex(({ trials }) => {
      before += trials;
      return id < before;
    });
    if (rung < 0) return null;
    const { halving, direction } = this.options;
    const resource = halving ? { name: halving.resource, amount: this.rungs[rung]!.amount } : null;
    if (rung === 0) return { id, values: this.draw(id), resource, rung };
    const last = this.trials.filter((trial) => trial.rung === rung - 1);
    if (last.some(({ status }) => status === 'running')) return null;
    const place = id - (before - this.rungs[rung]!.trials);
    return { id, values: rankTrials(last, direction)[place]!.values, resource, rung };
  }

  /** New values; each trial draws from a seed of its own, so that what was told is all that matters. */
  private draw(id: number): TrialValues {
    const { space, sampler, seed } = this.options;
    const random = createRandom(deriveSeed(seed, 'trial', id));
    const seen = new Set(this.trials.map(({ values }) => JSON.stringify(values)));
    const observations = sampler === 'tpe' ? this.observe() : [];
    for (let i = 0; i < REDRAWS; i++) {
      const isLearned = sampler === 'tpe' && i < LEARNED_REDRAWS;
      const values = isLearned ? proposeByParzen(space, observations, random) : proposeRandom(space, random);
      if (!seen.has(JSON.stringify(values))) return values;
    }
    const points = countPoints(space);
    if (points > LISTED_MAX) return proposeRandom(space, random);
    const order = shuffle(
      Int32Array.from({ length: points }, (_, i) => i),
      random,
    );
    // There are never more trials in the first round than points.
    return pointAt(space, order.find((index) => !seen.has(JSON.stringify(pointAt(space, index)))) ?? 0);
  }

  /** Scores of the first round, which all settings have in common. */
  private observe(): Observation[] {
    const { direction } = this.options;
    return this.trials
      .filter(({ rung, status }) => rung === 0 && status !== 'running')
      .map((trial) => ({ values: trial.values, loss: lossOf(trial, direction) }));
  }
}

/**
 * Starts a search, or goes on with one. The same options and the same order of asks and tells give the same trials, on any machine and
 * with any interruptions; to be independent of the number of workers, ask for a fixed number at once and tell all of them, in the
 * order of their ids, before asking again.
 *
 * @param state as a search of the same options gave it
 * @throws LearningError `invalid-argument`, also for a state of other options
 */
export function createSearch(options: SearchOptions, state?: SearchState): Search {
  checkOptions(options);
  if (state !== undefined && (state.v !== 1 || JSON.stringify(state.options) !== JSON.stringify(options))) {
    throw new LearningError('invalid-argument', 'The stored state is of a search with other options.');
  }
  return new TrialSearch(structuredClone(options), structuredClone(state?.trials ?? []));
}
