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
import { describeAnswers, describeLabelled, type LabelledRow, type WindowRow } from './describe-window.js';

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
  const { profile, profileSource, baseline } = reference;
  const answers = describeAnswers(version, rows, threshold);
  const hasOwnAnswers = profileSource?.own === true;
  return {
    quality: rows.length === 0 ? null : assessQuality({ columns, definitions: version.features, reference: profile }),
    drift: profile && assessDrift({ reference: profile, columns, answers: hasOwnAnswers ? answers : null }),
    performance: assessPerformance({
      window: describeLabelled(version, labelled, threshold),
      baseline,
      rng: createSeededRng(seed),
    }),
    predictions:
      rows.length === 0
        ? null
        : // A request without an answer is not in the log; serving's own error rate and breaker tell of those.
          assessPredictions({ answers, failures: 0, reference: hasOwnAnswers ? (profile?.prediction ?? null) : null }),
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
