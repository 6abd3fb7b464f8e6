import type { ActionDefinition } from './action-definition.js';

export interface ValidateDataArguments {
  readonly assessmentId: string;
}

/** Run the expectation suite on the window again, to have the fault column by column. */
export const validateData: ActionDefinition = {
  type: 'validate_data',
  risk: 'low',
  effect: 'informs',
  postCondition: 'A validation of the window with verdict and findings is kept with the action.',
  compensation: null,
  preConditions: () => [],
  consider: ({ diagnoses, evidence }) => {
    if (!diagnoses['data-quality'].present) return { kind: 'not-called-for' };
    const chosen: ValidateDataArguments = { assessmentId: evidence.assessmentId };
    return {
      kind: 'fits',
      target: `${evidence.modelName}@${evidence.modelVersion}/data-quality`,
      arguments: { ...chosen },
      reason: 'The data are broken: find out what, column by column.',
      conditions: diagnoses['data-quality'].conditions,
    };
  },
  preview: (given) => [`Run the expectation suite on the window of assessment ${String(given.assessmentId)}.`],
};
