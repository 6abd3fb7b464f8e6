import { failedConditions } from '../condition.js';
import { type ActionDefinition, refuse } from './action-definition.js';
import {
  askDataSound,
  askDeploymentRecent,
  askPerformanceDegraded,
  askPreviousVersion,
  askRollbackNotRejected,
  askVersionLive,
} from './situation-conditions.js';

export interface RollbackArguments {
  readonly toVersion: number;
  readonly expectedLiveVersion: number;
}

const REFUSALS = {
  'version-live': 'version-not-live',
  'data-sound': 'broken-data',
  'previous-version-exists': 'no-previous-version',
  'deployment-recent': 'no-recent-deployment',
  'rollback-not-rejected': 'rollback-rejected-before',
};

/**
 * Put the version back that was live before. For quality that fell soon after a promotion: then the release is the first suspect, not the
 * world. High risk, because it undoes somebody's decision.
 */
export const rollbackModel: ActionDefinition = {
  type: 'rollback_model',
  risk: 'high',
  effect: 'repairs',
  postCondition: 'The former version is live in the registry and served.',
  compensation: null,
  preConditions: (situation) => [
    askVersionLive(situation),
    askDataSound(situation),
    askPerformanceDegraded(situation),
    askPreviousVersion(situation),
    askDeploymentRecent(situation),
    askRollbackNotRejected(situation),
  ],
  consider: (situation) => {
    const { diagnoses, evidence, context } = situation;
    if (!diagnoses['performance-degradation'].present) return { kind: 'not-called-for' };
    const conditions = rollbackModel.preConditions(situation);
    const failed = failedConditions(conditions);
    if (failed.length > 0 || context.previousVersion === null) return refuse(failed, conditions, REFUSALS);
    const chosen: RollbackArguments = {
      toVersion: context.previousVersion,
      expectedLiveVersion: evidence.modelVersion,
    };
    const doubt = diagnoses['data-drift'].present
      ? ' The inputs drifted as well: weigh whether the former version would do better on them.'
      : ' The inputs are as in training, which speaks for the version itself being at fault.';
    return {
      kind: 'fits',
      target: evidence.modelName,
      arguments: { ...chosen },
      reason: `Version ${evidence.modelVersion} degraded soon after its promotion; version ${context.previousVersion} was live before.${doubt}`,
      conditions,
    };
  },
  preview: (given) => [
    `Ask the registry to put version ${String(given.toVersion)} back in place of version ${String(given.expectedLiveVersion)}.`,
    'Check that the registry and serving name it.',
  ],
};
