import type { Candidate, Fold, FoldResult } from '@gimbal/learning';

/** What all folds of one candidate gave. */
export interface FoldResults {
  readonly folds: readonly Fold[];
  readonly candidate: Candidate;
  readonly results: readonly FoldResult[];
}
