import type { DriftOptions } from './drift-options.js';

/** `minor`: real but small; `moderate` and `major`: PSI (or the share of rows concerned) at or above .1 and .25. */
export type DriftSeverity = 'none' | 'minor' | 'moderate' | 'major';

/** A distance between reference and window. `drifted` exactly when `statistic` >= `threshold`. */
export interface DriftMeasure {
  readonly name:
    | 'kolmogorov-smirnov'
    | 'total-variation'
    | 'population-stability-index'
    | 'kullback-leibler'
    | 'jensen-shannon'
    | 'wasserstein'
    | 'normalized-wasserstein';
  readonly statistic: number;
  readonly direction: 'higher-is-drift';
  /** Null for a distance that is only reported. */
  readonly threshold: number | null;
  /** Upper end of what an undrifted window of this size shows; null where no formula is known. */
  readonly noDriftBand: number | null;
  readonly drifted: boolean;
}

/** The significance test that was chosen. `drifted` exactly when `adjustedPValue` <= `threshold`: here low is drift. */
export interface DriftTest {
  readonly name: 'kolmogorov-smirnov' | 'chi-square';
  readonly statistic: number;
  /** Degrees of freedom of the chi-square; null otherwise. */
  readonly dof: number | null;
  readonly pValue: number;
  /** Benjamini-Hochberg over all features tested in the same assessment. */
  readonly adjustedPValue: number;
  readonly direction: 'lower-is-drift';
  readonly threshold: number;
  readonly drifted: boolean;
}

/** Two shares compared: missing values, positive answers. `drifted` needs the corrected p and the difference. */
export interface ShareDrift {
  readonly reference: number;
  readonly current: number;
  readonly difference: number;
  readonly pValue: number;
  readonly adjustedPValue: number;
  readonly significance: number;
  readonly direction: 'either-way-is-drift';
  /** Smallest absolute difference that counts. */
  readonly threshold: number;
  readonly drifted: boolean;
}

/** One thing found in one feature; `share` of the window's rows concerned (or the effect size for `distribution`), in [0, 1]. */
export interface DriftFinding {
  readonly kind:
    | 'distribution'
    | 'missing-share'
    | 'all-missing'
    | 'infinite'
    | 'unseen-category'
    | 'became-constant'
    | 'constant-moved'
    | 'type-changed';
  readonly severity: Exclude<DriftSeverity, 'none'>;
  readonly share: number;
  readonly detail: string;
}

/** Shares of usable rows in one bin or category, for charts. Bounds (lower, upper] are null for categories and open ends. */
export interface DriftBin {
  readonly label: string;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly referenceShare: number;
  readonly currentShare: number;
}

/** Rows of one side. */
export interface SideCounts {
  readonly rows: number;
  readonly usable: number;
  readonly missing: number;
  readonly infinite: number;
}

/** All numbers of one feature. */
export interface FeatureDrift {
  readonly feature: string;
  readonly type: 'numeric' | 'categorical';
  readonly reference: SideCounts;
  readonly current: SideCounts;
  /** Null when no test was possible; `testReason` says why this one, or why none. */
  readonly test: DriftTest | null;
  readonly testReason: string;
  /** The effect size that a finding needs beside significance. */
  readonly effect: DriftMeasure | null;
  readonly distances: readonly DriftMeasure[];
  readonly bins: readonly DriftBin[];
  readonly missing: ShareDrift | null;
  readonly findings: readonly DriftFinding[];
  readonly drifted: boolean;
  readonly severity: DriftSeverity;
}

/** Drift of the answers: the distribution of each output (see `PredictionProfile`), and the share at or above the threshold, where there is one. */
export interface PredictionDrift {
  readonly outputs: readonly FeatureDrift[];
  readonly positiveShare: ShareDrift | null;
  readonly drifted: boolean;
  readonly severity: DriftSeverity;
}

/**
 * `stable`: nothing found. `minor`: findings, but too small or too few to call it another population. `drifted`: moderate or major drift
 * in the share of features named in the options, or in the answers. `insufficient`: too few rows to compare distributions.
 */
export type DriftVerdict = 'stable' | 'minor' | 'drifted' | 'insufficient';

/** Every number that the verdict rests on. Plain JSON data: no NaN, no infinity. */
export interface DriftAssessment {
  readonly verdict: DriftVerdict;
  readonly reasons: readonly string[];
  readonly referenceRows: number;
  readonly currentRows: number;
  readonly featureCount: number;
  /** Features with any finding, the most severe first. */
  readonly driftedFeatures: readonly string[];
  /** Share of features with any finding, and with moderate or major ones, in [0, 1]. */
  readonly driftedShare: number;
  readonly substantialShare: number;
  readonly features: readonly FeatureDrift[];
  readonly prediction: PredictionDrift | null;
  readonly options: DriftOptions;
}

const ORDER: readonly DriftSeverity[] = ['none', 'minor', 'moderate', 'major'];

/** Position of a severity, 0 (none) to 3 (major). */
export const severityRank = (severity: DriftSeverity): number => ORDER.indexOf(severity);

/** The most severe of a list; `none` when it is empty. */
export const worstSeverity = (severities: readonly DriftSeverity[]): DriftSeverity =>
  severities.reduce<DriftSeverity>((worst, next) => (severityRank(next) > severityRank(worst) ? next : worst), 'none');

/** Moderate or major. */
export const isSubstantial = (severity: DriftSeverity): boolean => severityRank(severity) >= severityRank('moderate');

/** Severity of a share of rows, on the bands of the population stability index. */
export function severityOfShare(share: number, options: DriftOptions): Exclude<DriftSeverity, 'none'> {
  if (share >= options.psiMajor) return 'major';
  return share >= options.psiModerate ? 'moderate' : 'minor';
}
