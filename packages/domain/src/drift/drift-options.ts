/** Limits of a drift assessment. Shares and distances are in [0, 1] unless said otherwise. */
export interface DriftOptions {
  /** A p-value, corrected over all features, at or below this is significant. */
  readonly significance: number;
  /** Probability that an undrifted window stays inside the no-drift band, uncorrected. */
  readonly bandLevel: number;
  /** Usable rows on each side below which no distribution is compared. */
  readonly rowsMin: number;
  /** Smallest distance (Kolmogorov-Smirnov, total variation) that matters; the no-drift band takes over where it is wider. */
  readonly effectMin: number;
  /** Smallest mean move that matters, in robust standard deviations of the reference: below it lies the noise of arithmetic. */
  readonly shiftMin: number;
  /** Smallest change of a missing share that matters. */
  readonly missingChangeMin: number;
  /** Population stability index from which drift is moderate, and major; the no-drift band takes over where it is wider. */
  readonly psiModerate: number;
  readonly psiMajor: number;
  /** Share of features with moderate or major drift from which the window as a whole has drifted. */
  readonly driftedShareMin: number;
}

/**
 * `significance` .01: windows are assessed again and again, and a false alarm costs attention each time. `effectMin` .01: one row in a
 * hundred changed sides. `psiModerate` and `psiMajor`: Siddiqi, Credit Risk Scorecards (2006), the bands that practice knows.
 * `rowsMin` 20: two bins of ten rows. `driftedShareMin` .25: one feature can move by fashion, a quarter of them is another population.
 */
export const DEFAULT_DRIFT_OPTIONS: DriftOptions = {
  significance: 0.01,
  bandLevel: 0.95,
  rowsMin: 20,
  effectMin: 0.01,
  shiftMin: 0.001,
  missingChangeMin: 0.05,
  psiModerate: 0.1,
  psiMajor: 0.25,
  driftedShareMin: 0.25,
};
