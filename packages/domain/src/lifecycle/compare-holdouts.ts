/** The measures of one version that the gate looks at. */
export interface JudgedMetrics {
  readonly rows: number;
  readonly positives: number;
  readonly f1Score: number;
  /** Null when only one class was present. */
  readonly rocAuc: number | null;
  readonly brier: number;
}

/** A difference candidate minus live with its confidence interval. */
export interface MeasuredDifference {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

/** Candidate and live on one slice of rows. */
export interface ComparedWithLive {
  readonly slice: string;
  readonly rocAucDifference: MeasuredDifference | null;
  readonly brierDifference: MeasuredDifference;
}

interface HeldOut {
  readonly holdout: JudgedMetrics;
  readonly datasetDigest: string | null;
}

/** Two-sided 95 % quantile of the normal distribution. */
const Z95 = 1.959963984540054;

/**
 * Compares two versions by what each recorded on its own holdout: the weaker evidence that is left when nobody ran both on the same
 * rows. Returns no comparison when the holdouts are known to come from different data, because a Brier score moves with the base rate
 * and the difference would say nothing about the models.
 *
 * The interval of the AUC difference takes the two as independent: Hanley & McNeil 1982, "The meaning and use of the area under a
 * receiver operating characteristic (ROC) curve", Radiology 143, equation 1.
 */
export function compareHoldouts(candidate: HeldOut, live: HeldOut): readonly ComparedWithLive[] {
  const { datasetDigest: ours } = candidate;
  const { datasetDigest: theirs } = live;
  if (ours !== null && theirs !== null && ours !== theirs) return [];
  const brier = candidate.holdout.brier - live.holdout.brier;
  return [
    {
      slice: 'the own holdouts',
      rocAucDifference: differenceOfAucs(candidate.holdout, live.holdout),
      brierDifference: { estimate: brier, low: brier, high: brier },
    },
  ];
}

function differenceOfAucs(candidate: JudgedMetrics, live: JudgedMetrics): MeasuredDifference | null {
  if (candidate.rocAuc === null || live.rocAuc === null) return null;
  const estimate = candidate.rocAuc - live.rocAuc;
  const half = Z95 * Math.sqrt(aucVariance(candidate, candidate.rocAuc) + aucVariance(live, live.rocAuc));
  return { estimate, low: estimate - half, high: estimate + half };
}

function aucVariance({ rows, positives }: JudgedMetrics, auc: number): number {
  const negatives = rows - positives;
  const twoPositives = auc / (2 - auc);
  const twoNegatives = (2 * auc * auc) / (1 + auc);
  const spread =
    auc * (1 - auc) + (positives - 1) * (twoPositives - auc * auc) + (negatives - 1) * (twoNegatives - auc * auc);
  return spread / (positives * negatives);
}
