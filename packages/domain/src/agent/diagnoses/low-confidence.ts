import type { AssessmentEvidence } from '../assessment-evidence.js';
import { concludeDiagnosis, type Diagnosis } from './diagnosis.js';

/** More answers are unsure than when the version was trained, beyond doubt and beyond a rise that is not worth an alarm. */
export function diagnoseLowConfidence({ predictions }: AssessmentEvidence): Diagnosis {
  if (predictions === null || predictions.lowConfidenceShare === null)
    return concludeDiagnosis('low-confidence', [], 'low');
  const { lowConfidenceShare: share, lowConfidenceReference: reference, lowConfidenceRiseLimit: rise } = predictions;
  const limit = reference === null ? null : reference + rise;
  const percent = (value: number): string => `${(value * 100).toFixed(1)} %`;
  return concludeDiagnosis(
    'low-confidence',
    [
      {
        code: 'answers-as-sure-as-before',
        holds: !predictions.lowConfidenceRaised,
        measured: share,
        limit,
        message: `${percent(share)} of the answers are unsure; ${reference === null ? 'the reference is unknown' : `${percent(reference)} were in training`}.`,
      },
    ],
    'low',
  );
}
