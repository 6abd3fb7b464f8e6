import type { Direction } from '../validation/rank-candidates.js';
import type { HalvingOptions } from './plan-rungs.js';
import type { TrialValues } from './propose-trial.js';
import type { SearchSpace } from './search-space.js';

/** How to search; plain data. */
export interface SearchOptions {
  readonly space: SearchSpace;
  /** `random`, or `tpe`: learns from scores told where good values lie. */
  readonly sampler: 'random' | 'tpe';
  /** Whether a higher or a lower score is better. */
  readonly direction: Direction;
  /** Different settings to try, integer in [1, 10 000]; with halving, as many run in the first round and fewer in later ones. */
  readonly trials: number;
  /** Integer. */
  readonly seed: number;
  /** Null: every trial gets the whole. */
  readonly halving?: HalvingOptions | null;
}

/** One training to be run and scored. */
export interface Trial {
  /** 0-based, in the order of being asked for. */
  readonly id: number;
  readonly values: TrialValues;
  /** What the trial may use, in a search by halving. */
  readonly resource: { readonly name: string; readonly amount: number } | null;
  /** 0-based round of a halving; 0 without. */
  readonly rung: number;
}

/** A trial with what came of it. */
export interface TrialRecord extends Trial {
  /** `failed`: it gave no score, and ranks last. */
  readonly status: 'running' | 'scored' | 'failed';
  readonly score: number | null;
}

/** All that a search knows; JSON keeps it whole. */
export interface SearchState {
  readonly v: 1;
  readonly options: SearchOptions;
  readonly trials: readonly TrialRecord[];
}
