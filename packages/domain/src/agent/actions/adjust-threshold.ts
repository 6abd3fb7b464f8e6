import { compareProportions } from '../../statistics/compare-proportions.js';
import type { AssessmentEvidence, MetricEvidence } from '../assessment-evidence.js';
import { type Condition, failedConditions } from '../condition.js';
import { type ActionDefinition, refuse, type Situation } from './action-definition.js';
import { askDataSound, askDeploymentNotSuspected, askLabelsEnough, askVersionLive } from './situation-conditions.js';

export interface AdjustThresholdArguments {
  readonly version: number;
  readonly threshold: number;
  readonly expectedThreshold: number;
}

/** One step at most: it runs without a person, so it must stay small enough to be harmless if the labels mislead. */
export const THRESHOLD_STEP_MAX = 0.1;
/** A smaller change flips next to no answer. */
export const THRESHOLD_STEP_MIN = 0.01;
/** Nobody is served by a threshold that nearly everybody, or nearly nobody, reaches. */
export const THRESHOLD_RANGE = [0.05, 0.95] as const;
/** As for every other share that the system compares: beyond doubt at this level and by a tenth at least. */
export const PRIOR_SHIFT_SIGNIFICANCE = 0.01;
export const PRIOR_SHIFT_MIN = 0.1;

const REFUSALS = {
  'version-live': 'version-not-live',
  'data-sound': 'broken-data',
  'labels-enough': 'not-enough-labels',
  'ranking-holds': 'ranking-lost',
  'positive-share-moved': 'positive-share-unchanged',
  'deployment-not-suspected': 'deployment-suspected',
  'step-worth-taking': 'threshold-fits-already',
};

/**
 * Move the probability from which the positive class is answered, when the model still ranks well but the share of positives changed, so
 * that the old threshold decides wrongly.
 */
export const adjustThreshold: ActionDefinition = {
  type: 'adjust_threshold',
  risk: 'low',
  effect: 'repairs',
  postCondition: 'The new threshold is in force in the registry and served.',
  compensation: 'The former threshold is put back.',
  preConditions: (situation) => [
    askVersionLive(situation),
    askDataSound(situation),
    askDeploymentNotSuspected(situation),
    askLabelsEnough(situation),
    askRanking(situation.evidence),
    askPositiveShare(situation.evidence),
    askStep(situation),
  ],
  consider: (situation) => {
    const { evidence, context, diagnoses } = situation;
    if (!areDecisionsWorse(evidence) || diagnoses['data-quality'].present) return { kind: 'not-called-for' };
    const conditions = adjustThreshold.preConditions(situation);
    const failed = failedConditions(conditions);
    const threshold = proposeThreshold(situation);
    if (failed.length > 0 || threshold === null || !context.live) return refuse(failed, conditions, REFUSALS);
    const chosen: AdjustThresholdArguments = {
      version: evidence.modelVersion,
      threshold,
      expectedThreshold: context.live.threshold,
    };
    return {
      kind: 'fits',
      target: evidence.modelName,
      arguments: { ...chosen },
      reason: `Ranking holds but decisions at ${context.live.threshold} got worse as the share of positives moved: decide at ${threshold}.`,
      conditions,
    };
  },
  preview: (given) => [
    `Move the threshold of version ${String(given.version)} from ${String(given.expectedThreshold)} to ${String(given.threshold)}.`,
    'Check that it is in force; else put the former one back.',
  ],
};

/**
 * The threshold on the old probabilities that decides like `threshold` on probabilities corrected for the new share of positives:
 * odds' = odds * (1 - now) / now * before / (1 - before). From Saerens, Latinne, Decaestecker, Neural Computation 14(1), 2002, eq. 2.4.
 * Shares in (0, 1).
 */
export function shiftThreshold(threshold: number, before: number, now: number): number {
  const odds = (threshold / (1 - threshold)) * ((1 - now) / now) * (before / (1 - before));
  return odds / (1 + odds);
}

/** A threshold-dependent metric fell beyond doubt; its proper score may or may not have. */
function areDecisionsWorse({ performance }: AssessmentEvidence): boolean {
  if (performance === null || performance.verdict === 'insufficient') return false;
  return isBelowBaseline(performance.f1) || isBelowBaseline(performance.accuracy);
}

const isBelowBaseline = ({ high, baseline }: MetricEvidence): boolean =>
  high !== null && baseline !== null && high < baseline;

function askRanking({ performance }: AssessmentEvidence): Condition {
  const { high = null, baseline = null } = performance?.rocAuc ?? {};
  const holds = high !== null && baseline !== null && high >= baseline;
  return {
    code: 'ranking-holds',
    holds,
    measured: high,
    limit: baseline,
    message: `The ROC-AUC may be as high as ${high ?? 'unknown'}; it was ${baseline ?? 'unknown'} at admission.`,
  };
}

function askPositiveShare({ performance }: AssessmentEvidence): Condition {
  const shares = sharesOf(performance);
  const comparison = shares && compareProportions(shares.before, shares.now);
  const holds =
    comparison !== null &&
    comparison.pValue <= PRIOR_SHIFT_SIGNIFICANCE &&
    Math.abs(comparison.difference) >= PRIOR_SHIFT_MIN;
  return {
    code: 'positive-share-moved',
    holds,
    measured: comparison?.difference ?? null,
    limit: PRIOR_SHIFT_MIN,
    message:
      comparison === null
        ? 'The share of positives at admission is unknown.'
        : `The share of positives moved by ${comparison.difference.toFixed(3)} (p ${comparison.pValue.toPrecision(2)}).`,
  };
}

function askStep(situation: Situation): Condition {
  const threshold = proposeThreshold(situation);
  const present = situation.context.live?.threshold ?? null;
  const step = threshold === null || present === null ? null : Math.abs(threshold - present);
  return {
    code: 'step-worth-taking',
    holds: step !== null && step >= THRESHOLD_STEP_MIN,
    measured: step,
    limit: THRESHOLD_STEP_MIN,
    message: step === null ? 'No better threshold can be computed.' : `The threshold would move by ${step.toFixed(3)}.`,
  };
}

/** Bounded and rounded to three digits, so that taking the decision again gives the same number. */
function proposeThreshold({ evidence, context }: Situation): number | null {
  const shares = sharesOf(evidence.performance);
  const present = context.live?.threshold;
  if (!shares || present === undefined || !(present > 0 && present < 1)) return null;
  const [before, now] = [shares.before.hits / shares.before.rows, shares.now.hits / shares.now.rows];
  if (!(before > 0 && before < 1 && now > 0 && now < 1)) return null;
  const wanted = shiftThreshold(present, before, now);
  const step = Math.min(THRESHOLD_STEP_MAX, Math.max(-THRESHOLD_STEP_MAX, wanted - present));
  const bounded = Math.min(THRESHOLD_RANGE[1], Math.max(THRESHOLD_RANGE[0], present + step));
  return Number(bounded.toFixed(3));
}

function sharesOf(performance: AssessmentEvidence['performance']) {
  const { positives = null, baselineRows = null, baselinePositives = null, rows = 0 } = performance ?? {};
  if (positives === null || baselineRows === null || baselinePositives === null) return null;
  return { before: { hits: baselinePositives, rows: baselineRows }, now: { hits: positives, rows } };
}
