import type { CalibrationTrial } from '../calibration/choose-calibration.js';
import type { Task } from '../dataset/dataset.js';
import type { MetricInterval } from '../evaluation/bootstrap-metrics.js';
import type { CurvePoint } from '../evaluation/curves.js';
import type { Evaluation } from '../evaluation/evaluate.js';
import type { SliceReport } from '../evaluation/evaluate-slices.js';
import type { ShapReport } from '../explanation/shap-importance.js';
import type { Calibration, ModelHeader } from '../families/model.js';
import type { FeatureImportance } from '../importance/gain-importance.js';
import type { PermutationImportance } from '../importance/permutation-importance.js';
import type { TextEvaluation } from '../text/evaluate-text.js';

/** Where the rows came from; texts for people. */
export interface CardData {
  readonly title: string;
  readonly origin: string;
  readonly licence: string;
  readonly citation: string;
  /** Content digest of the dataset. */
  readonly digest: string;
  /** How rows were held out, such as "stratified, 30 %, seed 7". */
  readonly split: string;
  readonly isSynthetic: boolean;
}

/** One candidate of the selection, best first. */
export interface CardCandidate {
  readonly candidateId: string;
  readonly title: string;
  /** Over folds, in the order told. */
  readonly metrics: readonly {
    readonly metric: string;
    readonly mean: number | null;
    readonly deviation: number | null;
  }[];
}

/** The curves of the positive class, or of one class against all others. */
export interface CardCurves {
  readonly label: string;
  readonly points: readonly CurvePoint[];
}

/** Something found in the data or in the training that a person should know of; a finding of `checkDataset` is one. */
export interface CardFinding {
  /** Stable name. */
  readonly code: string;
  readonly column?: string;
  readonly message: string;
  readonly severity: 'error' | 'warning';
}

/**
 * A model in one page for a person who must decide whether to use it (after Mitchell et al., 2019, "Model Cards for Model Reporting"):
 * plain data, JSON keeps it whole.
 */
export interface ModelCard {
  readonly v: 1;
  readonly name: string;
  /** What it answers, in a sentence; what it is for, and what it is not for. */
  readonly purpose: string;
  readonly limits: readonly string[];
  readonly task: Task | 'text-classification';
  readonly algorithm: string;
  readonly data: CardData;
  readonly made: Pick<ModelHeader, 'hyperparameters' | 'seed' | 'trainRows' | 'kernelVersion'>;
  readonly features: readonly { readonly name: string; readonly kind: string }[];
  readonly classes: readonly string[];
  /** On rows that had no part in learning or choosing. */
  readonly evaluation: Evaluation | TextEvaluation;
  readonly intervals: readonly MetricInterval[];
  readonly curves: readonly CardCurves[];
  readonly candidates: readonly CardCandidate[];
  readonly calibration: { readonly adopted: Calibration | null; readonly trials: readonly CalibrationTrial[] } | null;
  readonly importance: {
    readonly gain: readonly FeatureImportance[];
    readonly permutation: readonly PermutationImportance[];
    readonly shap: ShapReport | null;
  };
  readonly slices: SliceReport | null;
  readonly checks: readonly CardFinding[];
}
