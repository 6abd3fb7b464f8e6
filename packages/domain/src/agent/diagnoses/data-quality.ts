import type { AssessmentEvidence } from '../assessment-evidence.js';
import { concludeDiagnosis, type Diagnosis } from './diagnosis.js';

/**
 * The inputs are broken: a fault upstream or in the schema, as the assessment's expectation suite found it. Warnings (more missing values
 * than before, a few implausible ones) are kept as conditions but are no fault: the model learned to live with missing values.
 */
export function diagnoseDataQuality({ quality }: AssessmentEvidence): Diagnosis {
  if (quality === null) return concludeDiagnosis('data-quality', [], 'high');
  const broken = quality.findings.filter(({ severity }) => severity === 'fault');
  const told = (quality.verdict === 'fault' ? broken : quality.findings).map(({ message }) => message);
  return concludeDiagnosis(
    'data-quality',
    [
      {
        code: 'data-sound',
        holds: quality.verdict !== 'fault',
        measured: quality.verdict,
        limit: 'warning',
        message:
          quality.verdict === 'fault'
            ? `The data are broken: ${told.join('; ') || 'the expectation suite failed'}.`
            : `The data are sound${told.length > 0 ? `, with warnings: ${told.join('; ')}` : ''}.`,
      },
    ],
    'high',
  );
}
