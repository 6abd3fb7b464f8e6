import type { TrainingRun } from '@gimbal/contracts';
import type { StoredSearch } from '../search/stored-search.js';

/** Where a run stands. */
export type Stage = TrainingRun['stage'];

/** What becomes known of a run while it works. */
export type RunFacts = Partial<
  Pick<TrainingRun, 'dataOrigin' | 'datasetDigest' | 'rows' | 'expectations' | 'warnings' | 'candidates'> & {
    /** Of which only the progress is seen; the rest is for another attempt. */
    readonly search: StoredSearch;
  }
>;

/** What a finished run came to. */
export type TrainingOutcome = NonNullable<TrainingRun['outcome']>;

/** How the work of one attempt is seen from outside, and how it is stopped. */
export interface RunWatch {
  /** Aborts when the run was cancelled, another attempt took it over, or the service ends. */
  readonly signal: AbortSignal;
  /** @throws the reason of the signal, also when this attempt no longer holds the run */
  enter(stage: Stage): Promise<void>;
  /** Share of the present stage that is done, in [0, 1]; written down every second. */
  advance(share: number): void;
  /** @throws as {@link enter} */
  note(facts: RunFacts): Promise<void>;
}
