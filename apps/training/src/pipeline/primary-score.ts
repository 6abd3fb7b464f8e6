import type { TrainingRun } from '@gimbal/contracts';
import { type CandidateValidation, selectionMetric } from '@gimbal/learning';

/** The score that candidates were ranked by; undefined where nothing was labelled. */
export function primaryOf(validation: CandidateValidation): TrainingRun['candidates'][number]['primary'] {
  const { metric, direction, mean } = selectionMetric(validation);
  if (mean === null) return undefined;
  const spread = (validation.summary as Readonly<Record<string, { deviation: number | null } | null>>)[metric]; // named by the kernel itself
  return { name: snakeCase(metric), better: direction, mean, deviation: spread?.deviation ?? null };
}

/** `macroF1` as the wire names it: `macro_f1`. */
export const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
