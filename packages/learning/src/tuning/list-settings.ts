import { planRounds, type Rung } from './plan-rungs.js';
import type { TrialValues } from './propose-trial.js';
import { rankTrials } from './rank-trials.js';
import type { SearchState, TrialRecord } from './search-state.js';

/** One setting of a search with all its rounds. */
export interface SettingRecord {
  /** 0-based: of the trial that it began as. */
  readonly id: number;
  readonly values: TrialValues;
  /**
   * `running`: more is to come. `scored`: it went through all rounds. `cut`: others did better in its last round. `failed`: its last round
   * gave no score, and it does not go on.
   */
  readonly status: 'running' | 'scored' | 'cut' | 'failed';
  /** The trials that it was, one for each round that it reached. */
  readonly rounds: readonly TrialRecord[];
}

/** The trials of a round that has ended, by whether they go on; null while it has not. */
function partRound(trials: readonly TrialRecord[], round: number, rounds: readonly Rung[], search: SearchState) {
  const members = trials.filter(({ rung }) => rung === round);
  if (members.length < (rounds[round]?.trials ?? 0) || members.some(({ status }) => status === 'running')) return null;
  const ranked = rankTrials(members, search.options.direction);
  return new Set(ranked.slice(0, rounds[round + 1]?.trials ?? 0).map(({ id }) => id));
}

/** What became of every setting that a search has tried so far, in the order in which they were drawn. */
export function listSettings(search: SearchState): SettingRecord[] {
  const { options, trials } = search;
  const rounds = planRounds(options);
  const goingOn = rounds.map((_, round) => partRound(trials, round, rounds, search));
  const bySetting = Map.groupBy(trials, ({ values }) => JSON.stringify(values));
  return [...bySetting.values()].map((own) => {
    const [first, last] = [own[0]!, own.at(-1)!];
    return { id: first.id, values: first.values, status: judge(last, goingOn, rounds.length), rounds: own };
  });
}

function judge(last: TrialRecord, goingOn: readonly (ReadonlySet<number> | null)[], rounds: number) {
  const { id, rung, status } = last;
  if (status === 'running') return 'running';
  if (rung === rounds - 1) return status;
  const chosen = goingOn[rung];
  if (!chosen || chosen.has(id)) return 'running';
  return status === 'failed' ? 'failed' : 'cut';
}
