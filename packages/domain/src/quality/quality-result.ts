import type { QualityOptions } from './quality-options.js';

/** `warning`: to be looked at; `fault`: the column is broken, and conclusions or training from this window would be wrong. */
export type QualitySeverity = 'warning' | 'fault';

/** What was wrong. The first six are *invalid* values; the others are valid values in a suspicious pattern. */
export type QualityCheck =
  | 'malformed' // not of the declared type
  | 'missing-refused' // missing where the definition refuses it
  | 'infinite'
  | 'out-of-range' // outside the declared plausible range
  | 'value-not-allowed' // a code that the definition does not know
  | 'implausible-zero' // zeros in a feature that was positive in every reference row
  | 'stuck' // a measurement that varied holds one value in every row
  | 'became-constant' // a code or count that varied holds one value in every row
  | 'missing-share' // more missing than in the reference
  | 'unseen-category' // allowed, but never seen in the reference
  | 'outside-training-range' // plausible, but beyond what the model was trained on
  | 'duplicate-rows';

/** One finding; `feature` is null when it concerns whole rows. */
export interface QualityFinding {
  readonly feature: string | null;
  readonly check: QualityCheck;
  readonly severity: QualitySeverity;
  /** Rows concerned, of how many looked at, and their share in [0, 1]. */
  readonly rows: number;
  readonly ofRows: number;
  readonly share: number;
  /** The reference's share; null where the reference has no such number. */
  readonly referenceShare: number | null;
  /** Against the reference, corrected over all checks; null for facts, which need no test. */
  readonly adjustedPValue: number | null;
  readonly detail: string;
}

/** `ok`: no finding; `warning`: at least one; `fault`: at least one broken column. */
export type QualityVerdict = 'ok' | 'warning' | 'fault';

/** What each feature showed, found wrong or not. */
export interface FeatureQuality {
  readonly feature: string;
  readonly rows: number;
  readonly missing: number;
  readonly missingShare: number;
  readonly referenceMissingShare: number | null;
  readonly malformed: number;
  readonly infinite: number;
  readonly distinct: number;
  readonly min: number | null;
  readonly max: number | null;
}

/** Everything that the verdict rests on. Plain JSON data. */
export interface QualityAssessment {
  readonly verdict: QualityVerdict;
  readonly reasons: readonly string[];
  readonly rows: number;
  readonly duplicateRows: number;
  /** Faults first. */
  readonly findings: readonly QualityFinding[];
  readonly features: readonly FeatureQuality[];
  readonly options: QualityOptions;
}
