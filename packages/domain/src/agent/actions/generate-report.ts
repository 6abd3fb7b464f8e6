import type { ActionDefinition } from './action-definition.js';

export interface GenerateReportArguments {
  readonly assessmentId: string;
}

/** Write the page that people read: what drifted, by how much, and what it did to the answers. */
export const generateReport: ActionDefinition = {
  type: 'generate_report',
  risk: 'low',
  effect: 'informs',
  postCondition: 'The report of the assessment is on record and has a page.',
  compensation: null,
  preConditions: () => [],
  consider: ({ diagnoses, evidence }) => {
    const cause = (['performance-degradation', 'data-drift'] as const).find((name) => diagnoses[name].present);
    if (!cause || diagnoses['data-quality'].present) return { kind: 'not-called-for' };
    const chosen: GenerateReportArguments = { assessmentId: evidence.assessmentId };
    return {
      kind: 'fits',
      target: `${evidence.modelName}@${evidence.modelVersion}/${cause}`,
      arguments: { ...chosen },
      reason: `${cause} was found: show it with its numbers.`,
      conditions: diagnoses[cause].conditions,
    };
  },
  preview: (given) => [`Write the report of assessment ${String(given.assessmentId)}.`],
};
