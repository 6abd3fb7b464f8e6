import type { ActionDefinition } from './action-definition.js';

/** Times are ISO 8601. */
export interface CollectDiagnosticsArguments {
  readonly assessmentId: string;
  readonly modelVersion: number;
  readonly windowStart: string;
  readonly windowEnd: string;
}

/** Gather what a person would ask for first: recent assessments, traffic, errors, warnings, decisions. Numbers only, no feature values. */
export const collectDiagnostics: ActionDefinition = {
  type: 'collect_diagnostics',
  risk: 'low',
  effect: 'informs',
  postCondition: 'A snapshot of assessments, traffic, warnings and promotions is kept with the action.',
  compensation: null,
  preConditions: () => [],
  consider: ({ diagnoses, evidence }) => {
    const cause = (['performance-degradation', 'data-quality', 'prediction-anomalies', 'low-confidence'] as const).find(
      (name) => diagnoses[name].present,
    );
    if (!cause) return { kind: 'not-called-for' };
    const chosen: CollectDiagnosticsArguments = {
      assessmentId: evidence.assessmentId,
      modelVersion: evidence.modelVersion,
      windowStart: new Date(evidence.windowStart).toISOString(),
      windowEnd: new Date(evidence.windowEnd).toISOString(),
    };
    return {
      kind: 'fits',
      target: `${evidence.modelName}@${evidence.modelVersion}/${cause}`,
      arguments: { ...chosen },
      reason: `${cause} was found: keep what is known at this moment.`,
      conditions: diagnoses[cause].conditions,
    };
  },
  preview: (given) => [
    `Keep a snapshot of version ${String(given.modelVersion)} for ${String(given.windowStart)} to ${String(given.windowEnd)}.`,
  ],
};
