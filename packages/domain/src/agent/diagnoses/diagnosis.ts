import { type Condition, failedConditions } from '../condition.js';

export const DIAGNOSES = [
  'data-drift',
  'performance-degradation',
  'prediction-anomalies',
  'low-confidence',
  'data-quality',
] as const;
export type DiagnosisName = (typeof DIAGNOSES)[number];

/** How much it matters: `none` when absent, `low` to be told of, `medium` to be looked at, `high` when answers are wrong now. */
export type DiagnosisSeverity = 'none' | 'low' | 'medium' | 'high';

/** One of the five troubles, present or not, with every condition that was asked. */
export interface Diagnosis {
  readonly diagnosis: DiagnosisName;
  readonly present: boolean;
  readonly severity: DiagnosisSeverity;
  readonly conditions: readonly Condition[];
}

/** Present when a condition fails. */
export function concludeDiagnosis(
  diagnosis: DiagnosisName,
  conditions: readonly Condition[],
  severityWhenPresent: Exclude<DiagnosisSeverity, 'none'>,
): Diagnosis {
  const present = failedConditions(conditions).length > 0;
  return { diagnosis, present, severity: present ? severityWhenPresent : 'none', conditions };
}
