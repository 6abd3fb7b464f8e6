/** A measured value with its 95 % interval; null where the window can't give one. */
export interface MetricEvidence {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** The same metric on the held-out rows of the version's training; null when unknown. */
  readonly baseline: number | null;
}

export interface QualityEvidence {
  readonly verdict: 'ok' | 'warning' | 'fault';
  readonly findings: readonly {
    readonly code: string;
    readonly feature: string | null;
    readonly severity: string;
    readonly message: string;
  }[];
}

export interface DriftEvidence {
  readonly detected: boolean;
  /** Share of drifted features, in [0, 1]. */
  readonly share: number;
  readonly driftedFeatures: readonly string[];
  readonly features: number;
  /** Whether the distribution of the answers moved. */
  readonly predictionsDrifted: boolean;
}

export interface PerformanceEvidence {
  readonly verdict: 'holds' | 'degraded' | 'insufficient';
  /** Labelled rows that were scored. */
  readonly rows: number;
  /** Null where nothing is positive: more than two classes, values. */
  readonly positives: number | null;
  /** Labelled rows and positives the baseline was measured on; null when unknown. */
  readonly baselineRows: number | null;
  readonly baselinePositives: number | null;
  /** The loss that the verdict rests on, with its name in sentences: the Brier score, the mean squared error, ... */
  readonly loss: MetricEvidence & { readonly title: string };
  readonly rocAuc: MetricEvidence;
  readonly f1: MetricEvidence;
  readonly accuracy: MetricEvidence;
  /** Lower end of the interval of that loss's rise over the baseline, and the rise that is let pass. */
  readonly lossExcessLow: number | null;
  readonly lossExcessLimit: number | null;
  readonly reasons: readonly string[];
}

/** What can be said about the answers without labels. */
export interface PredictionEvidence {
  /** Null where answers say nothing of how sure they are. */
  readonly lowConfidenceShare: number | null;
  readonly lowConfidenceReference: number | null;
  /** Rise of the share that is not worth an alarm, absolute. */
  readonly lowConfidenceRiseLimit: number;
  readonly lowConfidenceRaised: boolean;
  readonly anomalies: readonly { readonly kind: string; readonly share: number; readonly detail: string }[];
}

/**
 * What the agent takes from one health assessment: verdicts with the numbers that carry them. Times are milliseconds since the epoch.
 * A part that was not assessed is null and counts as unknown, never as good.
 */
export interface AssessmentEvidence {
  readonly assessmentId: string;
  readonly modelName: string;
  readonly modelVersion: number;
  readonly windowStart: number;
  readonly windowEnd: number;
  readonly assessedAt: number;
  /** Id or name of the key that asked for the assessment; null when the schedule did. */
  readonly requestedBy: string | null;
  readonly rows: number;
  readonly labelledRows: number;
  readonly quality: QualityEvidence | null;
  readonly drift: DriftEvidence | null;
  readonly performance: PerformanceEvidence | null;
  readonly predictions: PredictionEvidence | null;
}
