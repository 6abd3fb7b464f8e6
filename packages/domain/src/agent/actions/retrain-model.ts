import { failedConditions } from '../condition.js';
import { type ActionDefinition, refuse, type Situation } from './action-definition.js';
import {
  askDataSound,
  askDeploymentNotSuspected,
  askLabelsEnough,
  askNoTraining,
  askPerformanceDegraded,
  askTrainingDataKnown,
  askVersionLive,
} from './situation-conditions.js';

/**
 * What the live version was trained on, and the predictions whose outcome was known at `labelledUntil` (ISO 8601). With `version` it is a
 * table that was uploaded: nothing but that version of it is learned from.
 */
export interface RetrainArguments {
  readonly dataset: string;
  readonly parts: readonly string[];
  readonly version?: number;
  readonly labelledUntil: string;
  readonly expectedLiveVersion: number;
}

const REFUSALS = {
  'version-live': 'version-not-live',
  'data-sound': 'broken-data',
  'deployment-not-suspected': 'deployment-suspected',
  'labels-enough': 'not-enough-labels',
  'training-data-known': 'training-data-unknown',
  'no-training-under-way': 'training-in-progress',
};

/**
 * Learn a new version from the old data and the labels seen since, and put it live when the registry's gate finds it better on patients it
 * never saw. Only on damage that is proven by labels, on sound data, and when no deployment is the likelier cause.
 */
export const retrainModel: ActionDefinition = {
  type: 'retrain_model',
  risk: 'medium',
  effect: 'repairs',
  postCondition: 'A new version is registered, admitted by the gate, live in the registry and served.',
  compensation: 'The registry goes back to the version that was live before.',
  preConditions: (situation) => [
    askVersionLive(situation),
    askDataSound(situation),
    askPerformanceDegraded(situation),
    askDeploymentNotSuspected(situation),
    askLabelsEnough(situation),
    askTrainingDataKnown(situation.context),
    askNoTraining(situation),
  ],
  consider: (situation) => {
    const { diagnoses, evidence, context } = situation;
    const comesToMind = (['data-drift', 'performance-degradation', 'data-quality'] as const).some(
      (name) => diagnoses[name].present,
    );
    if (!comesToMind) return { kind: 'not-called-for' };
    const conditions = retrainModel.preConditions(situation);
    const failed = failedConditions(conditions);
    if (failed.length > 0 || !context.live?.training)
      return refuse(failed, conditions, { ...REFUSALS, 'performance-degraded': undamaged(situation) });
    const { dataset, parts, version } = context.live.training;
    const chosen: RetrainArguments = {
      dataset,
      parts,
      ...(version !== undefined && { version }),
      labelledUntil: new Date(evidence.assessedAt).toISOString(),
      expectedLiveVersion: evidence.modelVersion,
    };
    return {
      kind: 'fits',
      target: evidence.modelName,
      arguments: { ...chosen },
      reason: `Version ${evidence.modelVersion} degraded on sound data with ${evidence.labelledRows} labelled rows: learn from ${version === undefined ? 'what has been seen since' : `the latest version of ${dataset}`}.`,
      conditions,
    };
  },
  preview: (given) => [
    given.version === undefined
      ? `Train on ${String(given.dataset)} (${Array.isArray(given.parts) && given.parts.length > 0 ? given.parts.join(', ') : 'first part'}) and the labels known by ${String(given.labelledUntil)}.`
      : `Train on version ${String(given.version)} of ${String(given.dataset)}, which was uploaded.`,
    `Register the best candidate; promote it in place of version ${String(given.expectedLiveVersion)} if the gate admits it.`,
    'Check that the registry and serving name it; else go back.',
  ],
};

function undamaged({ evidence }: Situation): string {
  return evidence.performance?.verdict === 'holds' ? 'drift-without-degradation' : 'performance-unknown';
}
