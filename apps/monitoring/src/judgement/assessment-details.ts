import type { DataOrigin } from '@gimbal/contracts';
import type { DriftAssessment, PerformanceAssessment, PredictionAssessment, QualityAssessment } from '@gimbal/domain';
import type { Reference } from '../references/choose-reference.js';

/** How a window came about. Half-open: `from` included, `until` excluded; ISO 8601. */
export interface RequestedWindow {
  /** `current`: chosen by the rule of `findCurrentWindow`; `given`: by the caller, kept exactly. */
  readonly kind: 'current' | 'given';
  /** From where labelled predictions count for performance: earlier than `from` in a current window, because labels come late. */
  readonly labelledFrom: string;
}

/** Which rows were looked at. */
export interface WindowFacts extends RequestedWindow {
  readonly from: string;
  readonly until: string;
  /** Predictions of the judged version in the window, and how many of them were looked at. */
  readonly rows: number;
  readonly assessedRows: number;
  /** Labelled predictions of the judged version since `labelledFrom`, and how many of them were scored. */
  readonly labelledRows: number;
  readonly assessedLabelledRows: number;
  /** `all`, or an even sample by a hash of the prediction's id: the same rows whenever it is repeated. */
  readonly sampling: 'all' | 'even-sample-by-id';
  /** Every version that answered in the window; only one is judged, because two versions have two truths. */
  readonly byVersion: readonly { readonly version: number; readonly rows: number }[];
}

/** Latencies in milliseconds, as serving measured them; null in an empty window. */
export interface Latencies {
  readonly latencyMsMean: number | null;
  readonly latencyMsP50: number | null;
  readonly latencyMsP95: number | null;
  readonly latencyMsP99: number | null;
}

/** How serving did over the window. */
export interface OperationFigures extends Latencies {
  /** Share of rows answered with 1 (binary), called anomalies, or not answered (texts), in [0, 1]; null where the task has no such thing. */
  readonly positiveShare: number | null;
  readonly alertRate: number | null;
  readonly abstentionRate: number | null;
}

/** The version judged and why this one. */
export interface VersionFacts {
  readonly version: number;
  /** `live`: it takes live traffic; `answered-most`: of a given window it answered most rows. */
  readonly chosenAs: 'live' | 'answered-most';
  readonly isLive: boolean;
  readonly isAdmitted: boolean | null;
  /** In force at the last row of the window. */
  readonly threshold: number;
  readonly dataOrigin: DataOrigin | null;
}

/** Every number of an assessment, as it is stored, shown and read by the agent. Plain JSON in camelCase. */
export interface AssessmentDetails {
  readonly schemaVersion: 2;
  readonly window: WindowFacts;
  /** Null when the window has no predictions and the model no live version; then all that follows is null. */
  readonly version: VersionFacts | null;
  readonly reference: Omit<Reference, 'profile' | 'baseline'> | null;
  readonly quality: QualityAssessment | null;
  readonly drift: DriftAssessment | null;
  readonly performance: PerformanceAssessment | null;
  readonly predictions: PredictionAssessment | null;
  readonly operations: OperationFigures | null;
  /** Seed of the bootstrap: the same rows give the same intervals. */
  readonly seed: number;
}
