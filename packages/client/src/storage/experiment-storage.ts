import type { RunEnd } from '../experiments/run-entry.js';
import type { SyncReport } from '../experiments/sync-runs.js';

/** What is kept of an experiment's run. */
export interface ExperimentRecord {
  /** Default `Default`. */
  readonly experimentName?: string;
  readonly name: string;
  /** Default `running`. */
  readonly state?: 'running' | RunEnd;
  /** Written once; the same value again is fine. */
  readonly params?: Readonly<Record<string, string>>;
  /** The latest values count. */
  readonly metrics?: Readonly<Record<string, number>>;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface StoredExperiment extends Required<ExperimentRecord> {
  readonly id: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
}

/** Every condition that is given must hold. */
export interface ExperimentFilters {
  readonly experimentName?: string;
  readonly state?: StoredExperiment['state'];
  /** A part of the run's name, in any case of letters. */
  readonly name?: string;
  /** 1 to 1 000, default 50. */
  readonly limit?: number;
  /** `nextCursor` of the page before, of the same storage. */
  readonly cursor?: string;
}

export interface ExperimentPage {
  readonly items: readonly StoredExperiment[];
  /** Null on the last page. */
  readonly nextCursor: string | null;
}

/** Where experiments are kept. Every backend passes one conformance suite. */
export interface ExperimentStorage {
  /**
   * Stores an experiment under a UUID. Again with the same id it adds to what is there.
   * @throws ExperimentError `conflict` when a parameter, the name or the end is stored otherwise; `invalid-value`
   */
  storeExperiment(id: string, record: ExperimentRecord): Promise<void>;
  getExperiment(id: string): Promise<StoredExperiment | null>;
  /** Newest first. */
  listExperiments(filters?: ExperimentFilters): Promise<ExperimentPage>;
  /** Nothing is asked of it afterwards. @returns what was sent of what waited on disk; null where nothing can wait */
  close(): Promise<SyncReport | null>;
}

export const LIMIT_DEFAULT = 50;
export const LIMIT_MAX = 1_000;
