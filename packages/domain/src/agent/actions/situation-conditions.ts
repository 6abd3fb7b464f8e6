import type { Condition } from '../condition.js';
import type { DecisionContext } from '../decision-context.js';
import type { Situation } from './action-definition.js';

/**
 * Labelled rows that a repair learned from labels needs. The registry judges a candidate on the share that training keeps apart, and
 * comparisons below about 50 points a side say nothing (Kayenta's best practices ask for 50 per metric); half of 100 leaves as many to
 * learn from.
 */
export const LABELLED_ROWS_MIN = 100;

const HOUR_MS = 3_600_000;

/** The version that was assessed is the one that answers now. */
export function askVersionLive({ evidence, context }: Situation): Condition {
  const live = context.live?.version ?? null;
  return {
    code: 'version-live',
    holds: live === evidence.modelVersion,
    measured: live,
    limit: evidence.modelVersion,
    message:
      live === evidence.modelVersion
        ? `Version ${evidence.modelVersion} is live.`
        : `Version ${evidence.modelVersion} was assessed, but ${live === null ? 'none' : `version ${live}`} is live.`,
  };
}

/** Nothing is learned from, or concluded about a model on, broken data. Unknown quality is not good enough. */
export function askDataSound({ evidence, diagnoses }: Situation): Condition {
  const known = evidence.quality !== null;
  const holds = known && !diagnoses['data-quality'].present;
  return {
    code: 'data-sound',
    holds,
    measured: evidence.quality?.verdict ?? null,
    limit: 'warning',
    message: holds
      ? 'The data are sound.'
      : known
        ? 'The data are broken: mend the source first, a model can only learn the fault.'
        : 'The quality of the data is unknown.',
  };
}

/** Quality fell beyond doubt, on labels. */
export function askPerformanceDegraded({ evidence, diagnoses }: Situation): Condition {
  const { present } = diagnoses['performance-degradation'];
  const verdict = evidence.performance?.verdict ?? 'insufficient';
  return {
    code: 'performance-degraded',
    holds: present,
    measured: present ? 'degraded' : verdict,
    limit: 'degraded',
    message: present
      ? 'Performance degraded with confidence.'
      : verdict === 'holds'
        ? 'Performance holds: drift alone is no reason to change the model.'
        : `Performance is unknown: ${evidence.performance?.rows ?? 0} labelled rows.`,
  };
}

/** Enough labelled rows to learn from and to judge by. */
export function askLabelsEnough({ evidence }: Situation): Condition {
  const holds = evidence.labelledRows >= LABELLED_ROWS_MIN;
  return {
    code: 'labels-enough',
    holds,
    measured: evidence.labelledRows,
    limit: LABELLED_ROWS_MIN,
    message: `${evidence.labelledRows} labelled rows, at least ${LABELLED_ROWS_MIN} are needed.`,
  };
}

/** There is a version to go back to. */
export function askPreviousVersion({ context }: Situation): Condition {
  const previous = context.previousVersion;
  return {
    code: 'previous-version-exists',
    holds: previous !== null,
    measured: previous,
    limit: null,
    message: previous === null ? 'No earlier version to go back to.' : `Version ${previous} was live before.`,
  };
}

/** The version was promoted shortly before the assessment. Measured from the assessment, so that waiting for an approver changes nothing. */
export function askDeploymentRecent({ evidence, context }: Situation): Condition {
  const limit = context.policy.deploymentSuspectHours;
  const promotedAt = context.live?.promotedAt ?? null;
  const hours = promotedAt === null ? null : (evidence.assessedAt - promotedAt) / HOUR_MS;
  const holds = hours !== null && hours <= limit;
  return {
    code: 'deployment-recent',
    holds,
    measured: hours === null ? null : Number(hours.toFixed(3)),
    limit,
    message:
      hours === null
        ? 'It is not known when the version was promoted.'
        : `Assessed ${describeHours(hours)} after its promotion; a deployment is suspected within ${describeHours(limit)}.`,
  };
}

/** No approver has said for this version that going back is not the answer. */
export function askRollbackNotRejected({ evidence, context }: Situation): Condition {
  const rejected = context.history.some(
    ({ type, state, modelVersion }) =>
      type === 'rollback_model' && state === 'rejected' && modelVersion === evidence.modelVersion,
  );
  return {
    code: 'rollback-not-rejected',
    holds: !rejected,
    measured: rejected,
    limit: false,
    message: rejected
      ? 'An approver rejected a rollback of this version.'
      : 'No approver has rejected a rollback of this version.',
  };
}

/** The deployment is not the first suspect: then learning anew would hide a bad release instead of taking it back. */
export function askDeploymentNotSuspected(situation: Situation): Condition {
  const signs = [askPreviousVersion(situation), askDeploymentRecent(situation), askRollbackNotRejected(situation)];
  const suspected = signs.every(({ holds }) => holds);
  return {
    code: 'deployment-not-suspected',
    holds: !suspected,
    measured: suspected,
    limit: false,
    message: suspected
      ? `The deployment is suspected. ${signs.map(({ message }) => message).join(' ')}`
      : `The deployment is not suspected. ${signs
          .filter(({ holds }) => !holds)
          .map(({ message }) => message)
          .join(' ')}`,
  };
}

/** No other training of the model is waiting or running. */
export function askNoTraining({ context }: Situation): Condition {
  return {
    code: 'no-training-under-way',
    holds: !context.isTraining,
    measured: context.isTraining,
    limit: false,
    message: context.isTraining ? 'A training of this model is under way.' : 'No training of this model is under way.',
  };
}

/** It is known what the live version was trained on. */
export function askTrainingDataKnown({ live }: DecisionContext): Condition {
  const dataset = live?.training?.dataset ?? null;
  return {
    code: 'training-data-known',
    holds: dataset !== null,
    measured: dataset,
    limit: null,
    message:
      dataset === null ? 'It is not known what the live version was trained on.' : `It was trained on ${dataset}.`,
  };
}

function describeHours(hours: number): string {
  return hours < 1 ? `${(hours * 60).toFixed(0)} min` : `${Number(hours.toFixed(1))} h`;
}
