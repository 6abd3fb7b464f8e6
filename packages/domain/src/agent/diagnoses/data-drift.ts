import type { AssessmentEvidence } from '../assessment-evidence.js';
import { concludeDiagnosis, type Diagnosis } from './diagnosis.js';

/**
 * The inputs are no longer distributed as in training. By itself that says nothing about the answers: severity is `low`, and it never
 * asks for training alone. Whether a feature drifted (significance after correction and effect size) was judged by the assessment.
 */
export function diagnoseDataDrift({ drift }: AssessmentEvidence): Diagnosis {
  if (drift === null) return concludeDiagnosis('data-drift', [], 'low');
  const count = drift.driftedFeatures.length;
  return concludeDiagnosis(
    'data-drift',
    [
      {
        code: 'inputs-as-in-training',
        holds: !drift.detected,
        measured: drift.driftedFeatures,
        limit: [],
        message: drift.detected
          ? `${count} of ${drift.features} features drifted: ${drift.driftedFeatures.join(', ')}.`
          : `The inputs as a whole are distributed as in training (${count} of ${drift.features} features moved).`,
      },
    ],
    'low',
  );
}
