import { presentDiagnoses } from '../diagnoses/diagnose.js';
import type { Diagnosis } from '../diagnoses/diagnosis.js';
import type { ActionDefinition, DecidedSoFar } from './action-definition.js';

export interface SendAlertArguments {
  /** The same trouble of the same model raises one alert's count, not a second alert. */
  readonly dedupKey: string;
  readonly alertType: string;
  readonly severity: 'info' | 'warning' | 'critical';
  readonly title: string;
  readonly message: string;
}

const SEVERITY = { none: 'info', low: 'info', medium: 'warning', high: 'critical' } as const;
const TITLES = {
  'data-drift': 'Data drift',
  'performance-degradation': 'Performance degraded',
  'prediction-anomalies': 'Prediction anomalies',
  'low-confidence': 'Low confidence',
  'data-quality': 'Data quality fault',
} as const;
const MESSAGE_CHARACTERS_MAX = 4_000;

/** Tell people of the gravest trouble found, and of what is proposed. */
export const sendAlert: ActionDefinition = {
  type: 'send_alert',
  risk: 'low',
  effect: 'informs',
  postCondition: 'The alert is on record in monitoring.',
  compensation: null,
  preConditions: () => [],
  consider: ({ diagnoses, evidence }, soFar) => {
    const present = presentDiagnoses(diagnoses);
    const gravest = present[0];
    if (!gravest) return { kind: 'not-called-for' };
    const chosen: SendAlertArguments = {
      dedupKey: `${evidence.modelName}/${gravest.diagnosis}`,
      alertType: gravest.diagnosis,
      severity: needsPerson(soFar) ? 'critical' : SEVERITY[gravest.severity],
      title: `${TITLES[gravest.diagnosis]}: ${evidence.modelName} version ${evidence.modelVersion}`,
      message: describe(present, soFar).slice(0, MESSAGE_CHARACTERS_MAX),
    };
    return {
      kind: 'fits',
      target: `${evidence.modelName}@${evidence.modelVersion}/${gravest.diagnosis}`,
      arguments: { ...chosen },
      reason: `${TITLES[gravest.diagnosis]} is something that people want to know of.`,
      conditions: present.flatMap(({ conditions }) => conditions),
    };
  },
  preview: (given) => [`Raise the ${String(given.severity)} alert "${String(given.title)}".`],
};

const needsPerson = (soFar: DecidedSoFar): boolean => soFar.refused.some(({ code }) => code === 'attempts-exhausted');

function describe(present: readonly Diagnosis[], soFar: DecidedSoFar): string {
  const found = present.flatMap(({ conditions }) =>
    conditions.filter(({ holds }) => !holds).map(({ message }) => message),
  );
  const repairs = soFar.proposed.filter((type) => type === 'retrain_model' || type === 'rollback_model');
  const ending = needsPerson(soFar)
    ? 'The attempts allowed are used up: a person has to look.'
    : repairs.length > 0
      ? `Proposed: ${repairs.join(', ')}; an approver decides.`
      : 'No change of the model is proposed.';
  return [...found, ending].join(' ');
}
