import {
  assessDrift,
  assessPerformance,
  assessPredictions,
  assessQuality,
  buildColumns,
  createSeededRng,
  type QualityAssessment,
} from '@gimbal/domain';
import type { Reference } from '../references/choose-reference.js';
import type { JudgedVersion } from '../references/judged-version.js';
import type { Findings } from './conclude-assessment.js';

/** One answered row of a window. */
export interface WindowRow {
  readonly features: Readonly<Record<string, unknown>>;
  /** Binary: of the positive class; else of what was answered, null where there is none. */
  readonly probability: number | null;
}

/** One answered row whose outcome is known. */
export interface LabelledRow {
  readonly probability: number;
  /** 1 positive, 0 negative. */
  readonly actual: number;
}

/** Everything that a verdict is computed from. */
export interface WindowToAssess {
  readonly version: JudgedVersion;
  readonly rows: readonly WindowRow[];
  readonly labelled: readonly LabelledRow[];
  readonly reference: Reference;
  /** In force at the end of the window. */
  readonly threshold: number;
  readonly seed: number;
}

/** Asks the four questions of one window. Pure: the same rows and seed give the same numbers. */
export function assessWindow(window: WindowToAssess): Findings {
  const { version, rows, labelled, reference, threshold, seed } = window;
  const columns = buildColumns(
    rows.map(({ features }) => features),
    version.features,
  );
  const probabilities = Float64Array.from(rows, ({ probability }) => probability ?? Number.NaN);
  const { profile, profileSource, baseline } = reference;
  // What the formulas below say of answers holds for the probability of one class; of other answers only the inputs are judged.
  const isBinary = version.task === 'binary-classification';
  const hasOwnAnswers = isBinary && profileSource?.own === true;
  const judged = isBinary ? labelled : [];
  return {
    quality: rows.length === 0 ? null : assessQuality({ columns, definitions: version.features, reference: profile }),
    drift: profile && assessDrift({ reference: profile, columns, probabilities: hasOwnAnswers ? probabilities : null }),
    performance: assessPerformance({
      window: {
        probabilities: Float64Array.from(judged, ({ probability }) => probability),
        labels: judged.map(({ actual }) => (actual > 0 ? 1 : 0)),
        threshold,
      },
      baseline,
      rng: createSeededRng(seed),
    }),
    predictions:
      rows.length === 0 || !isBinary
        ? null
        : // A request without an answer is not in the log; serving's own error rate and breaker tell of those.
          assessPredictions({
            probabilities,
            failures: 0,
            reference: hasOwnAnswers ? (profile?.prediction ?? null) : null,
          }),
  };
}

/** Only the data quality of a window, for a check that is repeated by itself. */
export function validateWindow({
  version,
  rows,
  reference,
}: Pick<WindowToAssess, 'version' | 'rows' | 'reference'>): QualityAssessment {
  const columns = buildColumns(
    rows.map(({ features }) => features),
    version.features,
  );
  return assessQuality({ columns, definitions: version.features, reference: reference.profile });
}
