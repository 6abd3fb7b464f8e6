import { showLoss } from '../../performance/performance-result.js';
import type { AssessmentEvidence, PerformanceEvidence } from '../assessment-evidence.js';
import type { Condition } from '../condition.js';
import type { LiveVersion } from '../decision-context.js';
import { concludeDiagnosis, type Diagnosis } from './diagnosis.js';

/**
 * Ranking that is worth serving: an area under the ROC curve of .7 is where "acceptable discrimination" begins (Hosmer, Lemeshow,
 * Sturdivant, Applied Logistic Regression, 3rd ed., 5.2.4).
 */
export const ROC_AUC_FLOOR = 0.7;
/** How far below its own baseline an admitted version that never reached the floor may fall. */
export const ROC_AUC_FALL_MAX = 0.1;

/**
 * The answers are worse than they were when the version was admitted, beyond doubt: the assessment's own verdict (its deciding loss against
 * the baseline, with its interval), or ranking below a floor that no interval explains. The floor is what catches a version that was bad
 * from the start and so never got worse than itself.
 */
export function diagnosePerformanceDegradation(
  { performance }: AssessmentEvidence,
  live: LiveVersion | null,
): Diagnosis {
  if (performance === null || performance.verdict === 'insufficient')
    return concludeDiagnosis('performance-degradation', [], 'high');
  return concludeDiagnosis(
    'performance-degradation',
    [askBaseline(performance), ...askFloor(performance, live)],
    'high',
  );
}

function askBaseline(performance: PerformanceEvidence): Condition {
  const degraded = performance.verdict === 'degraded';
  const { title, value, baseline } = performance.loss;
  const numbers = `${title} ${show(value)} against ${show(baseline)} at admission, on ${performance.rows} labelled rows`;
  return {
    code: 'quality-as-admitted',
    holds: !degraded,
    measured: performance.lossExcessLow,
    limit: performance.lossExcessLimit,
    message: degraded
      ? `Performance degraded: ${performance.reasons.join('; ') || numbers}.`
      : `Performance holds: ${numbers}.`,
  };
}

function askFloor({ rocAuc }: PerformanceEvidence, live: LiveVersion | null): Condition[] {
  if (rocAuc.high === null) return [];
  const admittedLow = live?.isAdmitted === true && rocAuc.baseline !== null && rocAuc.baseline < ROC_AUC_FLOOR;
  const floor = admittedLow ? (rocAuc.baseline ?? 0) - ROC_AUC_FALL_MAX : ROC_AUC_FLOOR;
  const holds = rocAuc.high >= floor;
  return [
    {
      code: 'ranking-above-floor',
      holds,
      measured: rocAuc.high,
      limit: floor,
      message: holds
        ? `The ROC-AUC may be as high as ${show(rocAuc.high)}, the floor is ${show(floor)}.`
        : `The ROC-AUC is at most ${show(rocAuc.high)}, below the floor of ${show(floor)}.`,
    },
  ];
}

const show = (value: number | null): string => (value === null ? 'unknown' : showLoss(value));
