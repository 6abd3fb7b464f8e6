/** Limits of a data quality assessment; shares in [0, 1]. */
export interface QualityOptions {
  /** A p-value, corrected over all checks of the assessment, at or below this is significant. */
  readonly significance: number;
  /** Smallest rise of a share, against the reference, that is worth a warning. */
  readonly shareRiseMin: number;
  /** Share of invalid values from which a column is broken. */
  readonly faultShareMin: number;
  /** Confidence level at which the share must be known to be that high, two-sided. */
  readonly faultLevel: number;
  /** Rows below which constancy is not judged. */
  readonly rowsMin: number;
  /** Distinct reference values from which a number is a measurement that can't honestly stand still. */
  readonly continuousDistinctMin: number;
}

/**
 * `faultShareMin` .5 is the breakdown point of the median: once half of a column is not a measurement, its typical value isn't
 * one either, and nothing computed from it can be trusted. Below that the column is dirty, yet still a column.
 * `shareRiseMin` .05 and `significance` .01 as for drift: windows are assessed again and again.
 */
export const DEFAULT_QUALITY_OPTIONS: QualityOptions = {
  significance: 0.01,
  shareRiseMin: 0.05,
  faultShareMin: 0.5,
  faultLevel: 0.95,
  rowsMin: 20,
  continuousDistinctMin: 20,
};
