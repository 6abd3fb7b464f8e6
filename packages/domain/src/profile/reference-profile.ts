import { type Answers, numbersOf } from '../performance/answers.js';
import type { PerformanceBaseline } from '../performance/performance-baseline.js';
import { countDuplicateRows } from './count-duplicate-rows.js';
import type { CategoricalColumn, FeatureColumn } from './feature-column.js';
import { type FeatureProfile, profileFeature, profileNumeric } from './feature-profile.js';

/** What a model answered, as columns that are compared like those of features. */
export interface PredictionProfile {
  /**
   * Binary: `probability` of the positive class; anomaly: `score`; regression: `value`; classes: `class` that was answered, and `confidence` of the
   * most probable one. What was NaN counts as missing, infinities as infinite.
   */
  readonly outputs: readonly FeatureProfile[];
  /** Rows with a probability or score >= threshold; null where nothing is decided by one. */
  readonly decision: { readonly threshold: number; readonly positives: number } | null;
}

/**
 * What a model version was trained on and judged by: everything that later windows are compared with. Plain data that survives
 * JSON (a few kilobytes per feature at most).
 */
export interface ReferenceProfile {
  readonly schemaVersion: 2;
  readonly rows: number;
  readonly duplicateRows: number;
  readonly features: readonly FeatureProfile[];
  readonly prediction: PredictionProfile | null;
  readonly performance: PerformanceBaseline | null;
}

/** `predictions` should come from rows the model did not learn from (out-of-fold or held out), or every window looks drifted. */
export interface ReferenceInput {
  readonly columns: readonly FeatureColumn[];
  readonly predictions?: Answers | null;
  readonly performance?: PerformanceBaseline | null;
}

/** Profiles the training rows of a version. */
export function buildReferenceProfile(input: ReferenceInput): ReferenceProfile {
  return {
    schemaVersion: 2,
    rows: input.columns[0]?.values.length ?? (input.predictions ? numbersOf(input.predictions).length : 0),
    duplicateRows: countDuplicateRows(input.columns),
    features: input.columns.map((column) => profileFeature(column)),
    prediction: input.predictions ? profilePredictions(input.predictions) : null,
    performance: input.performance ?? null,
  };
}

/** Profiles the answers of a model over one window. */
export function profilePredictions(answers: Answers): PredictionProfile {
  switch (answers.task) {
    case 'regression':
      return { outputs: [profileNumbers('value', answers.values)], decision: null };
    case 'multiclass-classification':
    case 'text-classification':
      return {
        outputs: [profileFeature(classColumn(answers)), profileNumbers('confidence', answers.confidences)],
        decision: null,
      };
    default: {
      const { task, probabilities, threshold } = answers;
      let positives = 0;
      // Compared before rounding to float32, as the model itself compared.
      for (let i = 0; i < probabilities.length; i++) if (probabilities[i]! >= threshold) positives++;
      const name = task === 'anomaly-detection' ? 'score' : 'probability';
      return { outputs: [profileNumbers(name, probabilities)], decision: { threshold, positives } };
    }
  }
}

const profileNumbers = (name: string, numbers: ArrayLike<number>): FeatureProfile =>
  profileNumeric({ name, type: 'numeric', values: Float32Array.from(numbers), malformed: 0 });

/** How a row that the model abstained from is named among the classes. */
const ABSTAINED_NAME = '(abstained)';

const classColumn = ({ classes, answered }: Extract<Answers, { readonly classes: unknown }>): CategoricalColumn => ({
  name: 'class',
  type: 'categorical',
  values: Array.from(answered, (index) => (index < 0 ? ABSTAINED_NAME : (classes[index] ?? null))),
  malformed: 0,
});
